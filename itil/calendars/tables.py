"""Opening hours as lists for people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from .hours import MINUTES_A_DAY, Schedule, holiday_name, is_holiday, openings_on
from .hours.written import wall_time

DAYS_SHOWN = 14


@dataclass(frozen=True)
class OpenDay:
    """A date, its openings in words, and why it may differ from other weeks."""

    on: date
    hours: str
    remark: str


def coming_days(schedule: Schedule, first: date, days: int = DAYS_SHOWN) -> list[OpenDay]:
    """The openings of the days from `first` on, in wall times of the schedule's zone.

    An opening stands with the day on which it begins; its end may be past 24:00.
    """
    zone = ZoneInfo(schedule.zone)
    return [_day(schedule, zone, first + timedelta(days=n)) for n in range(days)]


def _day(schedule: Schedule, zone: ZoneInfo, on: date) -> OpenDay:
    openings = openings_on(schedule, on)
    hours = ", ".join(f"{_wall(start, zone, on)}–{_wall(end, zone, on)}" for start, end in openings)
    remarks = []
    if is_holiday(schedule, on):
        remarks.append(holiday_name(schedule, on) or _("Holiday"))
    elif holiday_name(schedule, on):
        remarks.append(holiday_name(schedule, on))
    seconds = sum((end - start).total_seconds() for start, end in openings)
    shown = sum(_minutes(end, zone, on) - _minutes(start, zone, on) for start, end in openings)
    if seconds != 60 * shown:
        remarks.append(_("the clocks change: %s h") % wall_time(int(seconds // 60)))
    return OpenDay(on, hours or _("closed"), " · ".join(remarks))


def _minutes(moment: datetime, zone: ZoneInfo, on: date) -> int:
    """Minutes on the wall clock after the midnight of `on`."""
    wall = moment.astimezone(zone)
    return (wall.date() - on).days * MINUTES_A_DAY + wall.hour * 60 + wall.minute


def _wall(moment: datetime, zone: ZoneInfo, on: date) -> str:
    """The wall time; on the next day past midnight it is marked so."""
    minutes = _minutes(moment, zone, on)
    if minutes <= MINUTES_A_DAY:
        return wall_time(minutes)
    return _("%s the next day") % wall_time(minutes - MINUTES_A_DAY)
