"""How long deliveries took, in the working days that their items promise."""

from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from itil.calendars.hours import Schedule, between, openings_on

CENT = Decimal("0.01")


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
