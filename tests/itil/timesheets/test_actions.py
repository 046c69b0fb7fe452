"""Recording work: minutes, midnights, the timer (`BIL-1` to `BIL-3`)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from itil.tickets.errors import MissingValue, Refused
from itil.timesheets import actions
from itil.timesheets.models import TimeEntry, Timer
from tests import make
from tests.cast import MONDAY

SECOND = timedelta(seconds=1)


@pytest.fixture
def incident(cast):
    return make.taken_incident(cast)


def entry(cast, incident, **changes) -> TimeEntry:
    """Bo books half an hour of Monday."""
    return actions.add_entry(
        incident,
        **{
            "agent": cast.bo,
            "activity": cast.activity,
            "minutes": 30,
            "work_date": date(2026, 3, 2),
            "at": MONDAY,
        }
        | changes,
    )


def measured(cast, incident, begin, end) -> list[tuple[date, int]]:
    """What a timer from `begin` to `end` books."""
    actions.start(incident, agent=cast.bo, activity=cast.activity, at=begin)
    return [(part.work_date, part.minutes) for part in actions.stop(agent=cast.bo, at=end)]


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 1), (1, 1), (59, 1), (60, 1), (119, 1), (120, 2), (3599, 59), (3600, 60)],
)
def test_whole_minutes_are_booked_and_at_least_one(cast, incident, seconds, minutes):
    end = MONDAY + seconds * SECOND

    assert measured(cast, incident, MONDAY, end) == [(date(2026, 3, 2), minutes)]


def test_the_night_the_clocks_go_forward_is_an_hour_shorter(cast, incident):
    # Amsterdam, 28 March 23:30 to 29 March 04:00 by the clock on the wall: 3 h 30 min of work.
    begin = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    end = datetime(2026, 3, 29, 2, 0, tzinfo=UTC)

    assert measured(cast, incident, begin, end) == [
        (date(2026, 3, 28), 30),
        (date(2026, 3, 29), 180),
    ]


def test_the_night_the_clocks_go_back_is_an_hour_longer(cast, incident):
    # 24 October 23:30 to 25 October 04:00 by the clock on the wall: 5 h 30 min of work.
    begin = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)
    end = datetime(2026, 10, 25, 3, 0, tzinfo=UTC)

    assert measured(cast, incident, begin, end) == [
        (date(2026, 10, 24), 30),
        (date(2026, 10, 25), 300),
    ]


def test_work_that_ends_at_midnight_belongs_to_the_day_it_began(cast, incident):
    midnight = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)

    assert actions.split_at_midnight(MONDAY, midnight) == [(MONDAY, midnight)]
    assert actions.split_at_midnight(midnight, midnight + SECOND) == [(midnight, midnight + SECOND)]


def test_the_day_of_work_is_that_of_the_business_zone(cast, incident):
    # 23:30 UTC on Monday is Tuesday in Amsterdam.
    begin = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)

    assert measured(cast, incident, begin, begin + 60 * SECOND) == [(date(2026, 3, 3), 1)]


def test_a_timer_of_exactly_ten_hours_is_booked_without_a_question(cast, incident):
    hours = timedelta(hours=10)

    assert measured(cast, incident, MONDAY, MONDAY + hours) == [(date(2026, 3, 2), 600)]


def test_a_forgotten_timer_runs_on_until_the_minutes_are_given(cast, incident):
    actions.start(incident, agent=cast.bo, activity=cast.activity, at=MONDAY)
    end = MONDAY + timedelta(hours=10, seconds=1)

    with pytest.raises(MissingValue) as refusal:
        actions.stop(agent=cast.bo, at=end)

    assert refusal.value.field == "minutes"
    assert Timer.objects.get().agent == cast.bo


def test_minutes_given_for_a_timer_belong_to_the_day_it_was_started(cast, incident):
    actions.start(incident, agent=cast.bo, activity=cast.activity, at=MONDAY)

    (booked,) = actions.stop(agent=cast.bo, minutes=45, at=MONDAY + timedelta(days=3))

    assert (booked.work_date, booked.minutes, booked.ended_at) == (date(2026, 3, 2), 45, None)


def test_starting_again_on_the_same_ticket_changes_nothing(cast, incident):
    first, _booked = actions.start(incident, agent=cast.bo, activity=None, at=MONDAY)
    again, booked = actions.start(incident, agent=cast.bo, activity=None, at=MONDAY + 60 * SECOND)

    assert (again, again.started_at, booked) == (first, MONDAY, [])


def test_stopping_without_a_timer_books_nothing(cast):
    assert actions.stop(agent=cast.bo, at=MONDAY) == []


def test_without_any_activity_the_timer_is_kept(cast, incident):
    cast.activity.active = False
    cast.activity.save()
    actions.start(incident, agent=cast.bo, activity=None, at=MONDAY)

    with pytest.raises(Refused, match="No activity is set up yet"):
        actions.stop(agent=cast.bo, at=MONDAY + 60 * SECOND)

    assert Timer.objects.exists()


def test_the_activity_says_whether_work_is_billable_unless_the_agent_does(cast, incident):
    cast.activity.billable = False
    cast.activity.save()

    assert entry(cast, incident).billing_kind == "non_billable"
    assert entry(cast, incident, billing_kind="included").billing_kind == "included"


def test_today_is_the_day_of_the_business_zone(cast, incident):
    tuesday = date(2026, 3, 3)
    with pytest.raises(MissingValue) as refusal:
        entry(cast, incident, work_date=tuesday, at=datetime(2026, 3, 2, 22, 59, tzinfo=UTC))

    entry(cast, incident, work_date=tuesday, at=datetime(2026, 3, 2, 23, 0, tzinfo=UTC))

    assert refusal.value.field == "work_date"
    assert TimeEntry.objects.get().work_date == tuesday


def test_a_long_note_is_cut_to_its_column(cast, incident):
    assert entry(cast, incident, note=" " + "x" * 600).note == "x" * 500


def test_only_approved_entries_are_locked_by_an_invoice(cast, incident):
    states = ("draft", "submitted", "approved", "rejected", "invoiced", "written_off")
    entries = [entry(cast, incident) for _state in states]
    for booked, state in zip(entries, states, strict=True):
        TimeEntry.objects.filter(pk=booked.pk).update(state=state)

    changed = actions.mark_invoiced(entries)
    again = actions.mark_invoiced(entries)

    assert (changed, again) == (1, 0)
    assert [e.state for e in TimeEntry.objects.order_by("pk")] == [
        "draft",
        "submitted",
        "invoiced",
        "rejected",
        "invoiced",
        "written_off",
    ]


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("bo", True),
        ("cleo", True),
        ("ned", False),
        ("mia", True),
        ("bea", True),
        ("root", True),
        ("ann", False),
        ("dov", False),
    ],
)
def test_recorded_time_is_for_the_team_and_for_those_who_manage_and_bill(
    cast, incident, name, sees
):
    entry(cast, incident)

    assert TimeEntry.objects.visible_to(getattr(cast, name)).exists() is sees
