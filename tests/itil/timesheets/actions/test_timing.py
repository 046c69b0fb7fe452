"""Timers: one runs, others pause; the worked examples of the domain (`BIL-2`, `BIL-3`)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from itil.tickets.errors import MissingValue, Refused
from itil.timesheets import actions
from itil.timesheets.errors import Overlap
from itil.timesheets.models import TimeEntry, Timer
from tests import make as world
from tests.cast import MONDAY
from tests.itil.timesheets import make

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticket(cast):
    return world.taken_incident(cast)


def start(cast, ticket, at):
    return actions.start(ticket, agent=cast.bo, activity=cast.activity, at=at)


def parts(entries):
    return [(entry.work_date, entry.minutes) for entry in entries]


def test_example_b1_measures_eighty_minutes(cast, ticket):
    begin = datetime(2026, 3, 2, 12, 38, tzinfo=UTC)
    start(cast, ticket, begin)

    (entry,) = actions.stop(agent=cast.bo, at=begin + 80 * MINUTE)

    assert (entry.minutes, entry.started_at, entry.ended_at) == (80, begin, begin + 80 * MINUTE)


def test_example_b19_is_half_an_hour_of_march_and_half_an_hour_of_april(cast, ticket):
    # 31 March 23:30 in Amsterdam, which is on summer time.
    begin = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
    start(cast, ticket, begin)

    booked = actions.stop(agent=cast.bo, at=begin + 60 * MINUTE)

    assert parts(booked) == [(date(2026, 3, 31), 30), (date(2026, 4, 1), 30)]


def test_a_pause_is_not_booked(cast, ticket):
    start(cast, ticket, MONDAY)
    actions.pause(agent=cast.bo, at=MONDAY + 20 * MINUTE)
    actions.resume(ticket, agent=cast.bo, at=MONDAY + 50 * MINUTE)

    timer = Timer.objects.get()
    measured = timer.seconds(MONDAY + 65 * MINUTE)
    booked = actions.stop(agent=cast.bo, at=MONDAY + 65 * MINUTE)

    assert measured == 35 * 60
    assert [(one.started_at, one.minutes) for one in booked] == [
        (MONDAY, 20),
        (MONDAY + 50 * MINUTE, 15),
    ]


def test_a_timer_that_pauses_is_stopped_by_its_ticket(cast, ticket):
    start(cast, ticket, MONDAY)
    actions.pause(agent=cast.bo, at=MONDAY + 20 * MINUTE)

    assert actions.stop(agent=cast.bo, at=MONDAY + 30 * MINUTE) == []
    booked = actions.stop(agent=cast.bo, ticket=ticket, at=MONDAY + 30 * MINUTE)

    assert [one.minutes for one in booked] == [20]


def test_going_on_with_one_books_the_one_that_ran(cast, ticket):
    other = world.taken_incident(cast)
    start(cast, ticket, MONDAY)
    actions.pause(agent=cast.bo, at=MONDAY + 10 * MINUTE)
    start(cast, other, MONDAY + 10 * MINUTE)

    timer, booked = actions.resume(ticket, agent=cast.bo, at=MONDAY + 40 * MINUTE)

    assert [(one.ticket_id, one.minutes) for one in booked] == [(other.pk, 30)]
    assert Timer.objects.running().get() == timer
    assert timer.ticket_id == ticket.pk


def test_only_what_pauses_goes_on(cast, ticket):
    with pytest.raises(Refused, match=f"pauses on {ticket.number}"):
        actions.resume(ticket, agent=cast.bo, at=MONDAY)


def test_a_forgotten_timer_is_neither_paused_nor_switched_away(cast, ticket):
    other = world.taken_incident(cast)
    start(cast, ticket, MONDAY)
    late = MONDAY + timedelta(hours=10, seconds=1)

    with pytest.raises(MissingValue):
        actions.pause(agent=cast.bo, at=late)
    with pytest.raises(MissingValue):
        start(cast, other, late)

    assert Timer.objects.get().ticket_id == ticket.pk
    assert not TimeEntry.objects.exists()


def test_a_timer_beside_a_booking_is_asked_about(cast, ticket):
    make.entry(
        cast, ticket, started_at=MONDAY, ended_at=MONDAY + 30 * MINUTE, at=MONDAY + 60 * MINUTE
    )
    start(cast, ticket, MONDAY + 20 * MINUTE)

    with pytest.raises(Overlap):
        actions.stop(agent=cast.bo, at=MONDAY + 40 * MINUTE)
    (booked,) = actions.stop(agent=cast.bo, at=MONDAY + 40 * MINUTE, overlap_confirmed=True)

    assert (booked.minutes, booked.overlap_confirmed) == (20, True)


def test_what_ends_where_another_begins_does_not_overlap(cast, ticket):
    end = MONDAY + 30 * MINUTE
    make.entry(cast, ticket, started_at=MONDAY, ended_at=end, at=MONDAY + 60 * MINUTE)
    start(cast, ticket, end)

    assert [one.minutes for one in actions.stop(agent=cast.bo, at=end + 5 * MINUTE)] == [5]


def test_two_people_may_work_at_the_same_time(cast, ticket):
    times = {"started_at": MONDAY, "ended_at": MONDAY + 30 * MINUTE, "at": MONDAY + 60 * MINUTE}

    make.entry(cast, ticket, **times)
    make.entry(cast, ticket, agent=cast.cleo, **times)

    assert TimeEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "longest"),
    [(date(2026, 3, 29), 1380), (date(2026, 10, 25), 1500), (date(2026, 3, 2), 1440)],
    ids=["spring", "autumn", "usual"],
)
def test_no_day_is_longer_than_it_was(cast, ticket, day, longest):
    at = datetime(2026, 11, 1, tzinfo=UTC)

    with pytest.raises(MissingValue) as refusal:
        make.entry(cast, ticket, work_date=day, minutes=longest + 1, at=at)
    make.entry(cast, ticket, work_date=day, minutes=longest, at=at)
    with pytest.raises(Overlap, match="more than 24 hours"):
        make.entry(cast, ticket, work_date=day, minutes=1, at=at)

    assert refusal.value.field == "minutes"
    assert TimeEntry.objects.get().minutes == longest
