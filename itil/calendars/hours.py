"""Business time: when a schedule is open, and how much of it lies between two instants.

Pure arithmetic: no database, no settings, no clock of its own. Instants are aware datetimes and
come back in UTC; they are cut to whole seconds. Durations are integers of seconds. Wall times are
minutes after local midnight. The rules are those of domain 4.3 (`SLA-11` to `SLA-14`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60
# A schedule without an opening for this long is an error of whoever entered it (`SLA-11`).
LONGEST_PAUSE_DAYS = 400

SHIFT_START_DAY = "shift_start_day"
CIVIL_DAY = "civil_day"

Span = tuple[int, int]
Dated = tuple[date, int, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


class NeverOpenError(ValueError):
    """The schedule has no opening for so long that no due time can be given."""


@dataclass(frozen=True)
class Week:
    """The openings of a week as (weekday, start, end), Monday 0, valid from a local date on.

    `end <= start` ends on the following day; `end` may be 1440 (24:00).
    """

    intervals: tuple[tuple[int, int, int], ...]
    effective_from: date | None = None


@dataclass(frozen=True)
class Schedule:
    """Opening hours in one zone.

    `half_days`, `closings` and `openings` are (date, start, end); of a half day the span is what
    stays open. `public_holidays` gives the dates of a year on demand, added to `holidays`.
    `always_open` stands in for a week of seven whole days.
    """

    zone: str
    weeks: tuple[Week, ...] = ()
    holidays: frozenset[date] = frozenset()
    half_days: tuple[Dated, ...] = ()
    closings: tuple[Dated, ...] = ()
    openings: tuple[Dated, ...] = ()
    always_open: bool = False
    holiday_policy: str = SHIFT_START_DAY
    public_holidays: Callable[[int], Iterable[date]] | None = field(default=None, compare=False)
    _built: "_Built" = field(
        default_factory=lambda: _Built(), init=False, repr=False, compare=False
    )


@dataclass
class _Built:
    """What was worked out about a schedule so far."""

    days: dict[str, dict[date, list[Span]]] = field(default_factory=dict)
    public_holidays: dict[int, frozenset[date]] = field(default_factory=dict)
    table: "_Table | None" = None


@dataclass(frozen=True)
class _Table:
    """Every opening of some whole years as epoch seconds, sorted and disjoint.

    `totals[i]` is the open time before opening `i`, `totals_after[i]` after it. Look-ups are right
    for instants from `first` to `last`.
    """

    first_year: int
    last_year: int
    first: int
    last: int
    starts: list[int]
    ends: list[int]
    totals: list[int]
    totals_after: list[int]


# --- The openings of a date ------------------------------------------------------------------


def _overnight(start: int, end: int) -> Span:
    return (start, end) if end > start else (start, end + MINUTES_A_DAY)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans; overlapping and touching ones become one (`SLA-11`)."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _without(spans: list[Span], hole: Span) -> list[Span]:
    kept = []
    for start, end in spans:
        kept.append((start, min(end, hole[0])))
        kept.append((max(start, hole[1]), end))
    return [(start, end) for start, end in kept if start < end]


def _within(spans: list[Span], frames: list[Span]) -> list[Span]:
    cut = [(max(s, a), min(e, b)) for s, e in spans for a, b in frames]
    return [(start, end) for start, end in cut if start < end]


def _days(schedule: Schedule, kind: str) -> dict[date, list[Span]]:
    """The dated spans of one kind by date, sorted out once per schedule."""
    if kind not in schedule._built.days:
        by_date: dict[date, list[Span]] = {}
        for on, start, end in getattr(schedule, kind):
            by_date.setdefault(on, []).append(_overnight(start, end))
        schedule._built.days[kind] = by_date
    return schedule._built.days[kind]


def is_holiday(schedule: Schedule, on: date) -> bool:
    """True when the local date `on` is a full holiday; half days are none."""
    if on in schedule.holidays:
        return True
    if schedule.public_holidays is None:
        return False
    years = schedule._built.public_holidays
    if on.year not in years:
        years[on.year] = frozenset(schedule.public_holidays(on.year))
    # A half day entered by hand for a public holiday opens that part of it.
    return on in years[on.year] and on not in _days(schedule, "half_days")


def _weekly(schedule: Schedule, on: date) -> list[Span]:
    if schedule.always_open:
        return [(0, MINUTES_A_DAY)]
    valid = [w for w in schedule.weeks if w.effective_from is None or w.effective_from <= on]
    if not valid:
        return []
    week = max(valid, key=lambda w: w.effective_from or date.min)
    weekday = on.weekday()
    return [_overnight(start, end) for day, start, end in week.intervals if day == weekday]


def _after_holiday(schedule: Schedule, on: date, spans: list[Span], day: date) -> list[Span]:
    """What the holiday or half day `day` leaves of the spans anchored at `on`."""
    if is_holiday(schedule, day):
        return []
    open_parts = _days(schedule, "half_days").get(day)
    if open_parts is None:
        return spans
    shift = (day - on).days * MINUTES_A_DAY
    return _within(spans, [(start + shift, end + shift) for start, end in open_parts])


def _spans_on(schedule: Schedule, on: date) -> list[Span]:
    """The openings anchored at the local date `on`, minutes after its midnight (`SLA-12`).

    Exceptional closings are wall times: one on the following morning also cuts a night shift that
    began the evening before. Exceptional openings are added last and win over everything.
    """
    spans = _merged(_weekly(schedule, on))
    if schedule.holiday_policy == CIVIL_DAY:
        today = _within(spans, [(0, MINUTES_A_DAY)])
        tomorrow = _within(spans, [(MINUTES_A_DAY, 2 * MINUTES_A_DAY)])
        spans = _after_holiday(schedule, on, today, on)
        if tomorrow:
            spans += _after_holiday(schedule, on, tomorrow, on + _DAY)
    elif spans:
        spans = _after_holiday(schedule, on, spans, on)
    closings = _days(schedule, "closings")
    if closings and spans:
        for days in (-1, 0, 1):
            for start, end in closings.get(on + timedelta(days=days), ()):
                shift = days * MINUTES_A_DAY
                spans = _without(spans, (start + shift, end + shift))
    return _merged(spans + _days(schedule, "openings").get(on, []))


# --- From wall time to instants ----------------------------------------------------------------


def _jump(zone: ZoneInfo, low: int, high: int) -> int:
    """The epoch second in (low, high] at which the offset of `zone` changes."""
    before = (_EPOCH + timedelta(seconds=low)).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if (_EPOCH + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _instant(zone: ZoneInfo, on: date, minutes: int, *, is_end: bool) -> int:
    """The epoch second of a wall time (`SLA-13`).

    A wall time that does not exist is the instant of the jump; of one that occurs twice a start
    takes the first and an end the second.
    """
    wall = datetime(on.year, on.month, on.day, tzinfo=zone) + minutes * _MINUTE
    # An aware datetime is turned into UTC by itself here; the two folds differ around a change.
    first, second = _seconds(wall), _seconds(wall.replace(fold=1))
    if first == second:
        return first
    if first > second:
        return _jump(zone, second - 1, first)
    return second if is_end else first


def _openings_of(schedule: Schedule, on: date, zone: ZoneInfo) -> list[Span]:
    return [
        (_instant(zone, on, start, is_end=False), _instant(zone, on, end, is_end=True))
        for start, end in _spans_on(schedule, on)
    ]


def openings_on(schedule: Schedule, on: date) -> list[tuple[datetime, datetime]]:
    """The openings anchored at the local date `on`, as pairs of instants in order."""
    spans = _merged(_openings_of(schedule, on, ZoneInfo(schedule.zone)))
    return [(_moment(start), _moment(end)) for start, end in spans]


# --- The table ------------------------------------------------------------------------------------


def _year_starts(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND


def _build(schedule: Schedule, first_year: int, last_year: int) -> _Table:
    zone = ZoneInfo(schedule.zone)
    spans: list[Span] = []
    # Some days more on both sides: zones are up to 14 h off, shifts run over midnight.
    on, until = date(first_year, 1, 1) - 3 * _DAY, date(last_year, 12, 31) + 3 * _DAY
    while on <= until:
        spans += _openings_of(schedule, on, zone)
        on += _DAY
    spans = _merged(spans)
    totals_after = list(accumulate(end - start for start, end in spans))
    return _Table(
        first_year=first_year,
        last_year=last_year,
        first=_year_starts(first_year),
        last=_year_starts(last_year + 1),
        starts=[start for start, _end in spans],
        ends=[end for _start, end in spans],
        totals=[0, *totals_after[:-1]],
        totals_after=totals_after,
    )


def _table(schedule: Schedule, low: int, high: int) -> _Table:
    """The table that covers the epoch seconds `low` to `high`, widened by whole years."""
    table = schedule._built.table
    if table is not None and table.first <= low and high <= table.last:
        return table
    first_year, last_year = _moment(low).year, _moment(high).year
    if table is not None:
        first_year, last_year = min(first_year, table.first_year), max(last_year, table.last_year)
    if not 2 <= first_year <= last_year <= 9997:
        raise NeverOpenError(f"No opening found in {schedule.zone} before the end of time.")
    table = _build(schedule, first_year, last_year)
    schedule._built.table = table
    return table


def _seconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _SECOND


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _open_before(table: _Table, at: int) -> int:
    """Open seconds of the table before the epoch second `at`."""
    i = bisect_right(table.starts, at) - 1
    if i < 0:
        return 0
    return table.totals[i] + min(at, table.ends[i]) - table.starts[i]


def _widened(schedule: Schedule, table: _Table) -> _Table:
    """The table with later years; NeverOpenError when they hold no opening either."""
    years = max(2, table.last_year - table.first_year)
    wider = _table(schedule, table.first, _year_starts(min(table.last_year + years, 9998)))
    if wider is table or wider.totals_after[-1:] == table.totals_after[-1:]:
        raise NeverOpenError(f"The schedule in {schedule.zone} does not open again.")
    return wider


# --- What callers ask ----------------------------------------------------------------------------


def between(schedule: Schedule, start: datetime, end: datetime) -> int:
    """Open seconds in `[start, end)`; 0 when `end` is not after `start`."""
    low, high = _seconds(start), _seconds(end)
    if high <= low:
        return 0
    table = _table(schedule, low, high)
    return _open_before(table, high) - _open_before(table, low)


def add(schedule: Schedule, start: datetime, seconds: int) -> datetime:
    """The earliest instant at which `seconds` of open time have passed since `start` (`SLA-14`).

    Time that is used up exactly at closing gives the closing time. NeverOpenError when the schedule
    has no opening left; ValueError for negative `seconds`.
    """
    if seconds < 0:
        raise ValueError("Business time is added, never taken away.")
    low = _seconds(start)
    if seconds == 0:
        return _moment(low)
    table = _table(schedule, low, low)
    while True:
        goal = _open_before(table, low) + seconds
        i = bisect_left(table.totals_after, goal)
        # An opening that the table cuts at its end may not be merged with the next one yet, but
        # its part up to `last` is complete.
        if i < len(table.starts):
            due = table.starts[i] + goal - table.totals[i]
            if due <= table.last:
                return _moment(due)
        table = _widened(schedule, table)


def is_open(schedule: Schedule, at: datetime) -> bool:
    """True when the instant `at` lies in an opening; the closing instant itself does not."""
    return next_opening(schedule, at) == _moment(_seconds(at))


def next_opening(schedule: Schedule, at: datetime) -> datetime:
    """The earliest open instant from `at` on: `at` itself while open. NeverOpenError when none."""
    low = _seconds(at)
    table = _table(schedule, low, low)
    while True:
        i = bisect_right(table.ends, low)
        if i < len(table.starts) and table.starts[i] <= table.last:
            return _moment(max(low, table.starts[i]))
        table = _widened(schedule, table)


def opens_within(schedule: Schedule, on: date, days: int = LONGEST_PAUSE_DAYS) -> bool:
    """True when some date of the `days` from `on` on has an opening (`SLA-11`)."""
    zone = ZoneInfo(schedule.zone)
    dates = (on + timedelta(days=n) for n in range(days))
    return any(end > start for day in dates for start, end in _openings_of(schedule, day, zone))
