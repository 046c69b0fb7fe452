"""When a report is due, and which period it is about then."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.metrics.period import ONE_DAY
from reports.models import ReportSubscription

Frequency = ReportSubscription.Frequency


@dataclass(frozen=True)
class Due:
    """The local days `first` to `last`, both included, told from the instant `at` on (UTC)."""

    first: date
    last: date
    at: datetime


def latest_due(subscription: ReportSubscription, zone: ZoneInfo, *, now: datetime) -> Due:
    """The last time at or before `now` at which a report was due in this zone."""
    today = now.astimezone(zone).date()
    day = _day_at_or_before(subscription, today)
    found = _due(subscription, day, zone)
    return found if found.at <= now else _due(subscription, _before(subscription, day), zone)


def next_due(subscription: ReportSubscription, zone: ZoneInfo, *, now: datetime) -> datetime:
    """The first time after `now`."""
    day = now.astimezone(zone).date()
    while True:
        if _day_at_or_before(subscription, day) == day:
            at = _due(subscription, day, zone).at
            if at > now:
                return at
        day += ONE_DAY


def _day_at_or_before(subscription: ReportSubscription, day: date) -> date:
    """The last local day up to `day` on which a report is due."""
    if subscription.frequency == Frequency.DAILY:
        return day
    if subscription.frequency == Frequency.WEEKLY:
        return day - ((day.isoweekday() - subscription.weekday) % 7) * ONE_DAY
    wished = day.replace(day=subscription.month_day)
    return wished if wished <= day else _before(subscription, wished)


def _before(subscription: ReportSubscription, day: date) -> date:
    """The day on which a report was due before the one of `day`."""
    if subscription.frequency == Frequency.DAILY:
        return day - ONE_DAY
    if subscription.frequency == Frequency.WEEKLY:
        return day - 7 * ONE_DAY
    return (day.replace(day=1) - ONE_DAY).replace(day=subscription.month_day)


def _due(subscription: ReportSubscription, day: date, zone: ZoneInfo) -> Due:
    """Of a wall time that a change of the clocks skips, the instant it would have been; of one that
    comes twice, the first."""
    wall = datetime.combine(day, time(subscription.hour), tzinfo=zone)
    first, last = _period(subscription, day)
    return Due(first, last, wall.astimezone(UTC))


def _period(subscription: ReportSubscription, day: date) -> tuple[date, date]:
    """The last full day, ISO week or month before a local day."""
    if subscription.frequency == Frequency.DAILY:
        return day - ONE_DAY, day - ONE_DAY
    if subscription.frequency == Frequency.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return monday - 7 * ONE_DAY, monday - ONE_DAY
    last = day.replace(day=1) - ONE_DAY
    return last.replace(day=1), last
