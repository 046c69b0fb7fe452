"""How much of the agreed time a service worked (`KPI-18`, `KPI-19`). Plain values, without pandas.

A stretch is a pair of instants, `[start, end)`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import prod

Stretch = tuple[datetime, datetime]
NONE = timedelta(0)


@dataclass(frozen=True)
class Uptime:
    """The agreed time, how much of it the service was down, and by how many failures.

    Formula: availability = (agreed − down) / agreed; MTBF (mean time between the end of a failure
    and the next one) = (agreed − down) / failures; MTRS (mean time to restore the service) = down /
    failures; MTBSI (mean time between the starts of failures) = MTBF + MTRS.
    Population: outages of the service as a whole, not the mean of its parts.
    Basis: agreed time of the period: hours of service without agreed maintenance.
    Edge cases: overlapping outages are one. What lies outside of the agreed time or inside agreed
    maintenance is none; maintenance that takes longer than agreed is. Without agreed time there is
    no availability, without a failure there are no means: None, neither infinity nor 0.
    """

    agreed: timedelta
    down: timedelta
    failures: int

    @property
    def availability(self) -> Fraction | None:
        return _ratio(self.agreed - self.down, self.agreed)

    @property
    def between_failures(self) -> timedelta | None:
        return (self.agreed - self.down) / self.failures if self.failures else None

    @property
    def to_restore(self) -> timedelta | None:
        return self.down / self.failures if self.failures else None

    @property
    def between_starts(self) -> timedelta | None:
        return self.agreed / self.failures if self.failures else None


def uptime(
    service: Iterable[Stretch], maintenance: Iterable[Stretch], outages: Iterable[Stretch]
) -> Uptime:
    """What the stretches of one period add up to. A failure is counted in the period in which it
    begins, so `outages` are given whole, and begin inside `service` or before it."""
    agreed = without(merged(service), merged(maintenance))
    down = [(merge, within(merge, agreed)) for merge in merged(outages)]
    hurting = [(merge, parts) for merge, parts in down if parts]
    first = agreed[0][0] if agreed else None
    return Uptime(
        agreed=length(agreed),
        down=sum((length(parts) for _merge, parts in hurting), NONE),
        failures=sum(1 for merge, _parts in hurting if first is not None and merge[0] >= first),
    )


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
    return sum((end - start for start, end in stretches), NONE)


def in_series(parts: Iterable[float]) -> float:
    """The availability of what needs all of its parts."""
    return prod(parts)


def in_parallel(parts: Iterable[float]) -> float:
    """The availability of what needs any of its parts."""
    return 1 - prod(1 - part for part in parts)


def _ratio(part: timedelta, whole: timedelta) -> Fraction | None:
    second = timedelta(seconds=1)
    return Fraction(part // second, whole // second) if whole else None
