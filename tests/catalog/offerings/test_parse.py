"""Catalogs as files."""

import pytest

from catalog.offerings.models import SIGNS
from catalog.offerings.parse import OTHER_SIGN, SIGN_WORDS, NotACatalog, Offer, read_catalog

HEAD = "type,subject,reason,department,due_kind,due_days"


@pytest.fixture
def written(tmp_path):
    """A function that writes lines below the head and reads them as a catalog."""

    def write(*lines, head=HEAD):
        path = tmp_path / "catalog.csv"
        path.write_text("\n".join([head, *lines]), encoding="utf-8")
        return read_catalog(path)

    return write


def test_a_row_is_an_offer_with_its_promise(written):
    read = written(
        "Street Light Outages,Public Works,Street Lights,PWDx,business,10",
        " Tree  Pruning ,Parks,Trees,,calendar,365",
        "Call Log,Hotline,Notification,INFO,none,",
        "Catchbasin,Water,Catchbasin,BWSC,few,",
    )
    assert read.offers == [
        Offer("Street Light Outages", "Public Works", "Street Lights", "PWDx", 10),
        Offer("Tree Pruning", "Parks", "Trees", "", 365, working=False),
        Offer("Call Log", "Hotline", "Notification", "INFO"),
        Offer("Catchbasin", "Water", "Catchbasin", "BWSC"),
    ]
    assert not read.damaged


def test_the_columns_of_team_and_promise_may_be_absent(written):
    assert written("Chair,Facilities,Office", head="type,subject,reason").offers == [
        Offer("Chair", "Facilities", "Office")
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",Works,Lights,,,", "no type"),
        ("Light, ,Lights,,,", "no subject"),
        ("Light,Works,,,,", "no reason"),
        ("Light,Works", "no reason"),
        ("Light,Works,Lights,,weekly,3", "unknown kind of promise: weekly"),
        ("Light,Works,Lights,,business,", "no number of days from 1 to 730"),
        ("Light,Works,Lights,,calendar,0", "no number of days from 1 to 730"),
        ("Light,Works,Lights,,calendar,731", "no number of days from 1 to 730"),
        ("Light,Works,Lights,,business,-2", "no number of days from 1 to 730"),
        ("Light,Works,Lights,,business,²", "no number of days from 1 to 730"),
        ("Chair,Works,Lights,,,", "the name stands in an earlier row"),
        (f"{'x' * 121},Works,Lights,,,", "the type is longer than 120 characters"),
    ],
)
def test_a_damaged_row_is_left_out_with_its_line_and_reason(written, line, reason):
    read = written("Chair,Facilities,Office,,,", line)
    assert [offer.name for offer in read.offers] == ["Chair"]
    assert read.damaged == {reason: [3]}


def test_a_file_without_its_columns_is_no_catalog(written):
    with pytest.raises(NotACatalog, match="no column subject, reason"):
        written("x", head="type")


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    with pytest.raises(NotACatalog, match="cannot be opened: No such file"):
        read_catalog(tmp_path / "missing.csv")
    path = tmp_path / "packed.csv"
    path.write_bytes(b"\x1f\x8b\x08\xff\xfe")
    with pytest.raises(NotACatalog, match="no CSV file in UTF-8"):
        read_catalog(path)


def test_the_icon_goes_by_the_name_before_the_topic():
    assert Offer("Dead Tree", "Works", "Street Lights").icon == "tree"
    assert Offer("Outage", "Works", "Street Lights").icon == "bulb"
    assert Offer("Sweeping", "Works", "Street Cleaning").icon == "road"
    assert Offer("Outage", "Works", "Other").icon == OTHER_SIGN


def test_every_icon_is_one_that_editors_can_choose():
    assert {sign for _word, sign in SIGN_WORDS} | {OTHER_SIGN} <= {sign.icon for sign in SIGNS}
