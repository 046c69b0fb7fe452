"""The openings of a local date (`SLA-12`)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .built import Span
from .schedule import CIVIL_DAY, LONGEST_PAUSE_DAYS, MINUTES_A_DAY, Schedule
from .walltime import DAY, minutes_epoch, moment_of

_WHOLE_DAY: list[Span] = [(0, MINUTES_A_DAY)]


def overnight(start: int, end: int) -> Span:
    """A span whose end is not after its start ends on the following day (`SLA-11`)."""
    return (start, end) if end > start else (start, end + MINUTES_A_DAY)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans; overlapping and touching ones become one (`SLA-11`)."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _without(spans: list[Span], hole: Span) -> list[Span]:
    kept = []
    for start, end in spans:
        kept.append((start, min(end, hole[0])))
        kept.append((max(start, hole[1]), end))
    return [(start, end) for start, end in kept if start < end]


def _within(spans: list[Span], frames: list[Span]) -> list[Span]:
    cut = [(max(s, a), min(e, b)) for s, e in spans for a, b in frames]
    return [(start, end) for start, end in cut if start < end]


def _dated(schedule: Schedule, kind: str) -> dict[date, list[Span]]:
    """The dated spans of one kind by date, sorted out once per schedule."""
    if kind not in schedule.built.days:
        by_date: dict[date, list[Span]] = {}
        for on, start, end in getattr(schedule, kind):
            by_date.setdefault(on, []).append(overnight(start, end))
        schedule.built.days[kind] = by_date
    return schedule.built.days[kind]


def _public(schedule: Schedule, year: int) -> Mapping[date, str]:
    """The public holidays of a year, asked for once."""
    if schedule.public_holidays is None:
        return {}
    years = schedule.built.public_holidays
    if year not in years:
        found = schedule.public_holidays(year)
        years[year] = found if isinstance(found, Mapping) else dict.fromkeys(found, "")
    return years[year]


def is_holiday(schedule: Schedule, on: date) -> bool:
    """True when the local date `on` is a full holiday; half days are none."""
    if on in schedule.holidays:
        return True
    # A half day entered by hand for a public holiday opens that part of it.
    return on in _public(schedule, on.year) and on not in _dated(schedule, "half_days")


def holiday_name(schedule: Schedule, on: date) -> str:
    """What the holiday or half day `on` is called; empty when nobody said."""
    return schedule.names.get(on) or _public(schedule, on.year).get(on, "")


def _patterns(schedule: Schedule) -> list[tuple[date, list[list[Span]]]]:
    """The merged openings of each weekday with the date they are valid from, the latest first."""
    patterns = schedule.built.patterns
    if not patterns:
        for week in schedule.weeks:
            days = [
                merged(overnight(start, end) for day, start, end in week.intervals if day == n)
                for n in range(7)
            ]
            patterns.append((week.effective_from or date.min, days))
        patterns.sort(key=lambda pattern: pattern[0], reverse=True)
    return patterns


def _weekly(schedule: Schedule, on: date) -> list[Span]:
    """The merged openings of the week that start on `on`."""
    if schedule.always_open:
        return _WHOLE_DAY
    for since, days in _patterns(schedule):
        if since <= on:
            return days[on.weekday()]
    return []


def _after_holiday(schedule: Schedule, on: date, spans: list[Span], day: date) -> list[Span]:
    """What the holiday or half day `day` leaves of the spans anchored at `on`."""
    if is_holiday(schedule, day):
        return []
    open_parts = _dated(schedule, "half_days").get(day)
    if open_parts is None:
        return spans
    shift = (day - on).days * MINUTES_A_DAY
    return _within(spans, [(start + shift, end + shift) for start, end in open_parts])


def spans_on(schedule: Schedule, on: date) -> list[Span]:
    """The openings anchored at the local date `on`, minutes after its midnight (`SLA-12`).

    Exceptional closings are wall times: one on the following morning also cuts a night shift that
    began the evening before. Exceptional openings are added last and win over everything.
    """
    spans = week = _weekly(schedule, on)
    if schedule.holiday_policy == CIVIL_DAY and spans:
        today = _within(spans, [(0, MINUTES_A_DAY)])
        tomorrow = _within(spans, [(MINUTES_A_DAY, 2 * MINUTES_A_DAY)])
        spans = _after_holiday(schedule, on, today, on)
        if tomorrow:
            spans = spans + _after_holiday(schedule, on, tomorrow, on + DAY)
    elif spans:
        spans = _after_holiday(schedule, on, spans, on)
    closings = _dated(schedule, "closings")
    if closings and spans:
        for days in (-1, 0, 1):
            for start, end in closings.get(on + timedelta(days=days), ()):
                shift = days * MINUTES_A_DAY
                spans = _without(spans, (start + shift, end + shift))
    added = _dated(schedule, "openings").get(on)
    if added is None and spans is week:
        return spans
    return merged(spans + (added or []))


def openings_of(schedule: Schedule, on: date, zone: ZoneInfo) -> list[Span]:
    """The openings anchored at `on` as epoch seconds; each edge is converted by itself."""
    return [
        (minutes_epoch(zone, on, start), minutes_epoch(zone, on, end, is_end=True))
        for start, end in spans_on(schedule, on)
    ]


def openings_on(schedule: Schedule, on: date) -> list[tuple[datetime, datetime]]:
    """The openings anchored at the local date `on`, as pairs of instants in order."""
    spans = merged(openings_of(schedule, on, ZoneInfo(schedule.zone)))
    return [(moment_of(start), moment_of(end)) for start, end in spans]


def opens_within(schedule: Schedule, on: date, days: int = LONGEST_PAUSE_DAYS) -> bool:
    """True when some date of the `days` from `on` on has an opening (`SLA-11`)."""
    zone = ZoneInfo(schedule.zone)
    dates = (on + timedelta(days=n) for n in range(days))
    return any(end > start for day in dates for start, end in openings_of(schedule, day, zone))
