"""A schedule as a document: read from JSON values and written as them.

Kept editions of calendars and the lines of `manage.py business_time` have this form:

    {"timezone": "Europe/Berlin",
     "weekly": {"mon": [["09:00", "17:00"]], ...},
     "changes": [{"effective_from": "2026-03-04", "weekly": {...}}],
     "always_open": false,
     "holidays": ["2026-12-25", {"date": "2026-12-24", "open": [["09:00", "12:00"]]}],
     "closings": [["2026-03-03T13:00", "2026-03-03T17:00"]],
     "openings": [["2026-03-07T10:00", "2026-03-07T14:00"]],
     "holiday_policy": "shift_start_day",
     "public_holidays": {"country": "DE", "subdivision": "BY"}}

Only the zone is needed. Interval ends may be "24:00" or, when not after the start, lie on the next
day; overlapping intervals count once (`SLA-11`). Closings and openings are wall times of the zone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from .public import PublicHolidays, countries
from .schedule import CIVIL_DAY, MINUTES_A_DAY, SHIFT_START_DAY, Dated, Schedule, Week
from .written import (
    DefinitionError,
    date_from,
    known_keys,
    minutes_from,
    pair,
    wall_from,
    wall_time,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = (
    "timezone",
    "weekly",
    "changes",
    "always_open",
    "holidays",
    "closings",
    "openings",
    "holiday_policy",
    "public_holidays",
)

# A closing or opening longer than this is a slip of the pen.
_LONGEST_DAYS = 10 * 366

Intervals = list[tuple[int, int]]


# --- Reading -------------------------------------------------------------------------------------


def schedule_from(document: Any, *, is_kept: bool = False) -> Schedule:
    """The schedule a document describes. DefinitionError when it describes none.

    Of a document that `definition` wrote and we kept (`is_kept`) the country and its region are
    taken for known: asking loads the rules of all countries, 9 MB.
    """
    known_keys(document, KEYS, "the calendar")
    always_open = document.get("always_open", False)
    if not isinstance(always_open, bool):
        raise DefinitionError("always_open is true or false.")
    holidays, half_days, names = _holidays(_list(document, "holidays"))
    return Schedule(
        zone=_zone(document.get("timezone")),
        weeks=tuple(_weeks(document)),
        holidays=frozenset(holidays),
        half_days=tuple(half_days),
        closings=tuple(_stretches(document, "closings")),
        openings=tuple(_stretches(document, "openings")),
        always_open=always_open,
        holiday_policy=_policy(document.get("holiday_policy", SHIFT_START_DAY)),
        public_holidays=_public(document.get("public_holidays"), is_kept=is_kept),
        names=names,
    )


def never_opens(schedule: Schedule) -> bool:
    """True when nothing that could be open was entered at all."""
    return not (
        schedule.always_open or schedule.openings or any(week.intervals for week in schedule.weeks)
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise DefinitionError("The calendar needs a timezone such as Europe/Berlin.")
    if name not in _zones():
        close = get_close_matches(name, _zones(), n=1)
        hint = f"did you mean {close[0]}?" if close else "write it as Europe/Berlin."
        raise DefinitionError(f"There is no time zone {name!r}; {hint}")
    return name


def _list(document: Mapping[str, Any], key: str) -> list[Any]:
    value = document.get(key, [])
    if not isinstance(value, list):
        raise DefinitionError(f"{key} is a list in square brackets.")
    return value


def _policy(value: Any) -> str:
    if value not in (SHIFT_START_DAY, CIVIL_DAY):
        raise DefinitionError(f"holiday_policy is {SHIFT_START_DAY} or {CIVIL_DAY}, not {value!r}.")
    return str(value)


def _intervals(value: Any, what: str) -> Intervals:
    if not isinstance(value, list):
        raise DefinitionError(f'{what} is a list of intervals such as [["09:00", "17:00"]].')
    found = []
    for interval in value:
        start, end = (minutes_from(text) for text in pair(interval, f"An interval of {what}"))
        if start == MINUTES_A_DAY:
            raise DefinitionError(f"An interval of {what} begins at 23:59 at the latest.")
        found.append((start, end))
    return found


def _week(value: Any, since: date | None) -> Week:
    known_keys(value, WEEKDAYS, "weekly")
    return Week(
        tuple(
            (day, start, end)
            for day, name in enumerate(WEEKDAYS)
            for start, end in _intervals(value.get(name, []), name)
        ),
        since,
    )


def _weeks(document: Mapping[str, Any]) -> Iterator[Week]:
    if document.get("weekly"):
        yield _week(document["weekly"], None)
    elif not isinstance(document.get("weekly", {}), dict):
        raise DefinitionError("weekly is an object with the keys mon to sun.")
    for change in _list(document, "changes"):
        known_keys(change, ("effective_from", "weekly"), "a change")
        yield _week(change.get("weekly"), date_from(change.get("effective_from")))


def _holidays(entries: list[Any]) -> tuple[list[date], list[Dated], dict[date, str]]:
    """Full holidays, the open parts of half days, and what they are called."""
    full: list[date] = []
    half: list[Dated] = []
    names: dict[date, str] = {}
    for entry in entries:
        if isinstance(entry, str):
            full.append(date_from(entry))
            continue
        known_keys(entry, ("date", "open", "name"), "a holiday")
        on = date_from(entry.get("date"))
        parts = _intervals(entry.get("open", []), "open")
        half += [(on, start, end) for start, end in parts]
        if not parts:
            full.append(on)
        if entry.get("name"):
            names[on] = str(entry["name"])
    return full, half, names


def _stretches(document: Mapping[str, Any], key: str) -> Iterator[Dated]:
    """Closings or openings, by the dates they touch.

    One of up to 24 hours that runs over midnight belongs to the date on which it starts, as a
    night shift does.
    """
    zone = ZoneInfo(document["timezone"])
    for stretch in _list(document, key):
        start, end = (wall_from(text, zone) for text in pair(stretch, f"One of the {key}"))
        if start.second or end.second:
            raise DefinitionError(f"The {key} begin and end at a full minute.")
        if not start < end:
            raise DefinitionError(f"One of the {key} ends before it begins: {stretch!r}.")
        if (end - start).days > _LONGEST_DAYS:
            raise DefinitionError(f"One of the {key} is longer than ten years: {stretch!r}.")
        yield from _by_date(start, end)


def _by_date(start: datetime, end: datetime) -> Iterator[Dated]:
    begin, until = (wall.hour * 60 + wall.minute for wall in (start, end))
    if end - start <= timedelta(days=1):
        yield start.date(), begin, until
        return
    on = start.date()
    while on < end.date():
        yield on, begin, MINUTES_A_DAY
        on, begin = on + timedelta(days=1), 0
    if until:
        yield on, 0, until


def _public(value: Any, *, is_kept: bool) -> PublicHolidays | None:
    if value is None:
        return None
    known_keys(value, ("country", "subdivision", "years"), "public_holidays")
    country, subdivision = value.get("country"), value.get("subdivision") or ""
    if not is_kept:
        _check_region(country, subdivision)
    years = value.get("years") or {}
    return PublicHolidays(
        country,
        subdivision,
        {
            int(year): {date_from(on): name for on, name in days.items()}
            for year, days in years.items()
        },
    )


def _check_region(country: Any, subdivision: Any) -> None:
    regions = countries()
    if country not in regions:
        raise DefinitionError(f"No public holidays are known for the country {country!r}.")
    if subdivision and subdivision not in regions[country]:
        raise DefinitionError(f"No public holidays are known for the region {subdivision!r}.")


# --- Writing -------------------------------------------------------------------------------------


def definition(schedule: Schedule, years: Iterable[int] = ()) -> dict[str, Any]:
    """The document that describes the schedule; `schedule_from` reads it back.

    Public holidays of `years`, and of those that were written out before, are written out, so that
    they do not change any more. ValueError for public holidays of another kind than
    `PublicHolidays`.
    """
    written: dict[str, Any] = {
        "timezone": schedule.zone,
        "weekly": {},
        "always_open": schedule.always_open,
        "holidays": list(_written_holidays(schedule)),
        "closings": [_written_stretch(*dated) for dated in schedule.closings],
        "openings": [_written_stretch(*dated) for dated in schedule.openings],
        "holiday_policy": schedule.holiday_policy,
    }
    changes = []
    for week in schedule.weeks:
        if week.effective_from is None:
            written["weekly"] = _written_week(week)
        else:
            since = week.effective_from.isoformat()
            changes.append({"effective_from": since, "weekly": _written_week(week)})
    if changes:
        written["changes"] = changes
    if schedule.public_holidays is not None:
        written["public_holidays"] = _written_public(schedule.public_holidays, years)
    return written


def _written_week(week: Week) -> dict[str, list[list[str]]]:
    days: dict[str, list[list[str]]] = {}
    for day, start, end in week.intervals:
        days.setdefault(WEEKDAYS[day], []).append([wall_time(start), wall_time(end)])
    return days


def _written_holidays(schedule: Schedule) -> Iterator[Any]:
    parts: dict[date, list[list[str]]] = {}
    for on, start, end in schedule.half_days:
        parts.setdefault(on, []).append([wall_time(start), wall_time(end)])
    for on in sorted(schedule.holidays | set(parts)):
        entry: dict[str, Any] = {"date": on.isoformat()}
        if schedule.names.get(on):
            entry["name"] = schedule.names[on]
        if on in schedule.holidays:
            yield entry if len(entry) > 1 else on.isoformat()
        if on in parts:
            yield entry | {"open": parts[on]}


def _written_stretch(on: date, start: int, end: int) -> list[str]:
    midnight = datetime(on.year, on.month, on.day)  # noqa: DTZ001
    until = end if end > start else end + MINUTES_A_DAY
    return [
        (midnight + timedelta(minutes=minutes)).isoformat(timespec="minutes")
        for minutes in (start, until)
    ]


def _written_public(
    rule: Callable[[int], Any], years: Iterable[int]
) -> dict[str, str | dict[str, dict[str, str]]]:
    if not isinstance(rule, PublicHolidays):
        raise ValueError("Only the public holidays of a country can be written down.")
    return {
        "country": rule.country,
        "subdivision": rule.subdivision,
        "years": {
            str(year): {on.isoformat(): name for on, name in rule(year).items()}
            for year in sorted({*rule.kept, *years})
        },
    }
