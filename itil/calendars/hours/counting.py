"""How much open time lies between two instants, and when an amount of it has passed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime

from .built import Table
from .schedule import Schedule
from .table import table_for, widened
from .walltime import epoch_of, moment_of


def _open_before(table: Table, at: int) -> int:
    """Open seconds of the table before the epoch second `at`."""
    i = bisect_right(table.starts, at) - 1
    if i < 0:
        return 0
    return table.totals[i] + min(at, table.ends[i]) - table.starts[i]


def between(schedule: Schedule, start: datetime, end: datetime) -> int:
    """Open seconds in `[start, end)`; 0 when `end` is not after `start`."""
    low, high = epoch_of(start), epoch_of(end)
    if high <= low:
        return 0
    table = table_for(schedule, low, high)
    return _open_before(table, high) - _open_before(table, low)


def add(schedule: Schedule, start: datetime, seconds: int) -> datetime:
    """The earliest instant at which `seconds` of open time have passed since `start` (`SLA-14`).

    Time that is used up exactly at closing gives the closing time. NeverOpenError when the schedule
    has no opening left; ValueError for negative `seconds`.
    """
    if seconds < 0:
        raise ValueError("Business time is added, never taken away.")
    low = epoch_of(start)
    if seconds == 0:
        return moment_of(low)
    table = table_for(schedule, low, low)
    while True:
        goal = _open_before(table, low) + seconds
        i = bisect_left(table.totals_after, goal)
        # An opening that the table cuts at its end may not be merged with the next one yet, but
        # its part up to `last` is complete.
        if i < len(table.starts):
            due = table.starts[i] + goal - table.totals[i]
            if due <= table.last:
                return moment_of(due)
        table = widened(schedule, table)


def add_around(
    schedule: Schedule,
    start: datetime,
    seconds: int,
    pauses: Iterable[tuple[datetime, datetime]],
) -> datetime:
    """As `add`, where the time within `pauses` does not count (`SLA-16`).

    Pauses may come in any order and overlap; those before `start` change nothing.
    """
    at, left = start, seconds
    for pause, resume in sorted(pauses):
        if resume <= at or resume <= pause:
            continue
        if pause > at:
            passed = between(schedule, at, pause)
            if passed >= left:
                break
            left -= passed
        at = resume
    return add(schedule, at, left)


def is_open(schedule: Schedule, at: datetime) -> bool:
    """True when the instant `at` lies in an opening; the closing instant itself does not."""
    return next_opening(schedule, at) == moment_of(epoch_of(at))


def next_opening(schedule: Schedule, at: datetime) -> datetime:
    """The earliest open instant from `at` on: `at` itself while open. NeverOpenError when none."""
    low = epoch_of(at)
    table = table_for(schedule, low, low)
    while True:
        i = bisect_right(table.ends, low)
        if i < len(table.starts) and table.starts[i] <= table.last:
            return moment_of(max(low, table.starts[i]))
        table = widened(schedule, table)
