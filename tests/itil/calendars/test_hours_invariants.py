"""What holds for every calendar (`SLA-30`), in twelve zones; some 1,500 cases."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from itil.calendars.hours import (
    END_OF_DAY,
    SAME_TIME,
    NeverOpenError,
    add,
    add_around,
    between,
    business_days,
    cutoff,
    is_open,
    last_closing,
    next_opening,
    openings_on,
    opens_within,
    snap_to_closing,
)
from itil.calendars.hours.days import merged
from itil.calendars.hours.walltime import DAY, epoch_of, minutes_epoch, moment_of

from .random_calendars import SECOND, durations, instants, stories


@settings(max_examples=40, deadline=None)
@given(stories(instants, durations))
def test_a_due_time_is_the_earliest_with_exactly_the_duration(story):
    schedule, cases = story
    for start, seconds in cases:
        try:
            due = add(schedule, start, seconds)
        except NeverOpenError:
            continue
        assert between(schedule, start, due) == seconds
        assert between(schedule, start, due - SECOND) == seconds - 1


@settings(max_examples=40, deadline=None)
@given(stories(instants, instants, instants))
def test_time_is_additive_monotone_and_never_longer_than_real_time(story):
    schedule, cases = story
    for case in cases:
        first, second, third = sorted(case)
        one, two = between(schedule, first, second), between(schedule, second, third)
        assert one + two == between(schedule, first, third)
        assert 0 <= one <= (second - first).total_seconds()
        assert between(schedule, second, first) == 0


@settings(max_examples=25, deadline=None)
@given(stories(instants, size=5))
def test_the_table_holds_the_openings_of_each_date(story):
    schedule, cases = story
    zone = ZoneInfo(schedule.zone)
    for (start,) in cases:
        end = start + timedelta(days=3)
        first = start.astimezone(zone).date()
        found = merged(
            (max(epoch_of(opens), epoch_of(start)), min(epoch_of(closes), epoch_of(end)))
            for n in range(-3, 7)
            for opens, closes in openings_on(schedule, first + timedelta(days=n))
        )
        assert between(schedule, start, end) == sum(b - a for a, b in found)


@settings(max_examples=25, deadline=None)
@given(stories(instants, durations, st.lists(durations, min_size=4, max_size=4), size=10))
def test_pauses_cost_what_was_open_within_them(story):
    schedule, cases = story
    for start, seconds, gaps in cases:
        marks = [start]
        for gap in gaps:
            marks.append(marks[-1] + timedelta(seconds=gap))
        pauses = [(marks[1], marks[2]), (marks[3], marks[4])]
        try:
            due = add_around(schedule, start, seconds, pauses)
        except NeverOpenError:
            continue
        paused = sum(between(schedule, since, min(until, due)) for since, until in pauses)
        assert between(schedule, start, due) - paused == seconds
        assert not any(since < due <= until for since, until in pauses)


def runs_over_midnight(schedule):
    spans = [*(span for week in schedule.weeks for span in week.intervals), *schedule.openings]
    return any(end <= start for _day, start, end in spans)


@settings(max_examples=25, deadline=None)
@given(stories(instants, st.integers(1, 30), size=5))
def test_business_days_end_within_working_time_and_in_order(story):
    schedule, cases = story
    for start, days in cases:
        try:
            closing = business_days(schedule, start, days, END_OF_DAY)
            same = business_days(schedule, start, days, SAME_TIME)
            later = business_days(schedule, start, days + 1, END_OF_DAY)
        except NeverOpenError:
            continue
        assert start < same <= closing
        assert is_open(schedule, same) or same == closing or is_open(schedule, same - SECOND)
        assert snap_to_closing(schedule, start) >= start
        # A shift over midnight may end together with one of the next day.
        assert closing != later or runs_over_midnight(schedule)


@settings(max_examples=25, deadline=None)
@given(stories(instants, st.integers(1, 1440), size=5))
def test_a_cutoff_is_the_closing_or_that_of_the_first_later_day_open_before_it(story):
    schedule, cases = story
    zone = ZoneInfo(schedule.zone)
    for start, minutes in cases:
        try:
            due = cutoff(schedule, start, minutes)
        except NeverOpenError:
            continue
        on = start.astimezone(zone).date()
        closing, limit = last_closing(schedule, on), minutes_epoch(zone, on, minutes)
        if closing is not None and start < min(closing, moment_of(limit)):
            assert due == closing
            continue
        day = on + DAY
        while not (
            (openings := openings_on(schedule, day))
            and openings[0][0] < moment_of(minutes_epoch(zone, day, minutes))
        ):
            day += DAY
        assert due == moment_of(minutes_epoch(zone, day, minutes))


@settings(max_examples=25, deadline=None)
@given(stories(instants, size=5))
def test_next_opening_is_open_and_nothing_is_lost_before_it(story):
    schedule, cases = story
    for (start,) in cases:
        try:
            opening = next_opening(schedule, start)
        except NeverOpenError:
            assert not opens_within(schedule, start.date())
            continue
        assert opening >= start
        assert between(schedule, start, opening) == 0
        assert between(schedule, opening, opening + SECOND) == 1
