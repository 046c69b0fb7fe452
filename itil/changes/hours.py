"""When windows are: calendar rules on the wall clock of a zone, expanded date by date (`CHG-5`).

Pure arithmetic: no database, no settings, no clock of its own. A window begins and ends at wall
times; each occurrence is turned into instants by itself, so a window from 02:00 to 04:00 lasts one
hour on the date on which summer time begins in Europe and three hours on the one on which it ends.
Instants are aware datetimes in UTC, spans are half-open `[start, end)`, wall times are minutes
after local midnight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from itil.calendars.hours.walltime import minutes_epoch, moment_of

Span = tuple[datetime, datetime]

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# A rule without a date in so many years is a mistake.
_YEARS_TO_LOOK = 9
_DAY = timedelta(days=1)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"})
_MOST_STEPS = 1000


class BadRuleError(ValueError):
    """Not a calendar rule that we follow. `code` says why: syntax, part, often, never."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Recurrence:
    """On which dates, from when to when. An empty `rule` is the first date only.

    `rule` is an RRULE of RFC 5545 by the day: how often, on which days. `ends` is a wall time
    `days` dates after the one on which the occurrence begins. `until` is the last date on which one
    may begin.
    """

    zone: ZoneInfo
    first: date
    begins: int
    ends: int
    days: int = 0
    rule: str = ""
    until: date | None = None

    def __post_init__(self) -> None:
        if self.days * MINUTES_A_DAY + self.ends <= self.begins:
            raise ValueError("A window ends after it begins.")


# --- Rules ---------------------------------------------------------------------------------------


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule by name. Raises BadRuleError for what we do not follow."""
    parts: dict[str, str] = {}
    for piece in rule.strip().upper().removeprefix("RRULE:").split(";"):
        name, sign, value = piece.partition("=")
        if not (sign and value.strip()) or name.strip() in parts:
            raise BadRuleError("syntax")
        parts[name.strip()] = value.strip()
    if not set(parts) <= _PARTS:
        raise BadRuleError("part")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise BadRuleError("often")
    steps = parts.get("INTERVAL", "1")
    if not (steps.isascii() and steps.isdigit() and 1 <= int(steps) <= _MOST_STEPS):
        raise BadRuleError("syntax")
    return parts


def checked_rule(rule: str, first: date) -> str:
    """The rule in its plain form. Raises BadRuleError, also when it never comes after `first`."""
    parts = parts_of(rule)
    plain = ";".join(f"{name}={value}" for name, value in parts.items())
    start = datetime.combine(first, time())
    try:
        found = rrulestr(plain, dtstart=start)
        last = start + timedelta(days=366 * _YEARS_TO_LOOK)
        comes = next(iter(found.replace(until=last)), None)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadRuleError("syntax") from error
    if comes is None:
        raise BadRuleError("never")
    return plain


def dates(recurrence: Recurrence, first: date, last: date) -> list[date]:
    """The dates from `first` to `last`, both included, on which an occurrence begins."""
    last = min(last, recurrence.until or last)
    first = max(first, recurrence.first)
    if first > last:
        return []
    if not recurrence.rule:
        return [recurrence.first] if recurrence.first == first else []
    found = _begun(recurrence, first)
    low, high = datetime.combine(first, time()), datetime.combine(last, time())
    return [day.date() for day in found.replace(until=high).between(low, high, inc=True)]


def _begun(recurrence: Recurrence, first: date) -> rrule:
    """The rule, begun near `first` where that gives the same dates: old rules cost no more.

    The weekday or the day of the month that a rule leaves open is that of its first date.
    """
    parts = parts_of(recurrence.rule)
    begun = recurrence.first
    if parts.get("INTERVAL", "1") == "1":
        is_weekly = parts["FREQ"] == "WEEKLY"
        near = first - (first.weekday() + 7) * _DAY if is_weekly else date(first.year, 1, 1)
        if near > begun:
            parts, begun = _without_gaps(parts, begun), near
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    return rrulestr(rule, dtstart=datetime.combine(begun, time()))


def _without_gaps(parts: dict[str, str], first: date) -> dict[str, str]:
    """The same rule with what it takes from its first date written out."""
    if "BYDAY" in parts or "BYMONTHDAY" in parts or parts["FREQ"] == "DAILY":
        return parts
    if parts["FREQ"] == "WEEKLY":
        return parts | {"BYDAY": WEEKDAYS[first.weekday()]}
    if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts:
        parts = parts | {"BYMONTH": str(first.month)}
    return parts | {"BYMONTHDAY": str(first.day)}


# --- Occurrences ---------------------------------------------------------------------------------


def on_date(recurrence: Recurrence, on: date) -> Span | None:
    """The occurrence that begins on this date of the zone; None when its time is jumped over."""
    start = minutes_epoch(recurrence.zone, on, recurrence.begins)
    end = minutes_epoch(recurrence.zone, on + recurrence.days * _DAY, recurrence.ends, is_end=True)
    return (moment_of(start), moment_of(end)) if start < end else None


def occurrences(recurrence: Recurrence, start: datetime, end: datetime) -> list[Span]:
    """All occurrences that have a moment in `[start, end)`, whole, in order of their start."""
    if start >= end:
        return []
    # A day of room on both sides: the dates are those of the zone.
    first = start.astimezone(UTC).date() - (recurrence.days + 2) * _DAY
    last = end.astimezone(UTC).date() + _DAY
    spans = (on_date(recurrence, day) for day in dates(recurrence, first, last))
    return [span for span in spans if span and overlap(span, (start, end))]


def next_start(recurrence: Recurrence, after: datetime) -> datetime | None:
    """When the first occurrence after `after` begins; None when none comes in nine years."""
    day = after.astimezone(UTC).date() - 2 * _DAY
    for _year in range(_YEARS_TO_LOOK):
        later = day + 366 * _DAY
        for on in dates(recurrence, day, later):
            span = on_date(recurrence, on)
            if span and span[0] > after:
                return span[0]
        day = later
    return None


# --- Spans ---------------------------------------------------------------------------------------


def overlap(one: Span, other: Span) -> Span | None:
    """What both have in common; None for nothing, as when one begins when the other ends."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as possible: those that overlap or touch become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def covers(spans: Iterable[Span], wanted: Span) -> bool:
    """Whether the whole of `wanted` lies inside, across spans that touch."""
    return any(start <= wanted[0] and wanted[1] <= end for start, end in merged(spans))


