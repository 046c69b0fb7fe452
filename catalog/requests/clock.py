"""How long deliveries took, in the working days that their items promise."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from itil.calendars.hours import (
    LONGEST_PAUSE_DAYS,
    Schedule,
    between,
    last_closing,
    openings_on,
    opens_within,
)

CENT = Decimal("0.01")
# In so many days every distance that a bundle may have lies, long holidays included.
LONGEST_SEARCH = 1000


def working_days(schedule: Schedule, start: datetime, end: datetime) -> Decimal:
    """The working days from `start` to `end`: of each one, the share of its opening hours that
    lies between. From one moment to the same on the next working day is one day.
    """
    zone = ZoneInfo(schedule.zone)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    found = Decimal(0)
    while day <= last:
        openings = openings_on(schedule, day)
        whole = sum(between(schedule, opens, closes) for opens, closes in openings)
        covered = sum(
            between(schedule, max(opens, start), min(closes, end))
            for opens, closes in openings
            if max(opens, start) < min(closes, end)
        )
        if whole:
            found += Decimal(covered) / Decimal(whole)
        day += timedelta(days=1)
    return found


def usual(days: list[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """The median and what nine out of ten did not exceed (type 7, as in reports)."""
    if not days:
        return None, None
    nine = quantiles(days, n=10, method="inclusive")[8] if len(days) > 1 else days[0]
    return median(days).quantize(CENT), nine.quantize(CENT)


def working_day_from(schedule: Schedule | None, day: date, days: int) -> date:
    """The date so many working days after `day`, before it when they are negative.

    Without a schedule Monday to Friday are working days. One that never opens is one of these.
    """
    if schedule is not None and not opens_within(schedule, day):
        schedule = None
    step = timedelta(days=1 if days > 0 else -1)
    left, found = abs(days), day
    for _turn in range(LONGEST_SEARCH):
        if not left:
            break
        found += step
        left -= bool(openings_on(schedule, found)) if schedule else found.weekday() < 5
    return found


def closing_of(schedule: Schedule, day: date) -> datetime | None:
    """When the last working day up to `day` ends; None in the midst of a long pause."""
    for back in range(LONGEST_PAUSE_DAYS):
        found = last_closing(schedule, day - timedelta(days=back))
        if found is not None:
            return found
    return None
