"""What the people of merged requests read on their own pages (`INC-5`, `VIS-1`)."""

from datetime import timedelta

import pytest

from itil.conversation.files import NewFile
from itil.desk import actions as desk
from itil.tickets.models import Ticket
from portal.selfservice import timeline
from tests import make
from tests.cast import MONDAY, person

HOUR = timedelta(hours=1)


@pytest.fixture
def eve(cast):
    """A colleague of Ann."""
    return person("Eve", cast.acme)


@pytest.fixture
def pair(cast, eve):
    """Eve's request, with a note, went into Ann's."""
    target = make.taken_incident(cast, title="Mail does not arrive", text="Ann gets no mail.")
    source = make.incident(
        cast,
        by=eve,
        requester=eve,
        title="No mail",
        text="Eve gets none either.",
        attachments=[NewFile("eve.txt", b"x")],
        at=MONDAY + HOUR,
    )
    desk.note(source, by=cast.bo, text="The relay.", at=MONDAY + HOUR)
    desk.merge(source, target, by=cast.bo, note="Same.", at=MONDAY + 2 * HOUR)
    return source, Ticket.objects.get(pk=target.pk)


def told(ticket, viewer) -> list[tuple[str, str]]:
    """The messages the viewer reads, oldest first, with where they came from."""
    entries, _older = timeline.activity(ticket, viewer)
    return [(entry.text, entry.came_from) for entry in reversed(entries) if entry.is_message]


def test_who_asked_in_both_reads_both_stories_in_one(cast, pair, eve):
    source, target = pair

    assert told(target, eve) == [
        ("Ann gets no mail.", ""),
        ("Eve gets none either.", source.number),
    ]


def test_who_asked_in_the_target_alone_reads_nothing_of_the_source(signed_in, cast, pair):
    source, target = pair
    page = signed_in(cast.ann).get(f"/requests/{target.number}/").content.decode()

    assert told(target, cast.ann) == [("Ann gets no mail.", "")]
    for hidden in ("Eve gets none either.", "eve.txt", source.number, "The relay.", "Same."):
        assert hidden not in page


def test_two_requests_of_one_person_are_read_as_one(cast):
    target, source = make.incident(cast, text="First"), make.incident(cast, text="Second")
    desk.merge(source, target, by=cast.bo)

    assert told(target, cast.ann) == [("First", ""), ("Second", source.number)]


def test_a_contact_who_sees_the_organization_reads_all_of_it(cast, pair):
    source, target = pair
    boss = person("Boss", cast.acme, sees_organization=True)

    assert [came_from for _text, came_from in told(target, boss)] == ["", source.number]


def test_the_page_of_the_source_leads_to_the_one_that_goes_on(signed_in, cast, pair, eve):
    source, target = pair

    response = signed_in(eve).get(f"/requests/{source.number}/")
    page = response.content.decode()

    assert "We handle this together with another request about the same." in page
    assert f'href="/requests/{target.number}/"' in page
    assert "Combined with another request about the same" in page
    assert "Report it again" not in page
    assert "The relay." not in page


def test_the_page_of_the_source_names_no_request_that_is_out_of_sight(signed_in, cast, pair, eve):
    source, target = pair
    target.watchers.all().delete()
    Ticket.objects.filter(pk=target.pk).update(title="Vault")

    page = signed_in(eve).get(f"/requests/{source.number}/").content.decode()

    assert "We handle this together with another request about the same." in page
    assert target.number not in page
    assert "Vault" not in page


def test_the_page_takes_as_many_statements_whatever_was_merged(
    signed_in, cast, eve, django_assert_max_num_queries
):
    target = make.incident(cast, by=eve, requester=eve)
    client = signed_in(eve)
    address = f"/requests/{target.number}/"

    with django_assert_max_num_queries(14) as alone:
        client.get(address)
    for number in range(6):
        source = make.incident(cast, by=eve, requester=eve, text=f"Text {number}")
        desk.merge(source, target, by=cast.bo)
    with django_assert_max_num_queries(14) as many:
        page = client.get(address).content.decode()

    assert "Text 5" in page
    assert len(alone) == len(many)
