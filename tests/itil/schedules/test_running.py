"""What the worker does when a schedule comes due."""

import logging
from datetime import timedelta

import pytest
from django.db import OperationalError

from itil.incidents.adapter import CheckOpener
from itil.incidents.models import Incident
from itil.schedules import actions
from itil.schedules.definition import opener_of
from itil.schedules.definition.opening import _Known
from itil.schedules.models import Schedule, ScheduleRun
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Channel, Ticket
from portal.outbox.models import OutgoingMail
from tests.cast import MONDAY

from . import world
from .world import utc

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def log_of(schedule):
    """The log, oldest first: which day of March, and what came of it."""
    rows = schedule.runs.order_by("planned_at")
    return [(run.planned_at.day, run.outcome) for run in rows]


def test_a_check_is_opened_by_the_system_in_the_queue_of_its_team(cast):
    daily = world.schedule(cast)
    assert daily.next_at == utc(3)

    assert actions.open_due(utc(3, minute=1)) == 1

    run = daily.runs.get()
    ticket = Incident.objects.get(pk=run.ticket_id)
    assert (run.planned_at, run.ran_at, run.outcome) == (utc(3), utc(3, minute=1), "opened")
    assert (ticket.title, ticket.team, ticket.requester) == (
        "Check the server room",
        cast.desk_team,
        cast.cleo,
    )
    assert (ticket.channel, ticket.opened_at) == (Channel.SYSTEM, utc(3, minute=1))
    assert (ticket.impact, ticket.urgency) == (3, 2)
    daily.refresh_from_db()
    assert daily.next_at == utc(4)


def test_the_ticket_tells_which_schedule_opened_it(cast):
    daily = world.schedule(cast)
    actions.open_due(utc(3))

    event = Ticket.objects.get().events.get(kind="schedule")
    assert (event.actor, event.channel) == (None, "system")
    assert event.data == {
        "schedule": daily.pk,
        "title": "Weekly check",
        "planned_at": "2026-03-03T07:00:00+00:00",
        "late": False,
    }


def test_before_its_moment_nothing_is_opened(cast):
    world.schedule(cast)

    assert actions.open_due(utc(3) - timedelta(seconds=1)) == 0
    assert not Ticket.objects.exists()


def test_a_run_that_was_dealt_with_is_not_dealt_with_again(cast):
    daily = world.schedule(cast)
    actions.open_due(utc(3))

    assert actions.open_due(utc(3)) == 0
    # The moment comes back, as after a backup that was put back: its line is there already.
    Schedule.objects.update(next_at=utc(3))
    actions.open_due(utc(3))

    assert log_of(daily) == [(3, "opened")]
    assert Ticket.objects.count() == 1
    daily.refresh_from_db()
    assert daily.next_at == utc(4)


@pytest.mark.parametrize(
    ("missed", "log"),
    [
        ("all", [(3, "opened"), (4, "opened"), (5, "opened"), (6, "opened")]),
        ("latest", [(3, "skipped"), (4, "skipped"), (5, "skipped"), (6, "opened")]),
        ("none", [(3, "skipped"), (4, "skipped"), (5, "skipped"), (6, "opened")]),
    ],
)
def test_after_three_days_of_standstill_the_run_in_time_is_opened_in_any_case(cast, missed, log):
    daily = world.schedule(cast, missed=missed)

    assert actions.open_due(utc(6, hour=8)) == 4

    assert log_of(daily) == log
    assert [run.is_late for run in daily.runs.order_by("planned_at")] == [True, True, True, False]
    assert Ticket.objects.count() == sum(outcome == "opened" for _day, outcome in log)


@pytest.mark.parametrize(
    ("missed", "log"),
    [
        ("all", [(3, "opened"), (4, "opened"), (5, "opened")]),
        ("latest", [(3, "skipped"), (4, "skipped"), (5, "opened")]),
        ("none", [(3, "skipped"), (4, "skipped"), (5, "skipped")]),
    ],
)
def test_when_all_runs_were_missed_the_rule_says_which_are_made_up(cast, missed, log):
    daily = world.schedule(cast, missed=missed)

    actions.open_due(utc(5, hour=23))

    assert log_of(daily) == log
    daily.refresh_from_db()
    assert daily.next_at == utc(6)


@pytest.mark.parametrize("missed", ["all", "latest", "none"])
def test_the_log_is_the_same_however_few_are_dealt_with_at_once(cast, missed):
    at_once = world.schedule(cast, missed=missed)
    one_by_one = world.schedule(cast, missed=missed, title="The same")
    actions.open_due(utc(20, hour=23))
    Schedule.objects.filter(pk=one_by_one.pk).update(next_at=utc(3))
    one_by_one.runs.all().delete()

    turns = 0
    while actions.open_due(utc(20, hour=23), limit=1):
        turns += 1

    assert turns == 18
    assert log_of(one_by_one) == log_of(at_once)


def test_a_skipped_run_says_why(cast):
    daily = world.schedule(cast, missed="none")
    actions.open_due(utc(3, hour=23))

    run = daily.runs.get()
    assert run.reason == "Missed: nothing ran at that time, and missed runs are left out."
    assert run.ticket is None


