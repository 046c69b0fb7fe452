"""The change calendar hour by hour: the days of a week, or one day alone, as columns.

Arithmetic over rows that were read before; makes no query. Heights are percent of the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from itil.changes.charts.schedule import Bar, Row, Stretch, days_of
from itil.changes.hours import Span


@dataclass(frozen=True)
class Block:
    """A change in the column of a day: `top` and `height` in percent of the day, beside others."""

    row: Row
    top: float
    height: float
    column: int
    columns: int


@dataclass
class Column:
    """One day of a week, hour by hour."""

    on: date
    blocks: list[Block]
    freezes: list[Bar]
    upkeep: list[Bar]
    more: int = 0


MOST_BESIDE = 4
# One day alone has the room of seven.
MOST_BESIDE_ALONE = 12


def columns(
    rows: Sequence[Row],
    stretch: Stretch,
    freezes: Sequence[tuple[Any, Sequence[Span]]],
    upkeep: Sequence[tuple[Any, Sequence[Span]]],
) -> list[Column]:
    """The days of a week, or one day alone, with what is on in each."""
    most = MOST_BESIDE if stretch.days > 1 else MOST_BESIDE_ALONE
    on_day: list[list[Row]] = [[] for _day in stretch.dates]
    for row in rows:
        for here in on_day[slice(*days_of(row.span, stretch))]:
            here.append(row)
    found = []
    for day, here in zip(stretch.dates, on_day, strict=True):
        one = Stretch(stretch.zone, day, 1)
        placed = [(row, *spot) for row in here if (spot := one.place(row.span)) is not None]
        blocks, more = _beside(placed, most)
        found.append(Column(day, blocks, _marks(freezes, one), _marks(upkeep, one), more))
    return found


def _marks(windows: Sequence[tuple[Any, Sequence[Span]]], day: Stretch) -> list[Bar]:
    return [
        Bar(window, *spot)
        for window, spans in windows
        for span in spans
        if (spot := day.place(span)) is not None
    ]


def _beside(placed: list[tuple[Row, float, float]], most: int) -> tuple[list[Block], int]:
    """Blocks that overlap stand beside each other, at most `most`."""
    ends: list[float] = []
    spots, more = [], 0
    for row, top, height in placed:
        column = next((n for n, end in enumerate(ends) if end <= top), len(ends))
        if column >= most:
            more += 1
            continue
        # A short change still needs a line for its name.
        low = top + max(height, 4)
        if column == len(ends):
            ends.append(low)
        ends[column] = low
        spots.append((row, top, height, column))
    return [Block(*spot, max(len(ends), 1)) for spot in spots], more
