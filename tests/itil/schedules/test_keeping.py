"""Schedules are made, changed and switched."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from itil.schedules import actions
from itil.schedules.actions.keeping import COLUMNS
from itil.schedules.errors import WrongRule
from itil.schedules.models import Schedule
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from tests.cast import MONDAY

from . import world
from .world import utc

pytestmark = pytest.mark.django_db


def columns_of(schedule, **changes):
    return {name: getattr(schedule, name) for name in COLUMNS} | changes


def edit(schedule, cast, *, by=None, at=MONDAY, version=1, values=None, **changes):
    return actions.edit_schedule(
        schedule,
        by=by or cast.cleo,
        at=at,
        version=version,
        values=values or world.check_values(cast),
        **columns_of(schedule, **changes),
    )


def test_a_schedule_keeps_what_it_opens_as_plain_values(cast):
    made = world.schedule(cast, values=world.check_values(cast, service=cast.mail_service))

    made.refresh_from_db()
    assert made.values == {
        "title": "Check the server room",
        "text": "Temperature, leaks, lights of the power supplies.",
        "team": cast.desk_team.pk,
        "service": cast.mail_service.pk,
        "category": None,
        "impact": 3,
        "urgency": 2,
        "items": [],
    }
    assert (made.team, made.managed_by, made.owner, made.created_by) == (
        cast.desk_team,
        "",
        cast.cleo,
        cast.cleo,
    )
    assert (made.next_at, made.is_active, made.version) == (utc(3), True, 1)


BAD = [
    ({"title": "  "}, "title", "Give it a name."),
    ({"rule": "FREQ=HOURLY"}, "rule", "Once a day is the most often"),
    ({"rule": "nonsense"}, "rule", "“NONSENSE” cannot be read."),
    ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rule", "no date in the next ten years"),
    ({"time_zone": "Mars/Base"}, "time_zone", "There is no such time zone."),
    ({"ends_on": date(2026, 3, 1)}, "ends_on", "lies before the first one"),
    ({"ends_on": date(2026, 3, 2)}, "ends_on", "There is no date until then."),
    ({"first_on": date(1990, 1, 1)}, "first_on", "between the years 2000 and 2150"),
    ({"off_days": "next"}, "calendar", "Choose the calendar"),
    ({"off_days": "never"}, "off_days", "Choose what becomes of days off."),
    ({"missed": "some"}, "missed", "Choose what becomes of runs"),
    ({"grace_hours": 169}, "grace_hours", "Enter hours from 0 to 168."),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), BAD)
def test_what_does_not_fit_is_refused_with_its_field_and_a_sentence(cast, changes, field, sentence):
    with pytest.raises(MissingValue, match=sentence) as refusal:
        world.schedule(cast, **changes)

    assert refusal.value.field == field
    assert not Schedule.objects.exists()


def test_an_unknown_kind_and_an_unknown_column_are_refused(cast):
    with pytest.raises(Refused, match="Nothing here opens “rocket” any more."):
        world.schedule(cast, kind="rocket")
    with pytest.raises(MissingValue, match="cannot be changed here"):
        world.schedule(cast, next_at=utc(3))
    assert not Schedule.objects.exists()


def test_a_lead_opens_into_the_own_teams_only(cast):
    with pytest.raises(MissingValue, match="Ask a lead of that team") as refusal:
        world.schedule(cast, values=world.check_values(cast, team=cast.network_team))
    assert refusal.value.field == "opens_team"
    for person in (cast.bo, cast.mia, cast.bea, cast.ann):
        with pytest.raises(MissingValue, match="Ask a lead of that team"):
            world.schedule(cast, by=person)
    assert not Schedule.objects.exists()


def test_only_administrators_name_somebody_else_as_the_owner(cast):
    with pytest.raises(MissingValue, match="Name yourself") as refusal:
        world.schedule(cast, owner=cast.bo)
    assert refusal.value.field == "owner"

    made = world.schedule(cast, by=cast.root, owner=cast.bo)
    assert made.owner == cast.bo
    # Whoever keeps it may leave the owner as it is.
    assert edit(made, cast, title="Other").owner == cast.bo


def test_another_rule_goes_on_with_its_next_moment_from_now(cast):
    made = world.schedule(cast)

    changed = edit(made, cast, at=utc(4, hour=12), rule="FREQ=WEEKLY;BYDAY=FR", at_time=time(9))

    assert (changed.next_at, changed.version) == (utc(6, hour=8), 2)


def test_another_name_leaves_a_run_that_is_due_as_it_is(cast):
    made = world.schedule(cast)

    changed = edit(made, cast, at=utc(4, hour=12), title="  Another   name ")

    assert (changed.title, changed.next_at) == ("Another name", utc(3))


def test_of_two_who_change_it_the_second_is_told(cast):
    made = world.schedule(cast)
    edit(made, cast, title="First")

    with pytest.raises(StaleRecord, match="was changed while you were looking at it"):
        edit(made, cast, title="Second")
    with pytest.raises(StaleRecord):
        actions.switch(made, by=cast.cleo, at=MONDAY, version=1, is_active=False)

    made.refresh_from_db()
    assert (made.title, made.is_active, made.version) == ("First", True, 2)


def test_a_run_in_between_is_no_change_for_whoever_edits(cast):
    made = world.schedule(cast)
    actions.open_due(utc(3))

    assert edit(made, cast, title="Still mine", at=utc(3, hour=9)).version == 2


def test_switched_on_again_it_goes_on_with_the_next_moment(cast):
    made = world.schedule(cast, missed="all")
    off = actions.switch(made, by=cast.cleo, at=MONDAY, version=1, is_active=False)
    assert (off.is_active, off.version) == (False, 2)
    actions.open_due(utc(9))

    on = actions.switch(made, by=cast.cleo, at=utc(9, hour=12), version=2, is_active=True)

    assert (on.is_active, on.next_at, on.version) == (True, utc(10), 3)
    assert not made.runs.exists()


def test_without_a_date_left_it_cannot_be_switched_on(cast):
    made = world.schedule(cast, ends_on=date(2026, 3, 5))
    actions.switch(made, by=cast.cleo, at=MONDAY, version=1, is_active=False)

    with pytest.raises(WrongRule, match="Choose a later end"):
        actions.switch(made, by=cast.cleo, at=utc(9), version=2, is_active=True)

    made.refresh_from_db()
    assert made.is_active is False


def test_who_does_not_keep_it_changes_nothing(cast):
    made = world.schedule(cast)
    for person in (cast.bo, cast.ned, cast.mia, cast.ann):
        with pytest.raises(NotAllowed, match="Ask a lead of the team “Service desk”"):
            edit(made, cast, by=person, title="Mine")
        with pytest.raises(NotAllowed):
            actions.switch(made, by=person, at=MONDAY, version=1, is_active=False)
    made.refresh_from_db()
    assert (made.title, made.is_active) == ("Weekly check", True)


def test_the_database_knows_a_moment_once_and_a_reason_for_what_was_not_opened(cast):
    made = world.schedule(cast)
    line = {"planned_at": utc(3), "ran_at": utc(3)}
    made.runs.create(outcome="opened", **line)
    for outcome, moment in (("opened", utc(3)), ("failed", utc(4))):
        with pytest.raises(IntegrityError), transaction.atomic():
            made.runs.create(outcome=outcome, planned_at=moment, ran_at=moment)
    assert made.runs.count() == 1
