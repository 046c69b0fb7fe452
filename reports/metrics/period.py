"""Reporting periods: whole local days as half-open stretches of instants (`GEN-3`, `KPI-24`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def midnight(day: date, zone: str) -> datetime:
    """The UTC instant at which the local date `day` begins in `zone`."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class Month:
    """A calendar month cut to a period: `label` is `2016-04`, instants are half-open."""

    label: str
    first: date
    last: date
    start: datetime
    end: datetime
    is_whole: bool


@dataclass(frozen=True)
class Period:
    """The local days `first` to `last`, both included, in the time zone `zone`."""

    first: date
    last: date
    zone: str

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("A period ends on or after its first day.")

    @property
    def start(self) -> datetime:
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant after the period."""
        return midnight(self.last + ONE_DAY, self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> "Period":
        """The period of equal length in days right before this one."""
        return Period(self.first - self.days * ONE_DAY, self.first - ONE_DAY, self.zone)

    def months(self) -> Iterator[Month]:
        """The calendar months the period touches; the outer ones are cut to it."""
        first = self.first
        while first <= self.last:
            next_month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            last = min(self.last, next_month - ONE_DAY)
            yield Month(
                label=f"{first:%Y-%m}",
                first=first,
                last=last,
                start=midnight(first, self.zone),
                end=midnight(last + ONE_DAY, self.zone),
                is_whole=first.day == 1 and last == next_month - ONE_DAY,
            )
            first = next_month
