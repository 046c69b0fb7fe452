"""Calendars and tickets for clocks that need no database."""

from datetime import datetime

from itil.calendars.models import BusinessCalendar, CalendarDay, WeeklyOpening
from itil.incidents.models import Incident
from tests.itil.calendars.calendars import GERMAN_HOLIDAYS, at

P1, P3 = 1, 3
MONDAY_TEN = at(3, 2, 10)


def office() -> BusinessCalendar:
    """Calendar A, in memory."""
    return BusinessCalendar(
        pk=1,
        name="Office",
        time_zone="Europe/Berlin",
        openings=[WeeklyOpening(weekday=day, opens=540, closes=1020) for day in range(5)],
        days=[
            CalendarDay(on=day, kind=CalendarDay.Kind.HOLIDAY) for day in sorted(GERMAN_HOLIDAYS)
        ],
    )


OFFICE = office()
DAY_AND_NIGHT = BusinessCalendar(
    pk=2, name="Always", time_zone="Europe/Berlin", always_open=True, openings=[], days=[]
)


def ticket(received_at: datetime, priority: int = P3) -> Incident:
    return Incident(pk=1, priority=priority, received_at=received_at)
