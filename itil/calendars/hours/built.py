"""What is worked out about a schedule once and kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Span = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """Every opening of some whole years as epoch seconds, sorted and disjoint.

    `totals[i]` is the open time before opening `i`, `totals_after[i]` after it. Look-ups are right
    for instants from `first` to `last`.
    """

    first_year: int
    last_year: int
    first: int
    last: int
    starts: list[int]
    ends: list[int]
    totals: list[int]
    totals_after: list[int]
    # The dates on which an opening begins, and the openings of each.
    working_days: list[date]
    openings: list[list[Span]]


@dataclass
class Built:
    """Dated spans by date, holidays by year, week patterns, the table of openings."""

    days: dict[str, dict[date, list[Span]]] = field(default_factory=dict)
    public_holidays: dict[int, Mapping[date, str]] = field(default_factory=dict)
    patterns: list[tuple[date, list[list[Span]]]] = field(default_factory=list)
    table: Table | None = None
    # The table once more, as arrays; see `hours.arrays`.
    arrays: object = None
