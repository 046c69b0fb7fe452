"""Agreed time, and how much of it a service was down (`KPI-18`, `KPI-19`). Plain values."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import prod

from itil.calendars.hours import Stretch, within

NONE = timedelta(0)


@dataclass(frozen=True)
class Outage:
    """From when until when an incident kept people from using a service."""

    start: datetime
    end: datetime
    record: int


@dataclass(frozen=True)
class Failure:
    """Outages that overlap or touch, as far as they lie inside the agreed time; `record` is that of
    the first of them."""

    record: int
    parts: Sequence[Stretch]

    @property
    def start(self) -> datetime:
        """When it first hurt."""
        return self.parts[0][0]


def failures(agreed: Sequence[Stretch], outages: Iterable[Outage]) -> list[Failure]:
    """The failures of a service in order; those outside of the agreed time are none. `agreed` is
    merged."""
    found: list[tuple[Stretch, int]] = []
    for one in sorted(outages, key=lambda outage: (outage.start, outage.end, outage.record)):
        if one.start >= one.end:
            continue
        if found and one.start <= found[-1][0][1]:
            (start, end), record = found[-1]
            found[-1] = ((start, max(end, one.end)), record)
        else:
            found.append(((one.start, one.end), one.record))
    hurting = (Failure(record, within(stretch, agreed)) for stretch, record in found)
    return [failure for failure in hurting if failure.parts]


def spread(stretches: Iterable[Stretch], edges: Sequence[datetime]) -> list[timedelta]:
    """How much of `stretches` lies between each two of the `edges`, which are in order."""
    found = [NONE] * (len(edges) - 1)
    for start, end in stretches:
        place = max(0, bisect_right(edges, start) - 1)
        while place < len(found) and edges[place] < end:
            part = min(end, edges[place + 1]) - max(start, edges[place])
            found[place] += max(NONE, part)
            place += 1
    return found


def in_series(parts: Iterable[float]) -> float:
    """The availability of what needs all of its parts."""
    return prod(parts)


def in_parallel(parts: Iterable[float]) -> float:
    """The availability of what needs any of its parts."""
    return 1 - prod(1 - part for part in parts)