def free_slots(busy: Iterable[Span], within: Span, length: timedelta) -> list[Span]:
    """The gaps in `within` that are long enough, whole."""
    found, start = [], within[0]
    for taken in merged(span for span in busy if overlap(span, within)):
        if taken[0] - start >= length:
            found.append((start, taken[0]))
        start = max(start, taken[1])
    if within[1] - start >= length:
        found.append((start, within[1]))
    return found


# --- Rules that people choose --------------------------------------------------------------------


@dataclass(frozen=True)
class Pattern:
    """A rule as a form offers it: daily, weekly on some days, or monthly on a day.

    `kind` is "daily", "weekly", "weekday" (the nth weekday of the month, -1 the last one), "day"
    (a day of the month, -1 the last one) or "rule" for any other.
    """

    kind: str
    weekdays: tuple[int, ...] = ()
    nth: int = 1
    day: int = 1
    every: int = 1

    def as_rule(self) -> str:
        """The rule; ValueError for the kind "rule", which is one itself."""
        every = f";INTERVAL={self.every}" if self.every > 1 else ""
        if self.kind == "daily":
            return f"FREQ=DAILY{every}"
        if self.kind == "weekly":
            return f"FREQ=WEEKLY{every};BYDAY={','.join(WEEKDAYS[day] for day in self.weekdays)}"
        if self.kind == "weekday":
            return f"FREQ=MONTHLY{every};BYDAY={self.nth}{WEEKDAYS[self.weekdays[0]]}"
        if self.kind == "day":
            return f"FREQ=MONTHLY{every};BYMONTHDAY={self.day}"
        raise ValueError(self.kind)


def pattern_of(rule: str) -> Pattern:
    """The pattern of a checked rule; of the kind "rule" when it is none of the simple ones."""
    parts = parts_of(rule)
    every = int(parts.get("INTERVAL", "1"))
    extra = set(parts) - {"FREQ", "INTERVAL"}
    days, month_day = parts.get("BYDAY", ""), parts.get("BYMONTHDAY", "")
    if parts["FREQ"] == "DAILY" and not extra:
        return Pattern("daily", every=every)
    if parts["FREQ"] == "WEEKLY" and extra == {"BYDAY"} and set(days.split(",")) <= set(WEEKDAYS):
        chosen = tuple(sorted(WEEKDAYS.index(day) for day in set(days.split(","))))
        return Pattern("weekly", weekdays=chosen, every=every)
    if parts["FREQ"] == "MONTHLY" and extra == {"BYDAY"} and _is_nth(days):
        chosen = (WEEKDAYS.index(days[-2:]),)
        return Pattern("weekday", weekdays=chosen, nth=int(days[:-2]), every=every)
    if parts["FREQ"] == "MONTHLY" and extra == {"BYMONTHDAY"} and "," not in month_day:
        return Pattern("day", day=int(month_day), every=every)
    return Pattern("rule")


def _is_nth(days: str) -> bool:
    return days[-2:] in WEEKDAYS and days[:-2] in ("1", "2", "3", "4", "-1")


def nearest(spans: Sequence[Span], moment: datetime) -> list[Span]:
    """The spans by how far they begin from `moment`."""
    return sorted(spans, key=lambda span: abs(span[0] - moment))
