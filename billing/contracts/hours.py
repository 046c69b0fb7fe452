"""An entry cut where the contract's hours begin and end (`BIL-4`). Knows no tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from itil.calendars.hours import Schedule, is_holiday, openings_on

ONE = Decimal(1)
NORMAL, NO_TIMES = "normal", "no_times"
OUT_OF_HOURS, HOLIDAY, CALL_OUT = "out_of_hours", "holiday", "call_out"
SUNDAY = 6


@dataclass(frozen=True)
class Multipliers:
    """What hours of each kind cost more; `schedule` None: all hours are normal ones."""

    schedule: Schedule | None = None
    out_of_hours: Decimal = ONE
    holiday: Decimal = ONE
    call_out: Decimal = ONE
    call_out_activities: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Segment:
    """A part of an entry under one multiplier; `minutes` are raw."""

    minutes: int
    multiplier: Decimal = ONE
    reason: str = NORMAL
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def segments_of(
    minutes: int,
    starts_at: datetime | None,
    ends_at: datetime | None,
    multipliers: Multipliers,
    *,
    activity: int = 0,
) -> list[Segment]:
    """`minutes` of work by multiplier; the segments add up to them.

    Minutes that are fewer than the time between start and end (breaks, corrections) are spread by
    length. Without both times all of it counts as normal hours. Of several multipliers the highest
    applies, never their product.
    """
    called_out = activity in multipliers.call_out_activities
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        reason = NO_TIMES if multipliers.schedule else NORMAL
        return [Segment(minutes, *_highest(ONE, reason, multipliers, called_out=called_out))]
    # Aware datetimes of one zone are subtracted on the wall clock; those in UTC are not (`GEN-2`).
    starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    pieces = [
        (start, end, *_highest(factor, reason, multipliers, called_out=called_out))
        for start, end, factor, reason in _pieces(starts_at, ends_at, multipliers)
    ]
    return list(_with_minutes(_joined(pieces), minutes))


Piece = tuple[datetime, datetime, Decimal, str]


def _highest(
    factor: Decimal, reason: str, multipliers: Multipliers, *, called_out: bool
) -> tuple[Decimal, str]:
    if called_out and multipliers.call_out > factor:
        return multipliers.call_out, CALL_OUT
    return factor, reason


def _pieces(start: datetime, end: datetime, multipliers: Multipliers) -> Iterator[Piece]:
    """The time between, cut at local midnights and at the openings, in order."""
    schedule = multipliers.schedule
    if schedule is None:
        yield start, end, ONE, NORMAL
        return
    zone = ZoneInfo(schedule.zone)
    open_spans = _openings(schedule, zone, start, end)
    at = start
    while at < end:
        opening = next(((a, b) for a, b in open_spans if b > at), (end, end))
        if opening[0] <= at:
            stop = min(opening[1], end)
            yield at, stop, ONE, NORMAL
        else:
            stop = min(opening[0], end, _next_midnight(at, zone))
            yield at, stop, *_outside(at, zone, schedule, multipliers)
        at = stop


def _outside(
    at: datetime, zone: ZoneInfo, schedule: Schedule, multipliers: Multipliers
) -> tuple[Decimal, str]:
    """The multiplier of a moment at which the contract's hours are closed."""
    day = at.astimezone(zone).date()
    free = day.weekday() == SUNDAY or is_holiday(schedule, day)
    if free and multipliers.holiday > multipliers.out_of_hours:
        return multipliers.holiday, HOLIDAY
    return multipliers.out_of_hours, OUT_OF_HOURS


def _openings(
    schedule: Schedule, zone: ZoneInfo, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Openings of the days concerned; that of the evening before may reach into the first."""
    day, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
    found: list[tuple[datetime, datetime]] = []
    while day <= last:
        found += openings_on(schedule, day)
        day += timedelta(days=1)
    return sorted(found)


def _next_midnight(at: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
    return midnight.astimezone(at.tzinfo)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbors with the same multiplier and reason are one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1][2:] == piece[2:]:
            found[-1] = (found[-1][0], piece[1], *piece[2:])
        else:
            found.append(piece)
    return found


def _with_minutes(pieces: list[Piece], minutes: int) -> Iterator[Segment]:
    """Whole minutes by the share of real seconds, counted from the start so that none is lost."""
    whole = int((pieces[-1][1] - pieces[0][0]).total_seconds())
    passed = given = 0
    for start, end, factor, reason in pieces:
        passed += int((end - start).total_seconds())
        share = minutes * passed // whole - given if whole else 0
        given += share
        if share:
            yield Segment(share, factor, reason, start, end)
