"""Agreed time, and how much of it a service was down (`KPI-18`, `KPI-19`). Plain values."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itil.calendars.hours import Stretch, merged, within, without

NONE = timedelta(0)


@dataclass(frozen=True)
class Outage:
    """From when until when an incident kept people from using a service; from using it as agreed,
    when it was only `is_degraded`."""

    start: datetime
    end: datetime
    record: int
    is_degraded: bool = False


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
    """The failures of a service in order; those outside of the agreed time are none, and so is a
    service that was only degraded. `agreed` is merged."""
    found: list[tuple[Stretch, int]] = []
    down = (outage for outage in outages if not outage.is_degraded)
    for one in sorted(down, key=lambda outage: (outage.start, outage.end, outage.record)):
        if one.start >= one.end:
            continue
        if found and one.start <= found[-1][0][1]:
            (start, end), record = found[-1]
            found[-1] = ((start, max(end, one.end)), record)
        else:
            found.append(((one.start, one.end), one.record))
    hurting = (Failure(record, within(stretch, agreed)) for stretch, record in found)
    return [failure for failure in hurting if failure.parts]


def degraded(
    outages: Iterable[Outage], agreed: Mapping[int, Sequence[Stretch]]
) -> list[tuple[int, list[Stretch]]]:
    """The time in which a service was degraded and not down, inside the agreed time, by the
    percentage of it that counts as time down. `agreed` has merged stretches for each percentage."""
    told = [one for one in outages if one.start < one.end]
    worse = merged((one.start, one.end) for one in told if one.is_degraded)
    down = merged((one.start, one.end) for one in told if not one.is_degraded)
    rest = without(worse, down)
    return [
        (percent, [part for one in rest for part in within(one, stretches)])
        for percent, stretches in agreed.items()
    ]


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
