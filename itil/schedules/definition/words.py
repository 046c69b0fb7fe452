"""A rule as people say it: "Every month on the last Friday at 08:00 (Amsterdam)"."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .building import ANY_WEEKDAY, Frequency, Within, choices_of
from .rules import Parts, parse


def in_words(rule: str, *, first_on: date, at: time, zone: str) -> str:
    """One sentence without its full stop. What the rule leaves open, the first date says."""
    parts = parse(rule)
    words = {
        "often": _often(parts),
        "days": _days(rule, parts, first_on),
        "time": f"{at:%H:%M}",
        "place": place_of(zone),
    }
    if words["days"]:
        return _("%(often)s on %(days)s at %(time)s (%(place)s)") % words
    return _("%(often)s at %(time)s (%(place)s)") % words


def place_of(zone: str) -> str:
    """ "Amsterdam" of "Europe/Amsterdam"."""
    return zone.rpartition("/")[2].replace("_", " ")


def _often(parts: Parts) -> str:
    count = parts.interval
    texts = {
        "DAILY": ngettext("Every day", "Every %(count)d days", count),
        "WEEKLY": ngettext("Every week", "Every %(count)d weeks", count),
        "MONTHLY": ngettext("Every month", "Every %(count)d months", count),
        "YEARLY": ngettext("Every year", "Every %(count)d years", count),
    }
    return texts[parts.frequency] % {"count": count}


def _days(rule: str, parts: Parts, first_on: date) -> str:
    """The days within a week, month or year; empty when it is each day."""
    chosen = choices_of(rule)
    if chosen["frequency"] == Frequency.DAILY:
        return ""
    if chosen["frequency"] == Frequency.WEEKLY:
        return joined(str(WEEKDAYS[day]) for day in sorted(chosen["weekdays"]))
    if parts == Parts("WEEKLY", parts.interval):
        return str(WEEKDAYS[first_on.weekday()])
    if parts == Parts("MONTHLY", parts.interval):
        return _("day %(day)s") % {"day": first_on.day}
    if parts == Parts("YEARLY", parts.interval):
        return _("%(day)s %(month)s") % {"day": first_on.day, "month": MONTHS[first_on.month]}
    if chosen["frequency"] == Frequency.RULE:
        return _("the days of %(rule)s") % {"rule": rule}
    text = _of_month(chosen)
    if chosen["frequency"] == Frequency.YEARLY:
        return _("%(day)s of %(month)s") % {"day": text, "month": MONTHS[chosen["month"]]}
    return text


def _of_month(chosen: dict[str, Any]) -> str:
    if chosen["within"] == Within.LAST:
        return _("the last day")
    if chosen["within"] == Within.DAY and chosen["month_day"] > 0:
        return _("day %(day)s") % {"day": chosen["month_day"]}
    if chosen["within"] == Within.DAY:
        return _("day %(day)s from the end") % {"day": -chosen["month_day"]}
    is_any = chosen["nth_day"] == ANY_WEEKDAY
    day = _("day from Monday to Friday") if is_any else str(WEEKDAYS[int(chosen["nth_day"])])
    texts = {
        1: _("the first %(day)s"),
        2: _("the second %(day)s"),
        3: _("the third %(day)s"),
        4: _("the fourth %(day)s"),
        5: _("the fifth %(day)s"),
        -1: _("the last %(day)s"),
    }
    text = texts.get(chosen["nth"], _("%(day)s number %(nth)s"))
    return text % {"day": day, "nth": chosen["nth"]}


def joined(names: Iterable[str]) -> str:
    """ "Monday, Wednesday and Friday"."""
    *others, last = names
    if not others:
        return last
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}
