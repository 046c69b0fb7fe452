"""From wall time to instants and back (`SLA-13`). Instants are epoch seconds inside."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def epoch_of(moment: datetime) -> int:
    """The epoch second of an aware datetime, cut to whole seconds."""
    return (moment - EPOCH) // SECOND


def moment_of(seconds: int) -> datetime:
    """The UTC instant of an epoch second."""
    return EPOCH + timedelta(seconds=seconds)


def year_start(year: int) -> int:
    """The epoch second at which a year begins in UTC."""
    return epoch_of(datetime(year, 1, 1, tzinfo=UTC))


def wall_epoch(zone: ZoneInfo, wall: datetime, *, is_end: bool = False) -> int:
    """The epoch second of a naive wall time in `zone` (`SLA-13`).

    A wall time that does not exist is the instant of the jump; of one that occurs twice the first
    is taken, and the second when it `is_end` of an opening.
    """
    there = wall.replace(tzinfo=zone)
    # An aware datetime is turned into UTC by itself here; the two folds differ around a change.
    first, second = epoch_of(there), epoch_of(there.replace(fold=1))
    if first == second:
        return first
    if first > second:
        return _jump(zone, second - 1, first)
    return second if is_end else first


def at_wall(zone: ZoneInfo, wall: datetime) -> datetime:
    """The UTC instant of a naive wall time in `zone`, resolved as by `wall_epoch`."""
    return moment_of(wall_epoch(zone, wall))


def minutes_epoch(zone: ZoneInfo, on: date, minutes: int, *, is_end: bool = False) -> int:
    """The epoch second of so many minutes after the local midnight of `on`, on the wall clock."""
    wall = datetime(on.year, on.month, on.day) + minutes * MINUTE  # noqa: DTZ001
    return wall_epoch(zone, wall, is_end=is_end)


def _jump(zone: ZoneInfo, low: int, high: int) -> int:
    """The epoch second in (low, high] at which the offset of `zone` changes."""
    before = moment_of(low).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if moment_of(middle).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
