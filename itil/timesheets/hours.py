"""Time worked as arithmetic: real elapsed minutes, days of the business zone (`BIL-2`)."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import NoSuchTime

# A timer that ran longer was forgotten: it is not booked without a question.
FORGOTTEN_AFTER = timedelta(hours=10)
# The longest day: the one on which clocks go back.
MOST_MINUTES = 25 * 60


def business_zone() -> zoneinfo.ZoneInfo:
    """The zone whose dates decide the day and month of work."""
    return zoneinfo.ZoneInfo(settings.BUSINESS_TIME_ZONE)


def business_date(at: datetime) -> date:
    """The day of an instant in the business zone."""
    return at.astimezone(business_zone()).date()


def whole_minutes(begin: datetime, end: datetime) -> int:
    """Whole minutes of real time from `begin` to `end`, rounded down, at least 1 (`BIL-3`).

    Both are instants, so a night in which the clocks change counts as long as it was.
    """
    return max(1, int((end - begin).total_seconds()) // 60)


def beginning_of(day: date) -> datetime:
    """The first instant of a day of the business zone, as UTC."""
    return datetime.combine(day, time.min, tzinfo=business_zone()).astimezone(UTC)


def midnight_after(at: datetime) -> datetime:
    """The next beginning of a day in the business zone, in the zone of `at`."""
    return beginning_of(business_date(at) + timedelta(days=1)).astimezone(at.tzinfo)


def split_at_midnight(begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """[begin, end) cut at each midnight of the business zone, so that no part spans two days."""
    parts: list[tuple[datetime, datetime]] = []
    while True:
        midnight = midnight_after(begin)
        if midnight >= end:
            return [*parts, (begin, end)]
        parts.append((begin, midnight))
        begin = midnight


def minutes_of_day(day: date) -> int:
    """How long a day of the business zone is: 1440, but 1380 or 1500 when the clocks change."""
    length = beginning_of(day + timedelta(days=1)) - beginning_of(day)
    return int(length.total_seconds()) // 60


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """When the clock on the wall in `zone` shows `at` on `day`, as UTC.

    Raises NoSuchTime in the night in which clocks change, for an hour that was left out or came
    twice.
    """
    first = datetime.combine(day, at, tzinfo=zone)
    if first.utcoffset() == first.replace(fold=1).utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(zone).time() != at:
        text = _("%(time)s did not exist that night: clocks went forward. Enter another time.")
    else:
        text = _("%(time)s came twice that night: clocks went back. Enter the minutes instead.")
    raise NoSuchTime(text % {"time": f"{at:%H:%M}"})
