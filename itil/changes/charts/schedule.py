"""The change calendar as a picture: bars in lanes, days of a month, hours of a week.

Arithmetic over rows that were read before; makes no query. Positions are percent of the stretch
that is shown, along real time, so that a day of 23 hours is as wide as it is long.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from itil.calendars.hours.walltime import minutes_epoch, moment_of
from itil.changes.hours import Span, overlap
from itil.changes.lifecycle import ENDED, ChangeType, Status
from itil.changes.models import ConflictStatus

_DAY = timedelta(days=1)
# Beside its bar a name needs about so much of the stretch, in percent.
_NAME_WIDTH = 21
MOST_LINES = 5
MOST_A_DAY = 4
MOST_OCCURRENCES = 60


class Look(NamedTuple):
    """How a bar looks and what its icon says."""

    css: str
    icon: str
    label: str | Promise


CONFLICT = Look("cf", icon="alert-triangle", label=_("conflict"))
EMERGENCY = Look("em", icon="bolt", label=_("emergency"))
WAITING = Look("pe", icon="clock", label=_("waiting for approval"))
RUNNING = Look("ap", icon="player-play", label=_("in implementation"))
OVER = Look("ov", icon="checks", label=_("carried out"))
APPROVED = Look("ap", icon="check", label=_("approved"))


class Row(NamedTuple):
    """A planned change as it is read for the calendar; the order is that of `COLUMNS`."""

    pk: int
    number: str
    title: str
    start: datetime
    end: datetime
    status: str
    type: str
    risk: str
    conflict_status: str
    service: int | None
    version: int

    @property
    def look(self) -> Look:
        if self.status in ENDED or self.status == Status.REVIEW:
            return OVER
        if self.conflict_status in (ConflictStatus.WARNING, ConflictStatus.BLOCKED):
            return CONFLICT
        if self.type == ChangeType.EMERGENCY:
            return EMERGENCY
        if self.status == Status.IMPLEMENTATION:
            return RUNNING
        return APPROVED if self.status == Status.SCHEDULED else WAITING

    @property
    def span(self) -> Span:
        return self.start, self.end


COLUMNS = (
    "pk",
    "number",
    "title",
    "planned_start",
    "planned_end",
    "status",
    "change_type",
    "risk",
    "conflict_status",
    "service_id",
    "version",
)


@dataclass(frozen=True)
class Stretch:
    """The days that are shown, in the zone of the viewer."""

    zone: ZoneInfo
    first: date
    days: int

    @property
    def last(self) -> date:
        return self.first + (self.days - 1) * _DAY

    def midnight(self, day: date) -> datetime:
        return moment_of(minutes_epoch(self.zone, day, 0))

    @cached_property
    def midnights(self) -> list[datetime]:
        """The instants at which the days begin, and the one at which the last ends."""
        return [self.midnight(self.first + n * _DAY) for n in range(self.days + 1)]

    @cached_property
    def span(self) -> Span:
        return self.midnights[0], self.midnights[-1]

    @property
    def dates(self) -> list[date]:
        return [self.first + n * _DAY for n in range(self.days)]

    def place(self, span: Span) -> tuple[float, float] | None:
        """Where the visible part begins and how long it is, in percent; None when unseen."""
        seen = overlap(span, self.span)
        if seen is None:
            return None
        start, end = self.span
        whole = (end - start).total_seconds()
        left = (seen[0] - start).total_seconds() / whole * 100
        return round(left, 2), round((seen[1] - seen[0]).total_seconds() / whole * 100, 2)


@dataclass(frozen=True)
class Bar:
    """Something in a lane: from `left`, `width` long, on `line`, all but the line in percent."""

    row: Any
    left: float
    width: float
    line: int = 0
    # Its name stands before the bar where there is no room behind it, inside where it fits.
    name_at: str = "after"


@dataclass
class Lane:
    """The changes of one service."""

    name: str
    bars: list[Bar] = field(default_factory=list)
    freezes: list[Bar] = field(default_factory=list)
    lines: int = 1
    more: int = 0
    key: int | None = None


def lanes(
    rows: Iterable[Row], stretch: Stretch, services: dict[int, str], other: str
) -> list[Lane]:
    """A lane for each service that has a change here, by name; those without a service last."""
    groups: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.service].append(row)
    order = sorted((key for key in groups if key is not None), key=lambda key: services[key])
    keys: list[int | None] = [*order, *([None] if None in groups else [])]
    return [
        _lane(Lane(services[key] if key is not None else other, key=key), groups[key], stretch)
        for key in keys
    ]


def _lane(lane: Lane, rows: list[Row], stretch: Stretch) -> Lane:
    """Bars on as few lines as keep bars and their names apart."""
    ends: list[float] = []
    for row in rows:
        placed = stretch.place(row.span)
        if placed is None:
            continue
        left, width = placed
        if width > _NAME_WIDTH:
            name_at, low, high = "in", left, left + width
        elif left + width + _NAME_WIDTH > 100:
            name_at, low, high = "before", left - _NAME_WIDTH, left + width
        else:
            name_at, low, high = "after", left, left + width + _NAME_WIDTH
        line = next((n for n, end in enumerate(ends) if end <= low), len(ends))
        if line >= MOST_LINES:
            lane.more += 1
            continue
        if line == len(ends):
            ends.append(high)
        ends[line] = high
        lane.bars.append(Bar(row, left, width, line + 1, name_at))
    lane.lines = max(len(ends), 1)
    return lane


def strips(windows: Iterable[tuple[Any, Sequence[Span]]], stretch: Stretch) -> list[Lane]:
    """Windows with their occurrences as one row of bars, on as few lines as keep them apart."""
    lane, ends = Lane(""), []
    found = [
        (*placed, window)
        for window, spans in windows
        for span in spans
        if (placed := stretch.place(span)) is not None
    ]
    for left, width, window in sorted(found, key=lambda one: one[:2])[:MOST_OCCURRENCES]:
        line = next((n for n, end in enumerate(ends) if end <= left + 0.01), len(ends))
        if line == len(ends):
            ends.append(0.0)
        ends[line] = left + width
        lane.bars.append(Bar(window, left, width, line + 1, "in" if width > 6 else "none"))
    lane.lines = max(len(ends), 1)
    return [lane] if lane.bars else []


def hatch(
    found: Iterable[Lane],
    freezes: Iterable[tuple[Any, frozenset[int], Sequence[Span]]],
    stretch: Stretch,
) -> None:
    """Mark in each lane the freezes that cover its service."""
    marks = [
        (services, Bar(window, *placed))
        for window, services, spans in freezes
        for span in spans
        if (placed := stretch.place(span)) is not None
    ]
    for lane in found:
        lane.freezes = [bar for services, bar in marks if not services or lane.key in services]


# --- A month -------------------------------------------------------------------------------------


@dataclass
class Day:
    """One day of a month with what is planned on it."""

    on: date
    is_other_month: bool
    rows: list[Row] = field(default_factory=list)
    freezes: list[Any] = field(default_factory=list)
    upkeep: list[Any] = field(default_factory=list)
    more: int = 0


def weeks(rows: Sequence[Row], stretch: Stretch, month: int) -> list[list[Day]]:
    """The days in weeks, each with its changes in order of start."""
    days = [Day(day, day.month != month) for day in stretch.dates]
    for row in rows:
        for here in days[slice(*_places(row.span, stretch))]:
            if len(here.rows) < MOST_A_DAY:
                here.rows.append(row)
            else:
                here.more += 1
    return [days[n : n + 7] for n in range(0, len(days), 7)]


def mark_days(
    found: list[list[Day]],
    windows: Iterable[tuple[Any, Sequence[Span]]],
    stretch: Stretch,
    name: str,
) -> None:
    """Write the windows into the days that they touch, each once a day."""
    days = {day.on: getattr(day, name) for week in found for day in week}
    for window, spans in windows:
        for span in spans:
            for day in touched(span, stretch):
                if window not in days[day]:
                    days[day].append(window)


def touched(span: Span, stretch: Stretch) -> list[date]:
    """The shown dates that have a moment of `[start, end)`."""
    first, last = _places(span, stretch)
    return [stretch.first + n * _DAY for n in range(first, last)]


def _places(span: Span, stretch: Stretch) -> tuple[int, int]:
    """From which to before which of the shown days there is a moment of `[start, end)`."""
    start, end = span
    first = max(bisect_right(stretch.midnights, start) - 1, 0)
    return first, min(bisect_left(stretch.midnights, end), stretch.days)


# --- A week --------------------------------------------------------------------------------------


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


def columns(
    rows: Sequence[Row],
    stretch: Stretch,
    freezes: Sequence[tuple[Any, Sequence[Span]]],
    upkeep: Sequence[tuple[Any, Sequence[Span]]],
) -> list[Column]:
    """The days of a week, with what is on in each."""
    on_day: list[list[Row]] = [[] for _day in stretch.dates]
    for row in rows:
        for here in on_day[slice(*_places(row.span, stretch))]:
            here.append(row)
    found = []
    for day, here in zip(stretch.dates, on_day, strict=True):
        one = Stretch(stretch.zone, day, 1)
        placed = [(row, *spot) for row in here if (spot := one.place(row.span)) is not None]
        blocks, more = _beside(placed)
        found.append(Column(day, blocks, _marks(freezes, one), _marks(upkeep, one), more))
    return found


def _marks(windows: Sequence[tuple[Any, Sequence[Span]]], day: Stretch) -> list[Bar]:
    return [
        Bar(window, *spot)
        for window, spans in windows
        for span in spans
        if (spot := day.place(span)) is not None
    ]


def _beside(placed: list[tuple[Row, float, float]]) -> tuple[list[Block], int]:
    """Blocks that overlap stand beside each other, as many as there is room for."""
    ends: list[float] = []
    spots, more = [], 0
    for row, top, height in placed:
        column = next((n for n, end in enumerate(ends) if end <= top), len(ends))
        if column >= MOST_BESIDE:
            more += 1
            continue
        # A short change still needs a line for its name.
        low = top + max(height, 4)
        if column == len(ends):
            ends.append(low)
        ends[column] = low
        spots.append((row, top, height, column))
    return [Block(*spot, max(len(ends), 1)) for spot in spots], more


# --- Which days are shown ------------------------------------------------------------------------

VIEWS = ("timeline", "month", "week")


def stretch_of(view: str, on: date, zone: ZoneInfo) -> Stretch:
    """Two weeks, the weeks of a month, or a week around `on`; weeks begin on Monday."""
    monday = on - on.weekday() * _DAY
    if view == "week":
        return Stretch(zone, monday, 7)
    if view == "month":
        first = on.replace(day=1)
        begin = first - first.weekday() * _DAY
        last = (first + 32 * _DAY).replace(day=1) - _DAY
        days = ((last - begin).days // 7 + 1) * 7
        return Stretch(zone, begin, days)
    return Stretch(zone, monday, 14)


def step_of(view: str, on: date, forward: int) -> date:
    """A date in the stretch after (1) or before (-1) that of `on`."""
    if view == "month":
        first = on.replace(day=1)
        return (first + 32 * _DAY).replace(day=1) if forward > 0 else (first - _DAY).replace(day=1)
    return on + forward * (7 if view == "week" else 14) * _DAY


def noon(day: date, zone: ZoneInfo) -> datetime:
    """A moment for the name of a day."""
    return datetime.combine(day, time(12), zone)
