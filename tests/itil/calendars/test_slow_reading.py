"""The rules of domain 4.3 read minute by minute, as slowly as they stand there."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from itil.calendars.hours import CIVIL_DAY, Schedule, Week, between, openings_on

from .random_calendars import YEARS, ZONES, instants, stories

DAY = timedelta(days=1)


def minutes(start: int, end: int) -> range:
    return range(start, end if end > start else end + 1440)


def after_holidays(schedule, on: date, open_minutes: set[int], shift: int) -> set[int]:
    """What the holidays of `on`, whose midnight is `shift` minutes away, leave open."""
    if on in schedule.holidays:
        return set()
    parts = [minutes(start, end) for day, start, end in schedule.half_days if day == on]
    if not parts:
        return open_minutes
    kept = {minute + shift for part in parts for minute in part}
    return open_minutes & kept


def open_minutes(schedule, on: date) -> set[int]:
    """Minutes after the midnight of `on` (`SLA-12`)."""
    found: set[int] = set()
    in_effect = [w for w in schedule.weeks if (w.effective_from or date.min) <= on]
    if schedule.always_open:
        found |= set(range(1440))
    elif in_effect:
        week = max(in_effect, key=lambda w: w.effective_from or date.min)
        for weekday, start, end in week.intervals:
            if weekday == on.weekday():
                found |= set(minutes(start, end))
    if schedule.holiday_policy == CIVIL_DAY:
        today = {minute for minute in found if minute < 1440}
        found = after_holidays(schedule, on, today, 0) | after_holidays(
            schedule, on + DAY, found - today, 1440
        )
    else:
        found = after_holidays(schedule, on, found, 0)
    for day, start, end in schedule.closings:
        shift = (day - on).days * 1440
        if abs(shift) <= 2880:
            found -= {minute + shift for minute in minutes(start, end)}
    for day, start, end in schedule.openings:
        if day == on:
            found |= set(minutes(start, end))
    return found


def instant(zone: ZoneInfo, on: date, minute: int, *, is_end: bool) -> datetime:
    """The instant of a wall time (`SLA-13`): of those whose clock shows it the first or the last,
    else the jump.
    """
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minute)  # noqa: DTZ001
    around = [(wall + n * DAY).replace(tzinfo=UTC) for n in (-2, 2)]
    guesses = sorted({wall - at.astimezone(zone).utcoffset() for at in around})
    moments = [guess.replace(tzinfo=UTC) for guess in guesses]
    showing = [at for at in moments if at.astimezone(zone).replace(tzinfo=None) == wall]
    if showing:
        return showing[-1 if is_end else 0]
    at = moments[0]
    while at.astimezone(zone).replace(tzinfo=None) < wall:
        at += timedelta(minutes=1)
    return at


def slow_openings(schedule, on: date) -> list[tuple[datetime, datetime]]:
    zone = ZoneInfo(schedule.zone)
    found: list[tuple[datetime, datetime]] = []
    open_then = open_minutes(schedule, on)
    for start in sorted(minute for minute in open_then if minute - 1 not in open_then):
        end = start
        while end in open_then:
            end += 1
        opens = instant(zone, on, start, is_end=False)
        closes = instant(zone, on, end, is_end=True)
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        elif opens < closes:
            found.append((opens, closes))
    return found


@settings(max_examples=80, deadline=None)
@given(stories(instants, size=3))
def test_the_openings_are_those_of_the_slow_reading(story):
    schedule, cases = story
    zone = ZoneInfo(schedule.zone)
    special = [on for on, _start, _end in (*schedule.half_days, *schedule.closings)]
    special += [on for on, _start, _end in schedule.openings]
    some = {start.astimezone(zone).date() for (start,) in cases} | {*special, *schedule.holidays}
    for day in some:
        for on in (day - DAY, day):
            assert openings_on(schedule, on) == slow_openings(schedule, on)


@settings(max_examples=80, deadline=None)
@given(stories(instants, size=2))
def test_the_time_between_is_that_of_the_slow_reading(story):
    schedule, cases = story
    for (start,) in cases:
        end = start + timedelta(days=4, hours=5, seconds=7)
        first = start.astimezone(ZoneInfo(schedule.zone)).date()
        assert between(schedule, start, end) == within(merged_spans(schedule, first), start, end)


def changes(zone: ZoneInfo, year: int) -> list[date]:
    """The dates of a year around which the clocks of a zone change."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + n * DAY for n in range(365)]
    pairs = pairwise(noon.astimezone(zone) for noon in noons)
    return [one.date() for one, two in pairs if one.utcoffset() != two.utcoffset()]


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", YEARS)
def test_nights_on_which_the_clocks_change_are_those_of_the_slow_reading(name, year):
    for intervals in ((0, 1440), (1320, 360), (0, 30), (150, 600), (1430, 10), (60, 60)):
        week = Week(tuple((day, *intervals) for day in range(7)))
        schedule = Schedule(name, (week,))
        for day in changes(ZoneInfo(name), year):
            for n in range(-2, 4):
                on = day + n * DAY
                assert openings_on(schedule, on) == slow_openings(schedule, on)
            first = datetime(day.year, day.month, day.day, tzinfo=UTC) - 2 * DAY
            spans = merged_spans(schedule, day)
            for hours in range(0, 96, 5):
                end = first + timedelta(hours=hours)
                assert between(schedule, first, end) == within(spans, first, end)


def merged_spans(schedule, day: date) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for n in range(-5, 8):
        for opens, closes in slow_openings(schedule, day + n * DAY):
            if found and opens <= found[-1][1]:
                found[-1] = (found[-1][0], max(closes, found[-1][1]))
            else:
                found.append((opens, closes))
    return found


def within(spans, start: datetime, end: datetime) -> int:
    cut = ((max(opens, start), min(closes, end)) for opens, closes in spans)
    return sum(int((high - low).total_seconds()) for low, high in cut if low < high)
