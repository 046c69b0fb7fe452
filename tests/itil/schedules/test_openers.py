"""What schedules open: checks, reviews and standard changes."""

from datetime import UTC, date, datetime, time

import pytest

from itil.changes import actions as changes
from itil.changes.models import Change
from itil.cmdb import actions as cmdb
from itil.cmdb.models import ItemClass
from itil.problems.models import Problem
from itil.schedules import actions
from itil.schedules.definition import Opened, Opener, hand_over, opener_of, openers
from itil.schedules.definition.opening import _Known
from itil.schedules.models import Schedule
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Ticket
from portal.people.models import Membership, Role, User
from tests.cast import MONDAY, person
from tests.itil.changes import world as worlds
from tests.itil.changes.actions.test_templates import approved

from . import world
from .world import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(cast):
    return worlds.build(cast)


def standard(board, template=None, **values):
    """A standard change on the first day of each month at 06:00, for 22:00 a week later."""
    given = {
        "template": template or approved(board),
        "title": "",
        "service": None,
        "lead_days": 7,
        "starts_at": time(22),
        "minutes": 90,
        "items": [],
    } | values
    return world.schedule(
        board.cast,
        by=board.chas,
        kind="standard-change",
        values=given,
        title="Patches",
        rule="FREQ=MONTHLY;BYMONTHDAY=1",
        at_time=time(6),
        missed="all",
    )


def test_three_kinds_are_handed_over_in_one_order():
    assert [one.kind for one in openers()] == ["check", "review", "standard-change"]
    with pytest.raises(Refused, match="Nothing here opens “rocket” any more."):
        opener_of("rocket")


def test_another_app_hands_over_its_own(monkeypatch):
    monkeypatch.setattr(_Known, "openers", dict(_Known.openers))

    class Audit(Opener):
        kind = "audit"

        def ensure(self, values, owner):
            """Everybody may."""

        def open(self, values, occasion):
            return Opened(values["ticket"])

    mine = Audit(None)
    hand_over(mine)

    assert opener_of("audit") is mine
    assert [one.kind for one in openers()][0] == "audit"


def test_a_check_names_its_items(cast):
    kind = ItemClass.objects.create(name="Rack", slug="rack")
    rack = cmdb.create_item(
        item_class=kind, by=cast.cleo, at=MONDAY, name="Rack 4", organization=cast.halden
    )
    checks = world.schedule(cast, values=world.check_values(cast, items=[rack]))

    actions.open_due(utc(3))

    assert checks.values["items"] == [rack.pk]
    assert [link.item for link in Ticket.objects.get().item_links.all()] == [rack]


def test_a_check_needs_somebody_of_an_organization(cast):
    cast.root.organization = None
    cast.root.save()
    with pytest.raises(MissingValue, match="Root belongs to no organization yet") as refusal:
        world.schedule(cast, by=cast.root)
    assert refusal.value.field == "opens_team"


def test_a_review_is_a_problem_of_the_owner(cast):
    pam = person("Pam", cast.halden)
    Membership.objects.create(user=pam, role=Role.PROBLEM_MANAGER)
    pam = User.objects.get(pk=pam.pk)
    values = world.check_values(cast, title="Review the access rights", urgency=3)
    del values["items"]
    review = world.schedule(cast, by=pam, kind="review", values=values)
    assert review.managed_by == "problem_manager"

    actions.open_due(utc(3))

    problem = Problem.objects.get()
    assert (problem.title, problem.team, problem.requester, problem.urgency) == (
        "Review the access rights",
        cast.desk_team,
        pam,
        3,
    )


def test_who_cannot_open_problems_owns_no_review(cast):
    values = world.check_values(cast)
    del values["items"]
    with pytest.raises(MissingValue, match="Root cannot open problems") as refusal:
        world.schedule(cast, by=cast.root, kind="review", values=values)
    assert refusal.value.field == "opens_team"


def test_a_standard_change_is_scheduled_for_its_window_a_week_ahead(board):
    template = approved(board)
    monthly = standard(board, template, title="Patch the servers")
    assert (monthly.team, monthly.managed_by) == (board.cast.network_team, "change_manager")
    assert monthly.values["starts_at"] == "22:00"

    actions.open_due(datetime(2026, 4, 1, 4, tzinfo=UTC))

    change = Change.objects.get()
    assert (change.title, change.status, change.change_type) == (
        "Patch the servers",
        "scheduled",
        "standard",
    )
    # 22:00 in Berlin, where summer has begun.
    assert change.planned_start == datetime(2026, 4, 8, 20, tzinfo=UTC)
    assert change.planned_end == datetime(2026, 4, 8, 21, 30, tzinfo=UTC)
    assert (change.requester, change.template) == (board.chas, template)
    run = monthly.runs.get()
    assert (run.outcome, run.reason, run.ticket_id) == ("opened", "", change.pk)


def test_a_template_that_lost_its_status_makes_the_run_fail_with_its_reason(board):
    template = approved(board)
    monthly = standard(board, template)
    changes.suspend_template(template, by=board.chas, at=MONDAY, note="It went wrong twice.")

    actions.open_due(datetime(2026, 4, 1, 4, tzinfo=UTC))

    run = monthly.runs.get()
    assert (run.outcome, run.reason) == (
        "failed",
        "The template “Patch a server” is not in force: Suspended.",
    )
    assert not Change.objects.exists()


def test_what_stands_against_scheduling_leaves_a_draft_and_is_told(board):
    monthly = standard(board, approved(board, service=None))

    actions.open_due(datetime(2026, 4, 1, 4, tzinfo=UTC))

    run, change = monthly.runs.get(), Change.objects.get()
    assert (change.status, change.title) == ("draft", "Patch a server")
    assert (run.outcome, run.ticket_id) == ("opened", change.pk)
    assert run.reason == "It is a draft still: Name the service or an item that is changed."


def test_no_change_is_opened_for_a_window_that_has_passed(board):
    monthly = standard(board)

    actions.open_due(datetime(2026, 4, 20, 4, tzinfo=UTC))

    run = monthly.runs.get()
    assert (run.outcome, run.is_late, run.reason) == (
        "failed",
        True,
        "Its window would have begun 2026-04-08 22:00 already. Open it by hand if needed.",
    )
    assert not Change.objects.exists()


def test_who_cannot_open_changes_owns_no_standard_change(board):
    with pytest.raises(MissingValue, match="Root cannot open changes") as refusal:
        actions.create_schedule(
            by=board.cast.root,
            at=MONDAY,
            kind="standard-change",
            values={"template": approved(board), "lead_days": 1, "items": []},
            title="Patches",
            rule="FREQ=DAILY",
            first_on=date(2026, 3, 2),
            at_time=time(6),
            time_zone="UTC",
            ends_on=None,
            off_days="open",
            calendar=None,
            missed="latest",
            grace_hours=4,
            owner=board.cast.root,
        )
    assert refusal.value.field == "opens_template"
    assert not Schedule.objects.exists()


def test_what_it_opens_is_told_in_words(cast):
    checks = world.schedule(cast, values=world.check_values(cast, service=cast.mail_service))

    assert opener_of("check").described(checks.values) == [
        ("Subject", "Check the server room"),
        ("What is to be done?", "Temperature, leaks, lights of the power supplies."),
        ("Team", "Service desk"),
        ("Service", "Mail"),
        ("Impact", "Low"),
        ("Urgency", "Medium"),
    ]
    cast.desk_team.active = False
    cast.desk_team.save()
    assert ("Team", "no longer to be chosen") in opener_of("check").described(checks.values)
