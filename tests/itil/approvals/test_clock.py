"""When reminders and time-outs come, in business days (`APP-7`)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itil.approvals.clock import first_moments, following, resumed, usual_days, weekdays
from itil.calendars.hours import Schedule
from tests.cast import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BERLIN = weekdays(ZoneInfo("Europe/Berlin"))
FRIDAY = MONDAY + 4 * DAY


def test_the_first_reminder_comes_after_one_day_and_the_time_out_after_three():
    assert first_moments(BERLIN, MONDAY) == (MONDAY + DAY, MONDAY + 3 * DAY)
    assert first_moments(BERLIN, FRIDAY) == (FRIDAY + 3 * DAY, FRIDAY + 5 * DAY)


def test_after_the_first_reminder_comes_the_second_and_then_the_time_out():
    due = MONDAY + 3 * DAY
    second = following(BERLIN, MONDAY + DAY, 1, due)
    assert second == MONDAY + 2 * DAY
    assert following(BERLIN, second, 2, due) == due


def test_a_reminder_never_comes_after_the_time_out():
    assert following(BERLIN, MONDAY + DAY, 1, MONDAY + DAY + HOUR) == MONDAY + DAY + HOUR


def test_the_clocks_going_forward_do_not_move_the_time_of_day():
    # Friday 27 March 2026, 10:00 in Berlin; the clocks change on Sunday.
    asked = datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert first_moments(BERLIN, asked)[0] == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_a_pause_moves_what_was_ahead_by_open_time_only():
    # One day was left on Friday; it is used up on Monday, the weekend is none.
    assert resumed(BERLIN, FRIDAY + HOUR, FRIDAY, FRIDAY + 3 * DAY) == FRIDAY + 3 * DAY + HOUR
    assert resumed(BERLIN, FRIDAY + 3 * DAY, FRIDAY, FRIDAY + HOUR) == FRIDAY + 3 * DAY + HOUR


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 2000))
def test_a_pause_never_takes_time_away(ahead, begins, lasts):
    paused = MONDAY + begins * HOUR
    moment, answered = paused + ahead * HOUR, paused + lasts * HOUR
    found = resumed(BERLIN, moment, paused, answered)
    assert found >= answered
    if lasts == 0 and ahead and moment.astimezone(ZoneInfo("Europe/Berlin")).weekday() < 5:
        assert found <= moment


def test_a_calendar_that_never_opens_does_not_stop_approvals():
    never = Schedule(zone="Europe/Berlin")
    next_at, due_at = first_moments(never, MONDAY)
    assert (next_at, due_at) == (MONDAY + DAY, MONDAY + 3 * DAY)
    assert resumed(never, MONDAY + HOUR, MONDAY, MONDAY + DAY) >= MONDAY + DAY


@pytest.mark.parametrize(
    ("hours", "days"),
    [([], None), ([1], 1), ([24], 1), ([25], 2), ([1, 30, 100], 2), ([1, 2, 3, 200], 1)],
)
def test_the_usual_time_is_the_median_rounded_up_to_whole_days(hours, days):
    assert usual_days([(MONDAY, MONDAY + count * HOUR) for count in hours]) == days


def test_a_weekend_is_not_counted_as_waiting():
    assert usual_days([(FRIDAY, FRIDAY + 3 * DAY)]) == 1
