"""The time of a clock cut into stretches: counted, paused, closed, each with its business seconds.

Pure arithmetic over a schedule: neither clocks nor events are known here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from itil.calendars.hours import Schedule, between, holiday_name, is_holiday, openings_on

from .causes import Cause

# So many openings in a row that nothing happened in are told in one line.
FOLD_FROM = 4
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Doing(StrEnum):
    """What a clock does for some time."""

    RUNNING = "running"
    PAUSED = "paused"
    # Stopped, and later made to go on: reopened, or back with the team.
    STOPPED = "stopped"


class Kind(StrEnum):
    """What a line of the account is about."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CLOSED = "closed"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Segment:
    """What the clock did in `[start, end)`, whether or not the desk was open."""

    start: datetime
    end: datetime
    doing: Doing
    # What began it, for people.
    cause: Cause | None = None
    # Still to come: from now to the due time.
    is_ahead: bool = False
    # After the due time.
    is_late: bool = False


@dataclass(frozen=True)
class SpecialDay:
    """A local date whose hours differ from the week; `name` says why in words."""

    on: date
    name: str
    is_holiday: bool


@dataclass(frozen=True)
class ClockChange:
    """The clocks of the zone change at the instant `at` by so many seconds, forward or back."""

    at: datetime
    seconds: int


@dataclass(frozen=True)
class Stretch:
    """One line of the account: `[start, end)` in which the same was true all the time.

    `seconds` is the business time that counts, `left_out` that of a pause. `total` is what is used
    up at its end.
    """

    kind: Kind
    start: datetime
    end: datetime
    seconds: int = 0
    left_out: int = 0
    total: int = 0
    cause: Cause | None = None
    specials: tuple[SpecialDay, ...] = ()
    changes: tuple[ClockChange, ...] = ()
    # More than one where several like it are told together.
    openings: int = 1
    is_ahead: bool = False
    is_late: bool = False


def openings_between(
    schedule: Schedule, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """The openings of the schedule within `[start, end)`, clipped, touching ones merged."""
    zone = ZoneInfo(schedule.zone)
    # A shift may begin the evening before, and run into the next morning.
    on, last = start.astimezone(zone).date() - 2 * _DAY, end.astimezone(zone).date() + _DAY
    found: list[tuple[datetime, datetime]] = []
    while on <= last:
        for opens, closes in openings_on(schedule, on):
            opens, closes = max(opens, start), min(closes, end)
            if opens >= closes:
                continue
            if found and opens <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], closes))
            else:
                found.append((opens, closes))
        on += _DAY
    return found


def special_days(schedule: Schedule, start: datetime, end: datetime) -> tuple[SpecialDay, ...]:
    """The days whose holiday, half day or closing took regular hours out of `[start, end)`."""
    zone = ZoneInfo(schedule.zone)
    regular = replace(
        schedule, holidays=frozenset(), half_days=(), closings=(), openings=(), public_holidays=None
    )
    halves = {day for day, _from, _to in schedule.half_days}
    closings = {day for day, _from, _to in schedule.closings}
    on, last = start.astimezone(zone).date() - _DAY, end.astimezone(zone).date()
    found = []
    while on <= last:
        if is_holiday(schedule, on):
            kind = _("Holiday")
        elif on in halves:
            kind = _("Half day")
        elif on in closings:
            kind = _("Closed by exception")
        else:
            kind = ""
        spans = openings_on(regular, on) if kind else []
        if any(opens < end and closes > start for opens, closes in spans):
            name = holiday_name(schedule, on) or kind
            found.append(SpecialDay(on, name, is_holiday(schedule, on)))
        on += _DAY
    return tuple(found)


def names_of(days: Iterable[SpecialDay]) -> str:
    """What the days are called, each name once."""
    return ", ".join(dict.fromkeys(day.name for day in days))


def changes_within(zone: ZoneInfo, start: datetime, end: datetime) -> tuple[ClockChange, ...]:
    """The changes of the zone's clocks in `(start, end)`, found to the second."""
    step = timedelta(hours=12)
    at = start
    found = []
    while at < end:
        after = min(at + step, end)
        if at.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found.append(_jump(zone, at, after))
        at = after
    return tuple(found)


