"""The shape of calendars and holiday lists as people enter them."""

from .calendar import CalendarForm, DayForm, OpeningForm
from .fields import WallTimeField
from .holidays import FillForm, HolidayDateForm, HolidayListForm, UploadForm

__all__ = [
    "CalendarForm",
    "DayForm",
    "FillForm",
    "HolidayDateForm",
    "HolidayListForm",
    "OpeningForm",
    "UploadForm",
    "WallTimeField",
]
