"""Targets that are no plain duration: the noon rule and business days (`SLA-25`, `SLA-26`)."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .built import Span, Table
from .counting import next_opening
from .days import openings_on
from .schedule import LONGEST_PAUSE_DAYS, MINUTES_A_DAY, NeverOpenError, Schedule
from .table import table_for, widened
from .walltime import DAY, epoch_of, minutes_epoch, moment_of, wall_epoch

END_OF_DAY = "end_of_day"
SAME_TIME = "same_time"


def last_closing(schedule: Schedule, on: date) -> datetime | None:
    """When the desk closes for good on the working day `on`; None when it does not open.

    The closing of a night shift that begins on `on` lies on the following date.
    """
    openings = openings_on(schedule, on)
    return openings[-1][1] if openings else None


def cutoff(schedule: Schedule, start: datetime, minutes_after_midnight: int) -> datetime:
    """The due time of the "before noon" rule (`SLA-25`).

    Received on a working day before the cut-off and before the last closing: due at that closing.
    Otherwise due at the cut-off of the next working day that opens before it. Of a cut-off that the
    clocks repeat the first counts. ValueError for a cut-off that is not after midnight,
    NeverOpenError when no working day opens before it.
    """
    if not 0 < minutes_after_midnight <= MINUTES_A_DAY:
        raise ValueError("A cut-off lies after 00:00 and is 24:00 at the latest.")
    zone = ZoneInfo(schedule.zone)
    at = epoch_of(start)
    on = _local_date(schedule, at)
    table = table_for(schedule, at, at)
    today = _openings(table, on)
    if today and at < min(minutes_epoch(zone, on, minutes_after_midnight), today[-1][1]):
        return moment_of(today[-1][1])
    for _ in range(LONGEST_PAUSE_DAYS):
        while (i := bisect_right(table.working_days, on)) >= len(table.working_days):
            table = widened(schedule, table)
        on = table.working_days[i]
        limit = minutes_epoch(zone, on, minutes_after_midnight)
        if table.openings[i][0][0] < limit:
            return moment_of(limit)
    raise NeverOpenError(f"The schedule in {schedule.zone} never opens before the cut-off.")


def business_days(
    schedule: Schedule, start: datetime, days: int, snap: str = END_OF_DAY
) -> datetime:
    """The due time `days` working days after the receipt (`SLA-26`).

    Received while closed for the day: the next opening counts as the receipt. `END_OF_DAY` is due
    at the last closing of the day that is reached; `SAME_TIME` at the same wall time, or at the
    next opening of that day when it is closed then, or at its last closing when that is past. A
    receipt within a night shift belongs to the day on which the shift began. NeverOpenError when
    the schedule has too few working days, ValueError for less than one day.
    """
    if days < 1:
        raise ValueError("A target of business days is at least one day.")
    if snap not in (END_OF_DAY, SAME_TIME):
        raise ValueError(f"A business day does not end in the way {snap!r}.")
    on, received = _receipt(schedule, epoch_of(start))
    table = table_for(schedule, received, received)
    while (i := bisect_left(table.working_days, on) + days) >= len(table.working_days):
        table = widened(schedule, table)
    openings = table.openings[i]
    if snap == END_OF_DAY:
        return moment_of(openings[-1][1])
    zone = ZoneInfo(schedule.zone)
    wall = moment_of(received).astimezone(zone).replace(tzinfo=None)
    wall += table.working_days[i] - on
    return moment_of(_clamped(openings, wall_epoch(zone, wall)))


def snap_to_closing(schedule: Schedule, at: datetime) -> datetime:
    """The last closing of the working day that the instant `at` belongs to (`SLA-26`).

    A closing instant belongs to the day that it ends, an instant between two working days to the
    later one. NeverOpenError when the schedule does not open again.
    """
    second = epoch_of(at)
    table = table_for(schedule, second, second)
    on = _local_date(schedule, second)
    # The day before first: a due time at midnight is the end of the shift that ran until then.
    for day in (on - DAY, on):
        openings = _openings(table, day)
        if any(start < second <= end for start, end in openings):
            return moment_of(openings[-1][1])
    day, second = _receipt(schedule, second)
    return moment_of(_openings(table_for(schedule, second, second), day)[-1][1])


# --- Working days --------------------------------------------------------------------------------


def _local_date(schedule: Schedule, second: int) -> date:
    return moment_of(second).astimezone(ZoneInfo(schedule.zone)).date()


def _openings(table: Table, on: date) -> list[Span]:
    """The openings anchored at `on`; empty when it is no working day."""
    i = bisect_left(table.working_days, on)
    if i < len(table.working_days) and table.working_days[i] == on:
        return table.openings[i]
    return []


def _receipt(schedule: Schedule, second: int) -> tuple[date, int]:
    """The working day that counts as day 0, and the receipt, moved when closed for the day."""
    table = table_for(schedule, second, second)
    on = _local_date(schedule, second)
    for day in (on, on - DAY):
        if any(start <= second < end for start, end in _openings(table, day)):
            return day, second
    today = _openings(table, on)
    if today and second < today[-1][1]:
        return on, second
    # An open instant, so that it is found in the first loop.
    return _receipt(schedule, epoch_of(next_opening(schedule, moment_of(second))))


def _clamped(openings: list[Span], second: int) -> int:
    """`second` if it lies in an opening, else the next opening, else the last closing."""
    for start, end in openings:
        if second < end:
            return max(start, second)
    return openings[-1][1]