def _jump(zone: ZoneInfo, low: datetime, high: datetime) -> ClockChange:
    before = low.astimezone(zone).utcoffset() or timedelta()
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if (middle.astimezone(zone).utcoffset() or timedelta()) == before:
            low = middle
        else:
            high = middle
    after = high.astimezone(zone).utcoffset() or timedelta()
    return ClockChange(high, (after - before) // _SECOND)


# --- Lines -------------------------------------------------------------------------------------


def lines_of(
    schedule: Schedule, segments: Iterable[Segment], cuts: Iterable[datetime]
) -> list[Stretch]:
    """The segments as lines, in order; none of them reaches over one of the instants `cuts`.

    The counted seconds of all lines add up to the business time within the running segments.
    """
    instants = sorted(cuts)
    total = 0
    found: list[Stretch] = []
    for segment in segments:
        for part in _cut(segment, instants):
            for line in _folded(list(_lines(schedule, part))):
                total += line.seconds
                found.append(replace(line, total=total))
    return found


def _cut(segment: Segment, instants: list[datetime]) -> Iterator[Segment]:
    start = segment.start
    for at in instants:
        if start < at < segment.end:
            yield replace(segment, start=start, end=at)
            start = at
    if start < segment.end:
        yield replace(segment, start=start)


def _lines(schedule: Schedule, segment: Segment) -> Iterator[Stretch]:
    """One line for a pause; of running time a line for each opening and each gap."""
    if segment.doing != Doing.RUNNING:
        yield _line(schedule, segment, Kind(segment.doing), segment.start, segment.end)
        return
    at = segment.start
    for opens, closes in openings_between(schedule, segment.start, segment.end):
        if at < opens:
            yield _line(schedule, segment, Kind.CLOSED, at, opens)
        yield _line(schedule, segment, Kind.RUNNING, opens, closes)
        at = closes
    if at < segment.end:
        yield _line(schedule, segment, Kind.CLOSED, at, segment.end)


def _line(
    schedule: Schedule, segment: Segment, kind: Kind, start: datetime, end: datetime
) -> Stretch:
    specials = special_days(schedule, start, end) if kind != Kind.RUNNING else ()
    if kind == Kind.CLOSED and any(day.is_holiday for day in specials):
        kind = Kind.HOLIDAY
    counts = kind == Kind.RUNNING
    seconds = between(schedule, start, end) if counts or kind in (Kind.PAUSED, Kind.STOPPED) else 0
    return Stretch(
        kind=kind,
        start=start,
        end=end,
        seconds=seconds if counts else 0,
        left_out=0 if counts else seconds,
        cause=segment.cause,
        specials=specials,
        changes=changes_within(ZoneInfo(schedule.zone), start, end) if counts else (),
        is_ahead=segment.is_ahead,
        is_late=segment.is_late,
    )


def _folded(lines: list[Stretch]) -> Iterator[Stretch]:
    """Long rows of openings, with nights and weekends between them, as one line each.

    The first and the last opening stay as they are: something happened there. So do openings with
    a clock change, and everything around holidays.
    """
    run: list[Stretch] = []
    for place, line in enumerate(lines):
        inside = 0 < place < len(lines) - 1
        is_plain = not line.changes and not line.specials
        if inside and is_plain and line.kind in (Kind.RUNNING, Kind.CLOSED):
            run.append(line)
            continue
        yield from _as_one(run)
        run = []
        yield line
    yield from _as_one(run)


def _as_one(run: list[Stretch]) -> Iterator[Stretch]:
    """The openings of `run` as one line, with what stands before the first and after the last."""
    places = [place for place, line in enumerate(run) if line.kind == Kind.RUNNING]
    if len(places) < FOLD_FROM:
        yield from run
        return
    first, last = places[0], places[-1]
    yield from run[:first]
    yield replace(
        run[first],
        end=run[last].end,
        seconds=sum(line.seconds for line in run),
        openings=len(places),
    )
    yield from run[last + 1 :]
