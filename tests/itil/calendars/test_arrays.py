"""A million intervals at once: the same answers as one by one."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from itil.calendars import hours
from itil.calendars.hours import NeverOpenError, Schedule, Week, arrays
from itil.calendars.hours.walltime import epoch_of, moment_of

from .calendars import HOUR, N7, SANTIAGO, A, B, N, X, at, week
from .random_calendars import durations, instants, stories

ROOT = Path(__file__).resolve().parents[3]
# So many openings a year that buckets are no use.
SHREDS = Schedule("UTC", (week(range(7), *((n, n + 1) for n in range(0, 480, 2))),))
MARCH, JUNE = epoch_of(at(3, 1)), epoch_of(at(6, 1))


def some_intervals(count=500):
    """Starts and ends in 2025 and 2026; some end before they start."""
    random = np.random.default_rng(20260302)
    starts = random.integers(epoch_of(at(1, 1, year=2025)), epoch_of(at(12, 1)), count)
    return starts, starts + random.integers(-HOUR, 60 * 24 * HOUR, count)


@pytest.mark.parametrize("schedule", [A, B, N, N7, X, SANTIAGO, SHREDS])
def test_many_intervals_are_counted_as_one_by_one(schedule):
    starts, ends = some_intervals()
    one_by_one = [
        hours.between(schedule, moment_of(start), moment_of(end))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    assert arrays.between(schedule, starts, ends).tolist() == one_by_one


@pytest.mark.parametrize("schedule", [A, B, N, N7, X, SANTIAGO, SHREDS])
def test_many_due_times_are_found_as_one_by_one(schedule):
    starts, ends = some_intervals()
    seconds = np.abs(ends - starts) // 6
    seconds[:10] = 0
    one_by_one = [
        epoch_of(hours.add(schedule, moment_of(start), amount))
        for start, amount in zip(starts.tolist(), seconds.tolist(), strict=True)
    ]
    assert arrays.add(schedule, starts, seconds).tolist() == one_by_one


@settings(max_examples=30, deadline=None)
@given(stories(instants, instants, durations, size=20))
def test_any_calendar_gives_the_same_answers_both_ways(story):
    schedule, cases = story
    starts, ends, seconds = (
        [epoch_of(case[0]) for case in cases],
        [epoch_of(case[1]) for case in cases],
        [case[2] for case in cases],
    )
    assert arrays.between(schedule, starts, ends).tolist() == [
        hours.between(schedule, start, end) for start, end, _seconds in cases
    ]
    try:
        one_by_one = [epoch_of(hours.add(schedule, start, amount)) for start, _end, amount in cases]
    except NeverOpenError:
        with pytest.raises(NeverOpenError):
            arrays.add(schedule, starts, seconds)
    else:
        assert arrays.add(schedule, starts, seconds).tolist() == one_by_one


def test_one_value_serves_for_all():
    starts = np.array([[MARCH, JUNE]])
    assert arrays.add(A, starts, 8 * HOUR).shape == (1, 2)
    assert arrays.between(A, starts, JUNE + 1).tolist()[0][1] == hours.between(
        A, moment_of(JUNE), moment_of(JUNE + 1)
    )


def test_nothing_in_gives_nothing_out():
    assert arrays.between(A, [], []).tolist() == []
    assert arrays.add(A, [], []).tolist() == []


def test_the_table_grows_with_the_targets():
    fresh = Schedule(A.zone, A.weeks)
    due = arrays.add(fresh, [MARCH], [600 * 8 * HOUR])
    assert moment_of(int(due[0])).year == 2028
    late = epoch_of(at(1, 1, year=2040))
    assert arrays.between(fresh, [MARCH], [late])[0] == hours.between(
        fresh, moment_of(MARCH), moment_of(late)
    )


def test_negative_durations_fractions_and_closed_schedules_are_refused():
    with pytest.raises(ValueError, match="never taken away"):
        arrays.add(A, [MARCH], [-1])
    with pytest.raises(TypeError):
        arrays.between(A, [MARCH], [MARCH + 0.5])
    closed = Schedule("UTC", (Week(()),))
    assert arrays.between(closed, [MARCH], [JUNE]).tolist() == [0]
    assert arrays.add(closed, [MARCH], [0]).tolist() == [MARCH]
    with pytest.raises(NeverOpenError):
        arrays.add(closed, [MARCH, MARCH], [0, 1])
    once = Schedule("UTC", openings=((date(2026, 3, 7), 600, 840),))
    with pytest.raises(NeverOpenError):
        arrays.add(once, [MARCH], [4 * HOUR + 1])
    with pytest.raises(NeverOpenError):
        arrays.between(A, [0], [1 << 62])


def test_business_time_itself_does_not_load_numpy():
    code = "import sys, itil.calendars.hours; sys.exit('numpy' in sys.modules)"
    assert subprocess.call([sys.executable, "-c", code], cwd=ROOT) == 0  # noqa: S603
