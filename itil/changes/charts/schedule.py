"""The change calendar as a picture: bars in lanes, days of a month, hours of a week.

Arithmetic over rows that were read before; makes no query. Positions are percent of the stretch
that is shown, along real time, so that a day of 23 hours is as wide as it is long.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
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
    # So much of the stretch is free for the name beside the bar, in percent.
    room: float = 0


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
    lane.bars = _with_room(lane.bars)
    return lane


def _with_room(bars: list[Bar]) -> list[Bar]:
    """The bars with the room of their names: up to the neighbour on the line, or to the edge."""
    lines: dict[int, list[Bar]] = defaultdict(list)
    for bar in bars:
        lines[bar.line].append(bar)
    room: dict[int, float] = {}
    for line in lines.values():
        for before, bar, after in zip([None, *line], line, [*line[1:], None], strict=False):
            if bar.name_at == "before":
                end = before.left + before.width if before else 0.0
                # Behind it the neighbour's own name comes first.
                taken = before is not None and before.name_at == "after"
                free = float(_NAME_WIDTH) if taken else bar.left - end
            else:
                begin = after.left if after else 100.0
                begin -= _NAME_WIDTH if after and after.name_at == "before" else 0
                free = begin - bar.left - bar.width
            room[bar.row.pk] = round(max(free, 0), 2)
    return [replace(bar, room=room[bar.row.pk]) for bar in bars]


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
        for here in days[slice(*days_of(row.span, stretch))]:
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
    first, last = days_of(span, stretch)
    return [stretch.first + n * _DAY for n in range(first, last)]


def days_of(span: Span, stretch: Stretch) -> tuple[int, int]:
    """From which to before which of the shown days there is a moment of `[start, end)`."""
    start, end = span
    first = max(bisect_right(stretch.midnights, start) - 1, 0)
    return first, min(bisect_left(stretch.midnights, end), stretch.days)


# --- Which days are shown ------------------------------------------------------------------------

VIEWS = ("timeline", "month", "week", "day")


def stretch_of(view: str, on: date, zone: ZoneInfo) -> Stretch:
    """Two weeks, the weeks of a month, a week around `on`, or that day; weeks begin on Monday."""
    if view == "day":
        return Stretch(zone, on, 1)
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
    return on + forward * {"week": 7, "day": 1}.get(view, 14) * _DAY


def noon(day: date, zone: ZoneInfo) -> datetime:
    """A moment for the name of a day."""
    return datetime.combine(day, time(12), zone)
