"""When the desk is open (domain 4.3)."""

from .calendar import (
    BusinessCalendar,
    CalendarDay,
    CalendarEdition,
    HolidayUse,
    WeeklyOpening,
    schedule_of,
)
from .holidays import HolidayDate, HolidayList

__all__ = [
    "BusinessCalendar",
    "CalendarDay",
    "CalendarEdition",
    "HolidayDate",
    "HolidayList",
    "HolidayUse",
    "WeeklyOpening",
    "schedule_of",
]
