"""What opening hours consist of (domain 4.3). Values only; the counting stands beside it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from .built import Built

MINUTES_A_DAY = 24 * 60
# A schedule without an opening for this long is an error of whoever entered it (`SLA-11`).
LONGEST_PAUSE_DAYS = 400

SHIFT_START_DAY = "shift_start_day"
CIVIL_DAY = "civil_day"

Dated = tuple[date, int, int]
# The days off of a year, with their names when it knows them.
HolidayRule = Callable[[int], Mapping[date, str] | Iterable[date]]


class NeverOpenError(ValueError):
    """The schedule has no opening for so long that no due time can be given."""


@dataclass(frozen=True)
class Week:
    """The openings of a week as (weekday, start, end), Monday 0, valid from a local date on.

    `end <= start` ends on the following day; `end` may be 1440 (24:00).
    """

    intervals: tuple[tuple[int, int, int], ...]
    effective_from: date | None = None


@dataclass(frozen=True)
class Schedule:
    """Opening hours in one zone.

    `half_days`, `closings` and `openings` are (date, start, end); of a half day the span is what
    stays open. `public_holidays` gives the dates of a year on demand, added to `holidays`.
    `always_open` stands in for a week of seven whole days. `names` says what a holiday is called.
    """

    zone: str
    weeks: tuple[Week, ...] = ()
    holidays: frozenset[date] = frozenset()
    half_days: tuple[Dated, ...] = ()
    closings: tuple[Dated, ...] = ()
    openings: tuple[Dated, ...] = ()
    always_open: bool = False
    holiday_policy: str = SHIFT_START_DAY
    public_holidays: HolidayRule | None = field(default=None, compare=False)
    names: Mapping[date, str] = field(default_factory=dict, compare=False, repr=False)
    # What was worked out so far; no part of the value.
    built: Built = field(default_factory=Built, init=False, repr=False, compare=False)
