"""How moments and durations read: short in lists, whole in records, in the viewer's zone."""

from datetime import datetime
from functools import lru_cache

from babel import Locale
from babel.dates import DateTimePattern, match_skeleton, parse_pattern
from django.utils import timezone
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
RELATIVE_UNTIL = 7 * DAY


@lru_cache(maxsize=64)
def _pattern(language: str, skeleton: str) -> tuple[DateTimePattern, Locale]:
    """The date pattern of a language for the parts that `skeleton` names."""
    locale = Locale.parse(to_locale(language))
    skeletons = locale.datetime_skeletons
    name = match_skeleton(skeleton, skeletons)
    pattern = skeletons[name] if name else parse_pattern("yyyy-MM-dd")
    return pattern, locale


def date_text(at: datetime, *, now: datetime) -> str:
    """ "Thu 27 Nov" in the viewer's zone and language; with the year when it is another one."""
    return _day(at, "MMMEd" if _is_this_year(at, now) else "yMMMEd")


def _day(at: datetime, skeleton: str) -> str:
    pattern, locale = _pattern(get_language() or "en-gb", skeleton)
    return pattern.apply(timezone.localtime(at), locale)


def _is_this_year(at: datetime, now: datetime) -> bool:
    return timezone.localtime(at).year == timezone.localtime(now).year


def moment_text(at: datetime, *, now: datetime) -> str:
    """ "Thu 27 Nov, 14:05" in the viewer's zone."""
    return f"{date_text(at, now=now)}, {timezone.localtime(at):%H:%M}"


def span_text(start: datetime, end: datetime, *, now: datetime) -> str:
    """ "Sat 22 Nov, 22:00 – 23:00" in the current zone; the second day is named when it is another
    one.
    """
    first, last = timezone.localtime(start), timezone.localtime(end)
    is_one_day = first.date() == last.date()
    return f"{moment_text(first, now=now)} – " + (
        f"{last:%H:%M}" if is_one_day else moment_text(last, now=now)
    )


def ago_text(at: datetime, *, now: datetime) -> str:
    """ "6 min", "3 h", "2 d" under seven days either way, then "Thu 27 Nov" or "27 Nov 2025"."""
    seconds = abs((now - at).total_seconds())
    if seconds < MINUTE:
        return _("now")
    if seconds < HOUR:
        return _("%(count)d min") % {"count": seconds // MINUTE}
    if seconds < DAY:
        return _("%(count)d h") % {"count": seconds // HOUR}
    if seconds < RELATIVE_UNTIL:
        days = int(seconds // DAY)
        return ngettext("%(count)d d", "%(count)d d", days) % {"count": days}
    return _day(at, "MMMEd" if _is_this_year(at, now) else "yMMMd")


def duration_text(seconds: float | None) -> str:
    """ "41m", "3h 10m", "1d 4h": at most two units, rounded down; "–" when not known."""
    if seconds is None:
        return "–"
    minutes = int(abs(seconds) // MINUTE)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        parts = [_("%(count)dd") % {"count": days}]
        if hours:
            parts.append(_("%(count)dh") % {"count": hours})
    elif hours:
        parts = [_("%(count)dh") % {"count": hours}]
        if rest:
            parts.append(_("%(count)dm") % {"count": rest})
    else:
        parts = [_("%(count)dm") % {"count": rest}]
    return ("−" if seconds <= -MINUTE else "") + " ".join(parts)


def hours_text(minutes: float | None) -> str:
    """ "25m", "3h 10m", "118h 30m": time worked never turns into days; "–" when not known."""
    if minutes is None:
        return "–"
    hours, rest = divmod(abs(int(minutes)), 60)
    parts = []
    if hours:
        parts.append(_("%(count)dh") % {"count": hours})
    if rest or not hours:
        parts.append(_("%(count)dm") % {"count": rest})
    return ("−" if minutes < 0 else "") + " ".join(parts)
