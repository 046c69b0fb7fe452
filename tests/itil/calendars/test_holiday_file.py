"""Files of holidays: CSV and iCalendar, taken as a whole or not at all."""

from datetime import date

import pytest

from itil.calendars.errors import HolidayFileRefused
from itil.calendars.hours.holiday_file import Holiday, read_holidays

NOON = 720


def ical(*events: str) -> bytes:
    inner = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inner}END:VCALENDAR\r\n".encode()


def problems(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(HolidayFileRefused) as refused:
        read_holidays(content)
    return refused.value.problems


def test_dates_names_and_half_days_are_read():
    content = (
        "date,name,open_from,open_until\n"
        "2026-12-24,Christmas Eve,09:00,12:00\n"
        "\n"
        '2026-12-25,"Christmas, first day"\n'
        "2026-12-31,New Year's Eve,,12:00\n"
    )
    assert read_holidays(content.encode()) == [
        Holiday(date(2026, 12, 24), "Christmas Eve", 540, NOON),
        Holiday(date(2026, 12, 25), "Christmas, first day"),
        Holiday(date(2026, 12, 31), "New Year's Eve", 0, NOON),
    ]


def test_what_a_spreadsheet_writes_is_read():
    content = b"\xef\xbb\xbfName;Date\r\nPfingstmontag;2026-05-25\r\n"
    assert read_holidays(content) == [Holiday(date(2026, 5, 25), "Pfingstmontag")]


def test_every_wrong_line_is_named():
    content = (
        "date,name,open_from,open_until\n"
        "2026-02-30,No such day\n"
        "2026-12-25,Christmas Day\n"
        "25.12.2026,German\n"
        "2026-12-25,Again\n"
        "2026-12-24,Half,09:00\n"
        "2026-12-23,Half,12:00,09:00\n"
        "2026-12-22,Half,9 am,12:00\n"
        "2026-12-21,Too,09:00,12:00,much\n"
        f"2026-12-20,{'x' * 121}\n"
    )
    assert problems(content.encode()) == [
        (2, "There is no date “2026-02-30”; dates are written as 2026-12-25."),
        (4, "There is no date “25.12.2026”; dates are written as 2026-12-25."),
        (5, "2026-12-25 is also on line 3."),
        (6, "A half day needs open_until."),
        (7, "The half day closes before it opens."),
        (8, "There is no time “9 am”; times are written as 12:00."),
        (9, "The line has 5 values instead of 4."),
        (10, "The name is longer than 120 characters."),
    ]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "The first line names the columns: date,name,open_from,open_until."),
        (b"2026-12-25,Christmas\n", 1, "The first line names the columns"),
        (b"date,name,until\n", 1, "The first line names the columns"),
        (b"date,date\n", 1, "The first line names the columns"),
        (b"date,name\n", 1, "The file holds no dates."),
        (b"date,name\n2026-12-25,No\xebl\n", 2, "This is not UTF-8"),
        (b'date,name\n2026-12-25,"Open\n', 2, "The line cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused(content, line, reason):
    ((found, why),) = problems(content)
    assert found == line
    assert reason in why


def test_all_day_events_are_read():
    content = ical(
        "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Christmas\\, both",
        "DTSTART;VALUE=DATE:20260501\r\nSUMMARY:Labour\r\n  Day",
        "DTSTART;VALUE=DATE:20260801\r\nDURATION:P1W\r\nSUMMARY:Works holiday",
        "DTSTART;VALUE=DATE:20260901\r\nSTATUS:CANCELLED",
    )
    found = read_holidays(content)
    assert found[:3] == [
        Holiday(date(2026, 12, 25), "Christmas, both"),
        Holiday(date(2026, 12, 26), "Christmas, both"),
        Holiday(date(2026, 5, 1), "Labour Day"),
    ]
    assert [holiday.on.day for holiday in found[3:]] == [1, 2, 3, 4, 5, 6, 7]


def test_events_that_are_no_holidays_are_named():
    content = ical(
        "DTSTART:20260301T090000Z\r\nSUMMARY:Meeting",
        "DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY",
        "DTSTART;VALUE=DATE:20260230",
        "SUMMARY:Nothing",
        "DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20270101",
        "DTSTART;VALUE=DATE:20260102\r\nDTEND;VALUE=DATE:20260102",
        "DTSTART;VALUE=DATE:20260103\r\nnonsense",
    )
    assert problems(content) == [
        (4, "The event has a time of day; only all-day events are holidays."),
        (8, "The event repeats; holidays are listed year by year."),
        (12, "There is no date “20260230”."),
        (14, "The event has no date."),
        (18, "The event lasts 365 days."),
        (22, "The event lasts 0 days."),
        (27, "The line is no property of iCalendar."),
    ]


def test_an_event_cut_off_is_named():
    assert problems(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260103\n") == [
        (2, "The event does not end.")
    ]