def test_within_the_grace_a_run_is_late_but_not_missed(cast):
    daily = world.schedule(cast, missed="none", grace_hours=4)
    actions.open_due(utc(3, hour=11))
    assert log_of(daily) == [(3, "opened")]

    actions.open_due(utc(4, hour=11) + timedelta(seconds=1))
    assert log_of(daily) == [(3, "opened"), (4, "skipped")]


def test_a_long_standstill_of_one_schedule_does_not_keep_the_others_waiting(cast):
    old = world.schedule(cast, missed="all")
    new = world.schedule(cast, title="Another", at=utc(30), first_on=utc(30).date())

    actions.open_due(utc(31, hour=7), limit=10, in_a_row=3)

    assert old.runs.count() == 3
    assert new.runs.count() == 1


def test_a_schedule_that_is_switched_off_or_has_ended_opens_nothing(cast):
    off = world.schedule(cast)
    actions.switch(off, by=cast.cleo, at=MONDAY, version=1, is_active=False)
    ended = world.schedule(cast, title="Once", ends_on=utc(3).date())

    actions.open_due(utc(9))

    assert log_of(off) == []
    assert log_of(ended) == [(3, "opened")]
    ended.refresh_from_db()
    assert ended.next_at is None


def test_a_refusal_is_kept_and_stops_no_other_schedule(cast):
    stale = world.schedule(
        cast, values=world.check_values(cast, team=cast.network_team), by=cast.root
    )
    good = world.schedule(cast, title="Good")
    cast.network_team.active = False
    cast.network_team.save()

    actions.open_due(utc(3))

    run = stale.runs.get()
    assert (run.outcome, run.ticket) == ("failed", None)
    assert run.reason == ("Team: what was chosen is not in use any more. Choose another one.")
    assert log_of(good) == [(3, "opened")]
    stale.refresh_from_db()
    assert stale.next_at == utc(4)


def test_an_owner_who_left_opens_nothing_any_more(cast):
    daily = world.schedule(cast)
    cast.cleo.is_active = False
    cast.cleo.save()

    actions.open_due(utc(3))

    assert daily.runs.get().reason == (
        "Cleo, who owns it, is not active any more. Name another owner."
    )
    assert not OutgoingMail.objects.exists()


class _Broken(CheckOpener):
    """Opens the record, and then something happens that nobody thought of."""

    error: type[Exception] = ValueError

    def open(self, values, occasion):
        super().open(values, occasion)
        raise self.error("It broke.")


@pytest.fixture
def broken(monkeypatch):
    opener = opener_of("check")
    found = _Broken(opener.form_class)
    monkeypatch.setitem(_Known.openers, "check", found)
    return found


def test_an_unexpected_error_is_a_failed_run_and_leaves_no_half_of_a_ticket(cast, broken, caplog):
    daily = world.schedule(cast)
    caplog.set_level(logging.CRITICAL)

    actions.open_due(utc(3))

    assert not Ticket.objects.exists()
    run = daily.runs.get()
    assert (run.outcome, run.reason) == (
        "failed",
        "An error that is described in the log of the worker.",
    )


def test_a_database_that_was_away_is_asked_again(cast, broken, monkeypatch, caplog):
    daily = world.schedule(cast)
    caplog.set_level(logging.CRITICAL)
    broken.error = OperationalError

    assert actions.open_due(utc(3)) == 0
    daily.refresh_from_db()
    assert (daily.next_at, daily.runs.count(), Ticket.objects.count()) == (utc(3), 0, 0)

    monkeypatch.undo()
    assert actions.open_due(utc(3)) == 1
    assert log_of(daily) == [(3, "opened")]


def test_the_hand_of_a_person_opens_it_beside_the_rule(cast):
    daily = world.schedule(cast)
    actions.switch(daily, by=cast.cleo, at=MONDAY, version=1, is_active=False)

    run = actions.run_now(daily, by=cast.cleo, at=utc(2, hour=12))

    assert (run.outcome, run.by, run.planned_at) == ("opened", cast.cleo, utc(2, hour=12))
    assert run.ticket.events.get(kind="schedule").actor == cast.cleo
    daily.refresh_from_db()
    assert (daily.is_active, daily.next_at) == (False, utc(3))


def test_a_confirmation_that_is_sent_twice_opens_once(cast):
    daily = world.schedule(cast)
    asked = utc(2, hour=12)
    actions.run_now(daily, by=cast.cleo, at=asked + timedelta(seconds=5), asked_at=asked)

    with pytest.raises(Refused, match="It was run already"):
        actions.run_now(daily, by=cast.cleo, at=asked + timedelta(seconds=6), asked_at=asked)
    with pytest.raises(MissingValue, match="This page is old"):
        actions.run_now(daily, by=cast.cleo, at=asked + DAY, asked_at=asked + timedelta(seconds=1))
    with pytest.raises(MissingValue, match="This page is old"):
        actions.run_now(daily, by=cast.cleo, at=asked, asked_at=asked + DAY)

    assert daily.runs.count() == Ticket.objects.count() == 1


def test_only_who_keeps_it_runs_it(cast):
    daily = world.schedule(cast)
    for person in (cast.bo, cast.ned, cast.mia, cast.ann):
        with pytest.raises(NotAllowed):
            actions.run_now(daily, by=person, at=utc(2, hour=12))
    assert not ScheduleRun.objects.exists()
