"""The time of an account by days: which rows a picture has, and what lies in each. No pixels.

A row is a local date. It begins at midnight, or for night shifts at an hour at which the desk is
closed, so that no shift is torn apart. Minutes are those of the wall clock, counted from the
midnight of the date; of a night on which the clocks change some are missing, or come twice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from itil.calendars.hours import MINUTES_A_DAY, Schedule, at_wall
from itil.sla.clock.explaining import Account
from itil.sla.clock.stretches import (
    ClockChange,
    Doing,
    Segment,
    SpecialDay,
    changes_within,
    openings_between,
    special_days,
)

# So many days on which the same went on all day are drawn as one.
FOLD_FROM = 4
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class Pass(StrEnum):
    """Which time through an hour that the clocks repeat."""

    ONLY = ""
    FIRST = "first"
    SECOND = "second"


class Look(StrEnum):
    DAY = "day"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    FOLDED = "folded"


@dataclass(frozen=True)
class Span:
    """From one minute of the row to another."""

    start: float
    end: float
    which: Pass = Pass.ONLY


@dataclass(frozen=True)
class Piece:
    """What the clock does in a span of a row; `seconds` is the open time in it."""

    span: Span
    doing: Doing
    is_open: bool
    is_ahead: bool
    is_late: bool
    seconds: int


@dataclass(frozen=True)
class Day:
    """One row of the picture, of one date or of several that are alike."""

    look: Look
    first: date
    last: date
    start: datetime
    end: datetime
    bands: tuple[Span, ...] = ()
    pieces: tuple[Piece, ...] = ()
    specials: tuple[SpecialDay, ...] = ()
    # The changes of the clocks within opening hours.
    changes: tuple[ClockChange, ...] = ()
    # Days with openings among those that are drawn as one.
    working_days: int = 1

    @property
    def counted(self) -> int:
        """Business seconds that count, up to now."""
        return sum(piece.seconds for piece in self.pieces if _counts(piece) and not piece.is_ahead)

    @property
    def ahead(self) -> int:
        """Business seconds that will count."""
        return sum(piece.seconds for piece in self.pieces if _counts(piece) and piece.is_ahead)

    @property
    def left_out(self) -> int:
        """Open seconds of pauses."""
        return sum(piece.seconds for piece in self.pieces if not _counts(piece))


def _counts(piece: Piece) -> bool:
    return piece.doing == Doing.RUNNING


@dataclass(frozen=True)
class Plan:
    """The rows of an account, and where an instant lies in them."""

    zone: ZoneInfo
    cut: int
    days: tuple[Day, ...] = field(default=())

    def minute(self, day: Day, at: datetime) -> float:
        """The minute of the row at which the wall clock shows `at`."""
        return _minute(self.zone, day.first, at)

    def row_of(self, at: datetime) -> Day | None:
        """The row that shows the instant; rows of several days show none."""
        for day in self.days:
            if day.start <= at < day.end:
                return day if day.first == day.last and day.look != Look.FOLDED else None
        return None


def plan(account: Account) -> Plan:
    """The rows from the start of the clock to now, the stop or the due time."""
    segments = account.segments
    zone = ZoneInfo(account.zone)
    if not segments:
        return Plan(zone, 0)
    points = [point.at for point in account.milestones]
    start, end = segments[0].start, max([segments[-1].end, *_near(points, segments[-1].end)])
    cut = _cut(account.schedule, zone, start, end)
    day = _date(zone, cut, start)
    openings = openings_between(account.schedule, start - _DAY, end + 2 * _DAY)
    rows = []
    while (row := _row(account.schedule, zone, cut, day, segments, openings)).start <= end:
        rows.append(row)
        day += _DAY
        if row.end > end:
            break
    edges = {*points, *(segment.start for segment in segments)}
    return Plan(zone, cut, tuple(_gathered(rows, edges)))


def _near(points: Iterable[datetime], end: datetime) -> list[datetime]:
    """Points after the end that are worth a row or two: a due time that was not needed."""
    return [at for at in points if end < at < end + 3 * _DAY]


# --- One row -----------------------------------------------------------------------------------


def _minute(zone: ZoneInfo, on: date, at: datetime) -> float:
    local = at.astimezone(zone).replace(tzinfo=None)
    return (local - datetime(on.year, on.month, on.day)) / _MINUTE  # noqa: DTZ001 - wall times


def _date(zone: ZoneInfo, cut: int, at: datetime) -> date:
    return (at.astimezone(zone).replace(tzinfo=None) - cut * _MINUTE).date()


def _instant(zone: ZoneInfo, on: date, minute: int) -> datetime:
    midnight = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a wall time
    return at_wall(zone, midnight + minute * _MINUTE)


def _cut(schedule: Schedule, zone: ZoneInfo, start: datetime, end: datetime) -> int:
    """The minute of the day at which rows begin: midnight, or the middle of the longest time that
    is always closed when shifts run over midnight.
    """
    taken = [False] * 24
    over_midnight = False
    for opens, closes in openings_between(schedule, start - 7 * _DAY, end + 7 * _DAY):
        first = _minute(zone, opens.astimezone(zone).date(), opens)
        last = first + (closes - opens) / _MINUTE
        if last - first >= MINUTES_A_DAY:
            return 0
        over_midnight |= first < MINUTES_A_DAY < last
        for hour in range(int(first // 60), int(-(-last // 60))):
            taken[hour % 24] = True
    if not over_midnight or all(taken):
        return 0
    length, hour = max((_free_from(taken, hour), hour) for hour in range(24))
    return (hour + length // 2) % 24 * 60


def _free_from(taken: list[bool], hour: int) -> int:
    """How many hours from this one on are not taken, around midnight."""
    return next(n for n in range(24) if taken[(hour + n) % 24])


def _row(
    schedule: Schedule,
    zone: ZoneInfo,
    cut: int,
    on: date,
    segments: Iterable[Segment],
    everything: list[tuple[datetime, datetime]],
) -> Day:
    start, end = _instant(zone, on, cut), _instant(zone, on + _DAY, cut)
    openings = _within(everything, start, end)
    changes = changes_within(zone, start, end)
    specials = special_days(schedule, start, end)
    bands = tuple(
        span for opens, closes in openings for span in _spans(zone, on, opens, closes, changes)
    )
    pieces = tuple(
        piece
        for segment in segments
        if segment.start < end and start < segment.end
        for piece in _pieces(schedule, zone, on, segment, (start, end), openings, changes)
    )
    look = Look.DAY
    if not openings:
        look = Look.HOLIDAY if any(day.is_holiday for day in specials) else Look.CLOSED
    noticed = tuple(
        change
        for change in changes
        if any(opens < change.at < closes for opens, closes in openings)
    )
    return Day(look, on, on, start, end, bands, pieces, specials, noticed)


def _within(
    openings: list[tuple[datetime, datetime]], start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Those openings, or their parts, that lie in `[start, end)`."""
    first = max(0, bisect_right(openings, start, key=lambda pair: pair[0]) - 1)
    last = bisect_left(openings, end, key=lambda pair: pair[0])
    clipped = [(max(a, start), min(b, end)) for a, b in openings[first:last]]
    return [(a, b) for a, b in clipped if a < b]


