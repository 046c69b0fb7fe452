"""Stretches of time, each a pair of instants `[start, end)`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .days import openings_on
from .schedule import Schedule

Stretch = tuple[datetime, datetime]
ONE_DAY = timedelta(days=1)


def openings_between(schedule: Schedule, start: datetime, end: datetime) -> list[Stretch]:
    """The openings of `[start, end)`, cut to it and merged."""
    zone = ZoneInfo(schedule.zone)
    # A shift over night belongs to the day before.
    day: date = start.astimezone(zone).date() - ONE_DAY
    last = end.astimezone(zone).date()
    found: list[Stretch] = []
    while day <= last:
        found += within((start, end), openings_on(schedule, day))
        day += ONE_DAY
    return merged(found)


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in order, without overlaps; empty stretches are dropped."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(stretches: Sequence[Stretch], taken: Sequence[Stretch]) -> list[Stretch]:
    """`stretches` less the time of `taken`; both are merged."""
    found = list(stretches)
    for start, end in taken:
        found = [
            part
            for one in found
            for part in ((one[0], min(one[1], start)), (max(one[0], end), one[1]))
            if part[0] < part[1]
        ]
    return found


def within(stretch: Stretch, stretches: Iterable[Stretch]) -> list[Stretch]:
    """The parts of `stretch` that lie in `stretches`."""
    parts = ((max(stretch[0], start), min(stretch[1], end)) for start, end in stretches)
    return [part for part in parts if part[0] < part[1]]


def length(stretches: Iterable[Stretch]) -> timedelta:
    return sum((end - start for start, end in stretches), timedelta(0))
