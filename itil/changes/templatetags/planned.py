"""How planned times read. None of these makes a query."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from itil.changes.hours import Span, pattern_of
from portal.ui import moments

register = template.Library()

NTH_NAMES = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    -1: gettext_lazy("last"),
}
TINTS = {"low": "ok", "medium": "warn", "high": "bad"}


@register.filter
def risk_tint(risk: str) -> str:
    return TINTS.get(risk, "mute")


@register.filter
def plain(number: float) -> str:
    """A number for a custom property, whatever the language writes for a point."""
    return f"{number:g}"


@register.filter
def time_of(moment: datetime) -> str:
    """ "22:00" in the viewer's zone."""
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def moment_of(moment: datetime) -> str:
    return moments.moment_text(moment, now=timezone.now())


@register.filter
def span_text(span: Span) -> str:
    """ "Sat 22 Nov, 22:00 – 23:00" in the viewer's zone."""
    return moments.span_text(*span, now=timezone.now())


@register.simple_tag
def span(start: datetime | None, end: datetime | None) -> str:
    """As `span_text`; of what has not ended yet only the start."""
    if start is None or end is None:
        return moment_of(start) if start else "–"
    return span_text((start, end))


@register.filter
def window_text(row: Any) -> str:
    """The window of a change, or the time in question of a conflict."""
    start = getattr(row, "planned_start", None) or getattr(row, "starts_at", None)
    end = getattr(row, "planned_end", None) or getattr(row, "ends_at", None)
    return span_text((start, end)) if start and end else "–"


@register.filter
def when_text(window: Any) -> str:
    """ "Sat 7 Mar 2026, 21:00 – 06:00, every week on Saturday" on the wall of its zone."""
    begins = date_format(window.begins_on, "D j M Y")
    first = f"{begins}, {window.begins_at:%H:%M}"
    same_day = window.begins_on == window.ends_on
    days = (window.ends_on - window.begins_on).days
    if same_day or (days == 1 and window.rule):
        span = f"{first} – {window.ends_at:%H:%M}"
    else:
        span = f"{first} – {date_format(window.ends_on, 'D j M Y')}, {window.ends_at:%H:%M}"
    if not window.rule:
        return span
    text = f"{span}, {rule_text(window.rule)}"
    if window.until:
        text += ", " + _("until %(date)s") % {"date": date_format(window.until, "j M Y")}
    return text


def rule_text(rule: str) -> str:
    """A calendar rule in words; the rule itself when it is none of the simple ones."""
    pattern = pattern_of(rule)
    days = ", ".join(str(WEEKDAY_NAMES[day]) for day in pattern.weekdays)
    if pattern.kind == "daily":
        text = ngettext("every day", "every %(count)d days", pattern.every)
    elif pattern.kind == "weekly":
        text = ngettext(
            "every week on %(days)s", "every %(count)d weeks on %(days)s", pattern.every
        )
    elif pattern.kind == "weekday":
        text = ngettext(
            "on the %(nth)s %(days)s of every month",
            "on the %(nth)s %(days)s of every %(count)d months",
            pattern.every,
        )
    elif pattern.kind == "day" and pattern.day == -1:
        text = ngettext(
            "on the last day of every month",
            "on the last day of every %(count)d months",
            pattern.every,
        )
    elif pattern.kind == "day":
        text = ngettext(
            "on day %(day)s of every month",
            "on day %(day)s of every %(count)d months",
            pattern.every,
        )
    else:
        return rule
    words = {
        "count": pattern.every,
        "days": days,
        "nth": NTH_NAMES[pattern.nth],
        "day": pattern.day,
    }
    return text % words


@register.filter
def scope_text(window: Any) -> str:
    """For which changes it is; asks for prefetched services and classes."""
    parts = [
        ", ".join(service.name for service in window.services.all()),
        ", ".join(kind.name for kind in window.item_classes.all()),
        ", ".join(window.environment_labels),
        ", ".join(_("risk %(risk)s") % {"risk": label.lower()} for label in window.risk_labels),
        ", ".join(window.type_labels),
    ]
    return " · ".join(part for part in parts if part) or _("All changes")