def _pieces(
    schedule: Schedule,
    zone: ZoneInfo,
    on: date,
    segment: Segment,
    window: tuple[datetime, datetime],
    openings: list[tuple[datetime, datetime]],
    changes: tuple[ClockChange, ...],
) -> Iterator[Piece]:
    low, high = max(segment.start, window[0]), min(segment.end, window[1])
    edges = sorted({low, high, *(at for pair in openings for at in pair if low < at < high)})
    for start, end in zip(edges, edges[1:], strict=False):
        is_open = any(opens <= start and end <= closes for opens, closes in openings)
        for part in _parts(start, end, changes):
            for span in _spans(zone, on, *part, changes):
                yield Piece(
                    span=span,
                    doing=segment.doing,
                    is_open=is_open,
                    is_ahead=segment.is_ahead,
                    is_late=segment.is_late,
                    seconds=round((span.end - span.start) * 60) if is_open else 0,
                )


def _parts(
    start: datetime, end: datetime, changes: tuple[ClockChange, ...]
) -> Iterator[tuple[datetime, datetime]]:
    """The time cut where the clocks change."""
    for change in changes:
        if start < change.at < end:
            yield start, change.at
            start = change.at
    yield start, end


def _spans(
    zone: ZoneInfo,
    on: date,
    start: datetime,
    end: datetime,
    changes: tuple[ClockChange, ...],
) -> Iterator[Span]:
    """Where the time lies on the wall clock; an hour that is repeated gives spans of their own."""
    for first, last in _parts(start, end, changes):
        low = _minute(zone, on, first)
        high = low + (last - first) / _MINUTE
        back = next((one for one in changes if one.seconds < 0), None)
        if back is None:
            yield Span(low, high)
            continue
        twice = _minute(zone, on, back.at)
        until = twice - back.seconds / 60
        which = Pass.FIRST if last <= back.at else Pass.SECOND
        for a, b, inside in (
            (low, min(high, twice), Pass.ONLY),
            (max(low, twice), min(high, until), which),
            (max(low, until), high, Pass.ONLY),
        ):
            if a < b:
                yield Span(a, b, inside)


# --- Days that are alike -----------------------------------------------------------------------


def _gathered(rows: list[Day], edges: set[datetime]) -> Iterator[Day]:
    """Closed days in a row as one, and long times in which the same went on all day as one."""

    def alike(row: Day) -> tuple[object, ...]:
        busy = any(row.start <= at < row.end for at in edges)
        if busy or row.changes or row.specials:
            return (row.first,)
        return tuple(sorted({(one.doing, one.is_ahead, one.is_late) for one in row.pieces}))

    for key, group in groupby(rows, key=alike):
        days = list(group)
        working = [day for day in days if day.look == Look.DAY]
        if isinstance(key[0] if key else None, date) or not key:
            yield from days
        elif len(working) >= FOLD_FROM:
            yield _as_one(days, working)
        else:
            for is_closed, some in groupby(days, key=lambda day: day.look == Look.CLOSED):
                part = list(some)
                yield from [_as_one(part, [])] if is_closed else part


def _as_one(days: list[Day], working: list[Day]) -> Day:
    model = working[0] if working else days[0]
    return replace(
        model,
        look=Look.FOLDED if working else Look.CLOSED,
        first=days[0].first,
        last=days[-1].last,
        start=days[0].start,
        end=days[-1].end,
        pieces=_summed(model, working),
        working_days=len(working),
    )


def _summed(model: Day, days: list[Day]) -> tuple[Piece, ...]:
    """The pieces of the first day, with the seconds of all days on the first one that is open."""
    left = sum(piece.seconds for day in days for piece in day.pieces)
    pieces = []
    for piece in model.pieces:
        pieces.append(replace(piece, seconds=left if piece.is_open else 0))
        if piece.is_open:
            left = 0
    return tuple(pieces)
