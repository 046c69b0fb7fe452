"""Promises, opening hours and durations in words, for people."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.calendars.hours import MINUTES_A_DAY, SAME_TIME, Schedule, Week
from itil.calendars.hours.written import wall_time
from itil.sla.models import Form, SlaClock
from itil.sla.terms import Promise

HOUR, MINUTE = 3600, 60
_WHOLE_WEEK = tuple((day, 0, MINUTES_A_DAY) for day in range(7))


def exactly(seconds: int) -> str:
    """ "7h", "7h 30m", "40h 0m 5s": to the second, and never in days, of which nobody knows the
    length. The sign is left out.
    """
    hours, rest = divmod(abs(seconds), HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = []
    if hours:
        parts.append(_("%(count)dh") % {"count": hours})
    if minutes or (rest and hours) or not (hours or rest):
        parts.append(_("%(count)dm") % {"count": minutes})
    if rest:
        parts.append(_("%(count)ds") % {"count": rest})
    return " ".join(parts)


def to_the_minute(seconds: int) -> str:
    """The same in whole minutes, rounded down."""
    return exactly(abs(seconds) // MINUTE * MINUTE)


def title_of(clock: SlaClock) -> str:
    """What is measured: of whom, or the how manieth time."""
    names = {
        "metric": clock.get_metric_display(),
        "who": clock.team or clock.supplier or "",
        "number": clock.cycle,
    }
    if names["who"]:
        return _("%(metric)s: %(who)s") % names
    if clock.cycle > 1:
        return _("%(metric)s, number %(number)s") % names
    return str(names["metric"])


def wall(minutes: int) -> str:
    """Minutes after midnight as people write them, also those of a shift's next morning."""
    return wall_time(minutes - MINUTES_A_DAY if minutes > MINUTES_A_DAY else minutes)


def zone_name(zone: str) -> str:
    """The place of a zone: "New York" for America/New_York."""
    return zone.rpartition("/")[2].replace("_", " ")


def target_in_words(promise: Promise) -> str:
    """What was promised, in each of the four forms (`SLA-3`)."""
    if promise.form == Form.BUSINESS_DAYS:
        days = promise.days or 1
        if promise.snap == SAME_TIME:
            text = ngettext(
                "%(count)d business day, at the same time of day",
                "%(count)d business days, at the same time of day",
                days,
            )
        else:
            text = ngettext(
                "%(count)d business day, until the end of that day",
                "%(count)d business days, until the end of that day",
                days,
            )
        return text % {"count": days}
    if promise.form == Form.CUTOFF:
        return _(
            "received before %(time)s: by the end of that day,"
            " otherwise by %(time)s on the next working day"
        ) % {"time": wall_time(promise.cutoff or 0)}
    if promise.form == Form.FIXED_INSTANT:
        return _("the date agreed on the ticket")
    return _("%(time)s of business time") % {"time": exactly(promise.seconds or 0)}


def hours_in_words(schedule: Schedule, start: datetime, end: datetime) -> tuple[str, ...]:
    """The opening hours of the week from `start` to `end`: "Mon–Fri 09:00–17:00".

    Several days with other hours are joined; a week that takes effect in between says since when.
    """
    if schedule.always_open:
        return (_("day and night, every day"),)
    zone = ZoneInfo(schedule.zone)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    found = []
    for week in _weeks_between(schedule.weeks, first, last):
        words = _week_in_words(week)
        if week.effective_from is not None and week.effective_from > first:
            since = {"date": date_format(week.effective_from, "D j F"), "hours": words}
            words = _("from %(date)s on: %(hours)s") % since
        found.append(words)
    return tuple(found)


def _weeks_between(weeks: Iterable[Week], first: date, last: date) -> list[Week]:
    """The week patterns that are in effect on some date, the earliest first."""
    ordered = sorted(weeks, key=lambda week: week.effective_from or date.min)
    known = [week for week in ordered if (week.effective_from or date.min) <= last]
    before = [week for week in known if (week.effective_from or date.min) <= first]
    return [*before[-1:], *known[len(before) :]]


def _week_in_words(week: Week) -> str:
    if tuple(sorted(week.intervals)) == _WHOLE_WEEK:
        return _("day and night, every day")
    days: dict[int, list[str]] = {day: [] for day in range(7)}
    for day, opens, closes in sorted(week.intervals):
        days[day].append(f"{wall(opens)}–{wall(closes)}")
    same: dict[str, list[int]] = {}
    for day, spans in days.items():
        if spans:
            same.setdefault(", ".join(spans), []).append(day)
    parts = [f"{_days_in_words(numbers)} {spans}" for spans, numbers in same.items()]
    return "; ".join(parts) or _("never")


def _days_in_words(numbers: list[int]) -> str:
    """[0, 1, 2, 4] as "Mon–Wed, Fri"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{WEEKDAYS_ABBR[run[0]]}–{WEEKDAYS_ABBR[run[-1]]}"
        if len(run) > 2
        else ", ".join(str(WEEKDAYS_ABBR[number]) for number in run)
        for run in runs
    )
