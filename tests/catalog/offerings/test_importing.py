"""Taking over a catalog that was kept elsewhere."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from catalog.offerings.models import CatalogItem, DepartmentPage
from itil.calendars.models import BusinessCalendar
from itil.tickets.models import Category
from portal.people.models import Team
from portal.selfservice.actions import ensure_home

ROWS = """type,subject,reason,department,due_kind,due_days
Street Light Outages,Public Works,Street Lights,PWDx,business,10
Tree Pruning,Parks,Trees,PARK,calendar,45
Call Log,Public Works,Street Lights,PWDx,none,
Lost,,Nothing,,,
"""
OPTIONS = {"name": "Boston 311", "time_zone": "America/New_York", "holidays": "US-MA"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "catalog.csv"
    path.write_text(ROWS)
    return path


@pytest.fixture
def told(cast, file, capsys):
    """What the command says."""
    ensure_home()

    def run(**options):
        call_command("import_catalog", str(file), **OPTIONS | options)
        return capsys.readouterr().out.splitlines()

    return run


def test_departments_topics_teams_and_items_come_with_their_promises(told):
    assert told() == [
        "New: 2 departments, 2 topics, 2 teams, 3 items.",
        "Left out, no subject: line 5",
    ]
    rows = CatalogItem.objects.order_by("title").values_list(
        "title", "category__name", "team__name", "delivery_business_days", "live"
    )
    assert list(rows) == [
        ("Call Log", "Street Lights", "PWDx", None, True),
        ("Street Light Outages", "Street Lights", "PWDx", 10, True),
        ("Tree Pruning", "Trees", "PARK", 45, True),
    ]
    tree = CatalogItem.objects.get(title="Tree Pruning")
    assert (tree.department.title, tree.delivery_text, tree.icon) == ("Parks", "45 days", "tree")
    assert tree.address == "/catalog/parks/tree-pruning/"
    assert tree.source_reference == "boston-311:Tree Pruning"


def test_a_second_run_changes_nothing(told):
    told()
    CatalogItem.objects.filter(title="Call Log").update(summary="Changed by an editor.")
    tables = (Page, Category, Team, BusinessCalendar)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    assert told()[:2] == [
        "New: 0 departments, 0 topics, 0 teams, 0 items.",
        "3 items were there already.",
    ]
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert CatalogItem.objects.get(title="Call Log").summary == "Changed by an editor."


def test_a_new_row_is_added_to_what_is_there(told, file):
    told()
    file.write_text(ROWS + "Graffiti,Parks,Graffiti,PARK,business,2\n")
    assert told()[0] == "New: 0 departments, 1 topics, 0 teams, 1 items."


def test_promises_are_counted_as_the_file_means_them(told):
    told()
    light, tree = (
        CatalogItem.objects.get(title=title) for title in ("Street Light Outages", "Tree Pruning")
    )
    # Thursday 12 February 2015, 10:00 in Boston; Monday 16 February is a holiday there.
    start = datetime(2015, 2, 12, 15, 0, tzinfo=UTC)
    assert light.promised_by(start) == datetime(2015, 2, 27, 15, 0, tzinfo=UTC)
    # The same time of day after the clocks went forward.
    assert tree.promised_by(start) == datetime(2015, 3, 29, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "  "}, "needs a name"),
        ({"hours": "8-17"}, "not written as"),
        ({"hours": "17:00-08:30"}, "has no hours"),
        ({"time_zone": "Mars/Olympus"}, "no such time zone"),
        ({"holidays": "US-XX"}, "No public holidays are known for this region"),
    ],
)
def test_options_without_meaning_are_refused_and_nothing_is_made(told, options, words):
    with pytest.raises(CommandError, match=words):
        told(**options)
    assert not DepartmentPage.objects.exists()
    assert not BusinessCalendar.objects.filter(name__startswith="Boston").exists()


def test_a_file_that_is_no_catalog_and_a_missing_catalog_are_told(cast, file):
    with pytest.raises(CommandError, match="ensure_pages"):
        call_command("import_catalog", str(file))
    ensure_home()
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_catalog", f"{file}.missing")
