"""Business time of many intervals at once, over arrays of epoch seconds.

The same answers as `hours.between` and `hours.add`, some thousand times faster. Web pages have no
use for it and do not load NumPy.

Open time as a function of the instant is a broken line: it rises while open. Time is cut into
buckets of equal width, narrow enough that the line rises along one piece of each at most, so that
shifting the bits of an instant finds its piece without a search. The other direction, from open
time to the instant, is a line with a jump at every closing, at most one to a bucket.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .built import Table
from .schedule import Schedule
from .table import table_for, widened

Seconds = npt.NDArray[np.int64]

# So many intervals at a time, so that what is in between stays in the cache of the processor.
_CHUNK = 1 << 14
# Bucket widths as powers of two: from 18 hours down to a minute.
_WIDTHS = range(16, 5, -1)
# Where openings lie so close together that it takes more buckets, a search is the better way.
_MOST_BUCKETS = 1 << 19
_END_OF_TIME = np.iinfo(np.int64).max


@dataclass(frozen=True)
class _Openings:
    """The openings of a table, one of no length before them all and one after its end."""

    starts: Seconds
    ends: Seconds
    totals: Seconds
    totals_after: Seconds


@dataclass(frozen=True)
class _Instants:
    """Buckets of time from `first` on: the part that is open, and what to add to an instant cut to
    that part to have the open time before it.
    """

    first: int
    width: int
    opens: Seconds
    closes: Seconds
    shift: Seconds


@dataclass(frozen=True)
class _Amounts:
    """Buckets of open time: what to add to have its instant, up to `limit` and past it."""

    width: int
    limit: Seconds
    shift: Seconds
    shift_after: Seconds


@dataclass(frozen=True)
class _Arrays:
    """A table of openings in this shape; without buckets where they would be too many."""

    table: Table
    openings: _Openings
    instants: _Instants | None
    amounts: _Amounts | None


def between(schedule: Schedule, starts: npt.ArrayLike, ends: npt.ArrayLike) -> Seconds:
    """Open seconds in each `[start, end)`, epoch seconds; 0 where the end is not after the start.

    Arrays are broadcast against each other. NeverOpenError for years that no calendar reaches.
    """
    low, high = _paired(starts, ends)
    if not low.size:
        return np.zeros(low.shape, np.int64)
    first, last = min(low.min(), high.min()), max(low.max(), high.max())
    arrays = _arrays(schedule, table_for(schedule, int(first), int(last)))

    def count(starts: Seconds, ends: Seconds) -> Seconds:
        found = _open_before(arrays, ends)
        found -= _open_before(arrays, starts)
        return np.maximum(found, 0, out=found)

    return _in_chunks(count, low, high)


def add(schedule: Schedule, starts: npt.ArrayLike, seconds: npt.ArrayLike) -> Seconds:
    """The earliest epoch seconds at which so much open time has passed since each start.

    Arrays are broadcast against each other. NeverOpenError when there is no opening left for one of
    them, ValueError for a negative duration.
    """
    low, durations = _paired(starts, seconds)
    if not low.size:
        return np.zeros(low.shape, np.int64)
    if durations.min() < 0:
        raise ValueError("Business time is added, never taken away.")
    table = table_for(schedule, int(low.min()), int(low.max()))
    while True:
        arrays = _arrays(schedule, table)

        def due(starts: Seconds, durations: Seconds, arrays: _Arrays = arrays) -> Seconds:
            goal = _open_before(arrays, starts)
            goal += durations
            return np.where(durations == 0, starts, _reached(arrays, goal))

        found = _in_chunks(due, low, durations)
        if found.max() <= table.last:
            return found
        table = widened(schedule, table)


def _paired(one: npt.ArrayLike, other: npt.ArrayLike) -> tuple[Seconds, Seconds]:
    first, second = np.broadcast_arrays(_seconds(one), _seconds(other))
    return first, second


def _seconds(values: npt.ArrayLike) -> Seconds:
    """Whole numbers as they are; TypeError for others, which are no epoch seconds."""
    found = np.asarray(values)
    if not found.size:
        return np.zeros(found.shape, np.int64)
    return found.astype(np.int64, casting="safe", copy=False)


def _in_chunks(
    count: Callable[[Seconds, Seconds], Seconds], one: Seconds, other: Seconds
) -> Seconds:
    found = np.empty(one.shape, np.int64)
    flat, one, other = found.reshape(-1), one.reshape(-1), other.reshape(-1)
    for i in range(0, flat.size, _CHUNK):
        flat[i : i + _CHUNK] = count(one[i : i + _CHUNK], other[i : i + _CHUNK])
    return found


# --- Along the line ------------------------------------------------------------------------------


def _open_before(arrays: _Arrays, at: Seconds) -> Seconds:
    """Open seconds of the table before each instant."""
    instants = arrays.instants
    if instants is None:
        rows = arrays.openings
        i = rows.starts.searchsorted(at, side="right") - 1
        return rows.totals[i] + np.minimum(at, rows.ends[i]) - rows.starts[i]
    bucket = at - instants.first
    bucket >>= instants.width
    # No bucket lies outside; clipping only saves the check.
    found = instants.opens.take(bucket, mode="clip")
    np.maximum(at, found, out=found)
    np.minimum(found, instants.closes.take(bucket, mode="clip"), out=found)
    found += instants.shift.take(bucket, mode="clip")
    return found


def _reached(arrays: _Arrays, goal: Seconds) -> Seconds:
    """The first instant with so much open time before it; one past the table if there is none."""
    amounts = arrays.amounts
    if amounts is None:
        rows = arrays.openings
        i = rows.totals_after.searchsorted(goal)
        return rows.starts[i] + goal - rows.totals[i]
    bucket = goal - 1
    bucket >>= amounts.width
    past = goal > amounts.limit.take(bucket, mode="clip")
    found = np.where(
        past,
        amounts.shift_after.take(bucket, mode="clip"),
        amounts.shift.take(bucket, mode="clip"),
    )
    found += goal
    return found


# --- The buckets ---------------------------------------------------------------------------------


def _arrays(schedule: Schedule, table: Table) -> _Arrays:
    """The arrays of this table of the schedule, made once."""
    known = schedule.built.arrays
    if isinstance(known, _Arrays) and known.table is table:
        return known
    openings = _openings(table)
    schedule.built.arrays = made = _Arrays(
        table, openings, _instants(table, openings), _amounts(openings)
    )
    return made


def _openings(table: Table) -> _Openings:
    before = min([table.first, *table.starts[:1]]) - 1
    total = table.totals_after[-1] if table.totals_after else 0
    after = max([table.last, *table.ends[-1:]]) + 1

    def column(first: int, values: list[int], last: int) -> Seconds:
        return np.array([first, *values, last], np.int64)

    return _Openings(
        column(before, table.starts, after),
        column(before, table.ends, after),
        column(0, table.totals, total),
        column(0, table.totals_after, _END_OF_TIME),
    )


def _width(one: Seconds, other: Seconds, length: int) -> int | None:
    """The widest buckets in which no value of `one` is in the bucket of the value of `other`."""
    for width in _WIDTHS:
        if (length >> width) >= _MOST_BUCKETS:
            return None
        if ((one >> width) != (other >> width)).all():
            return width
    return None


def _instants(table: Table, openings: _Openings) -> _Instants | None:
    starts, ends = openings.starts, openings.ends
    # The last second of an opening and the first of the next one.
    width = _width(
        ends[1:-2] - 1 - table.first, starts[2:-1] - table.first, table.last - table.first
    )
    if width is None:
        return None
    begins = table.first + (np.arange(((table.last - table.first) >> width) + 1) << width)
    until = begins + (1 << width)
    i = ends.searchsorted(begins, side="right")
    is_open = starts[i] < until
    opens = np.clip(starts[i], begins, until)
    return _Instants(
        first=table.first,
        width=width,
        opens=opens,
        closes=np.where(is_open, np.clip(ends[i], begins, until), opens),
        shift=openings.totals[i] - np.where(is_open, starts[i], opens),
    )


def _amounts(openings: _Openings) -> _Amounts | None:
    totals = openings.totals_after[:-1]
    width = _width(totals[:-1], totals[1:], int(totals[-1]))
    if width is None:
        return None
    begins = np.arange((totals[-1] >> width) + 1) << width
    i = openings.totals_after.searchsorted(begins, side="right")
    shift = openings.starts - openings.totals
    return _Amounts(
        width=width,
        limit=openings.totals_after[i],
        shift=shift[i],
        shift_after=shift[np.minimum(i + 1, shift.size - 1)],
    )
