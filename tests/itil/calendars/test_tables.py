"""The coming days of a calendar in words."""

from datetime import date

from itil.calendars.hours import Schedule
from itil.calendars.tables import coming_days

from .calendars import GERMAN_HOLIDAYS, LORD_HOWE, N7, OFFICE, A, X


def shown(schedule, first, days=1):
    return [(day.hours, day.remark) for day in coming_days(schedule, first, days)]


def test_fourteen_days_are_shown():
    found = coming_days(A, date(2026, 3, 2))
    assert len(found) == 14
    assert (found[0].on, found[0].hours, found[0].remark) == (date(2026, 3, 2), "09:00–17:00", "")
    assert found[5].hours == "closed"


def test_holidays_and_half_days_say_why():
    named = Schedule(
        "Europe/Berlin",
        OFFICE,
        GERMAN_HOLIDAYS,
        half_days=A.half_days,
        names={date(2026, 12, 24): "Christmas Eve", date(2026, 12, 25): "Christmas Day"},
    )
    assert shown(named, date(2026, 12, 24), 3) == [
        ("09:00–12:00", "Christmas Eve"),
        ("closed", "Christmas Day"),
        ("closed", "Holiday"),
    ]


def test_nights_and_midnights():
    assert shown(N7, date(2026, 3, 2)) == [("22:00–06:00 the next day", "")]
    assert shown(X, date(2026, 3, 2)) == [("00:00–24:00", "")]


def test_a_change_of_the_clocks_says_how_long_it_is_open():
    assert shown(N7, date(2026, 3, 28)) == [
        ("22:00–06:00 the next day", "the clocks change: 07:00 h")
    ]
    assert shown(LORD_HOWE, date(2026, 4, 5)) == [("00:00–24:00", "the clocks change: 24:30 h")]
