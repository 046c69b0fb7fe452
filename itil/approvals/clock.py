"""When approvers are reminded and when their time is over, in business days (`APP-7`)."""

import zoneinfo
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings

from itil.calendars.hours import (
    SAME_TIME,
    NeverOpenError,
    Schedule,
    Week,
    add,
    between,
    business_days,
)
from portal.people.models import User

from .models import ApprovalProcess

_DAY = 24 * 60 * 60


def weekdays(zone: zoneinfo.ZoneInfo) -> Schedule:
    """Monday to Friday around the clock."""
    whole_days = tuple((weekday, 0, 24 * 60) for weekday in range(5))
    return Schedule(zone=zone.key, weeks=(Week(whole_days),))


def schedule_of(process: ApprovalProcess, voter: User) -> Schedule:
    """What counts a voter's days: the calendar of the policy, else weekdays where the voter is."""
    return process.calendar.schedule() if process.calendar else weekdays(voter.zone)


def first_moments(schedule: Schedule, asked_at: datetime) -> tuple[datetime, datetime]:
    """The first reminder and the time-out of a vote asked for at `asked_at`."""
    first = settings.APPROVAL_REMINDER_BUSINESS_DAYS[0]
    last = settings.APPROVAL_TIMEOUT_BUSINESS_DAYS
    return _after(schedule, asked_at, first), _after(schedule, asked_at, last)


def following(schedule: Schedule, moment: datetime, reminders: int, due_at: datetime) -> datetime:
    """What comes after reminder number `reminders`, which was due at `moment`: the next one, or
    the time-out.
    """
    days = settings.APPROVAL_REMINDER_BUSINESS_DAYS
    if reminders >= len(days):
        return due_at
    return min(due_at, _after(schedule, moment, days[reminders] - days[reminders - 1]))


def resumed(schedule: Schedule, moment: datetime, paused_at: datetime, at: datetime) -> datetime:
    """A moment that was ahead at `paused_at`, as far ahead of `at` in business time."""
    try:
        return add(schedule, at, between(schedule, paused_at, moment))
    except NeverOpenError:
        return at + max(moment - paused_at, timedelta())


def usual_days(spans: Iterable[tuple[datetime, datetime]]) -> int | None:
    """The median of some spans in business days, rounded up; None when there are none."""
    schedule = weekdays(zoneinfo.ZoneInfo(settings.BUSINESS_TIME_ZONE))
    seconds = [between(schedule, start, end) for start, end in spans]
    return max(1, -(-int(median(seconds)) // _DAY)) if seconds else None


def _after(schedule: Schedule, moment: datetime, days: int) -> datetime:
    """`days` business days later at the same time of day (`SLA-26`)."""
    try:
        return business_days(schedule, moment, days, SAME_TIME)
    except NeverOpenError:
        house = weekdays(zoneinfo.ZoneInfo(settings.BUSINESS_TIME_ZONE))
        return business_days(house, moment, days, SAME_TIME)
