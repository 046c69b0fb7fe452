"""What a report holds, ready to be printed or written as a file: words and plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Value = str | float | int | date | None


class Shape(StrEnum):
    """What a column of a sheet holds: durations are seconds, shares lie between 0 and 1."""

    TEXT = "text"
    DAY = "day"
    COUNT = "count"
    SHARE = "share"
    DURATION = "duration"
    HOURS = "hours"
    NUMBER = "number"
    MONEY = "money"


class Sum(StrEnum):
    """How a total follows from the rows above it. FIXED: it does not, such as a median of all."""

    ROWS = "rows"
    LAST = "last"
    SHARE = "share"
    FIXED = "fixed"


@dataclass(frozen=True)
class Column:
    heading: str
    shape: Shape


@dataclass(frozen=True)
class Total:
    """The total of a column. SHARE divides the totals of the two columns `of`, counted from 0."""

    value: Value
    sum: Sum = Sum.FIXED
    of: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Sheet:
    """The typed table of a tile; None stands for what is not told."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    totals: Sequence[Total]


@dataclass(frozen=True)
class Section:
    """A tile: its words as on the page of its dashboard, its chart as SVG, its typed table.

    `rows` are those of the table as text, `names` how many of its columns are names.
    """

    key: str
    title: str
    sentence: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: int
    svg: str
    sheet: Sheet | None


@dataclass(frozen=True)
class KeyFigure:
    """One number of the first page; `value` is None when it is not told, `shown` says so. An
    amount has a `currency`, as ISO 4217 writes it."""

    label: str
    shown: str
    unit: str
    change: str
    value: float | None
    cases: int | None
    shape: Shape
    currency: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A promise that counts in no share, by the name of its ticket (`SLA-28`)."""

    number: str
    title: str
    promise: str
    reason: str


@dataclass(frozen=True)
class Listing:
    """A plain table with a heading for each column, and no two that are the same."""

    headings: Sequence[str] = ()
    rows: Sequence[Sequence[Value]] = ()


@dataclass(frozen=True)
class Report:
    """`facts` are the lines below the title: period, filters, time of the data; `records` one row
    per point for programs, with names that stay, and `listing` the same rows for people, in their
    words; `definitions` say how each figure is computed."""

    title: str
    subtitle: str
    brand: str
    language: str
    zone: str
    first: date
    last: date
    data_until: datetime
    facts: Sequence[tuple[str, str]]
    comment: str = ""
    figures: Sequence[KeyFigure] = ()
    sections: Sequence[Section] = ()
    definitions: Sequence[tuple[str, str]] = ()
    left_out: Sequence[LeftOut] | None = None
    records: Sequence[Mapping[str, Any]] = field(default_factory=list)
    listing: Listing = Listing()

    @property
    def tables(self) -> list[Section]:
        return [one for one in self.sections if one.sheet is not None]
