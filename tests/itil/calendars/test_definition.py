"""Schedules as documents: what is written is read back."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from itil.calendars.hours import Schedule, Week, holiday_name, is_holiday, openings_on
from itil.calendars.hours.definition import definition, never_opens, schedule_from
from itil.calendars.hours.public import PublicHolidays
from itil.calendars.hours.written import DefinitionError, instant_from, wall_from

from .calendars import BERLIN, A, B, N, X, at, week
from .random_calendars import stories

HOURS = {"mon": [["09:00", "17:00"]]}


def document(**keys) -> dict:
    return {"timezone": "Europe/Berlin", "weekly": HOURS} | keys


def by_value(schedule: Schedule) -> Schedule:
    """The schedule with its parts in one order, and weeks without hours left out."""
    return replace(
        schedule,
        weeks=tuple(
            Week(tuple(sorted(week.intervals)), week.effective_from) for week in schedule.weeks
        ),
        half_days=tuple(sorted(schedule.half_days)),
    )


@pytest.mark.parametrize("schedule", [A, B, N, X])
def test_calendars_of_the_examples_are_read_back(schedule):
    assert by_value(schedule_from(definition(schedule))) == by_value(schedule)


@settings(max_examples=40, deadline=None)
@given(stories(size=0))
def test_any_calendar_opens_at_the_same_times_when_read_back(story):
    schedule, _cases = story
    again = schedule_from(definition(schedule))
    for schedule_day in {on for on, _start, _end in (*schedule.closings, *schedule.openings)}:
        assert openings_on(again, schedule_day) == openings_on(schedule, schedule_day)
    assert by_value(again).half_days == by_value(schedule).half_days
    assert (again.holidays, again.holiday_policy) == (schedule.holidays, schedule.holiday_policy)


def test_week_that_takes_effect_later_is_a_change():
    later = Week(week(range(5), (600, 960)).intervals, date(2026, 3, 4))
    written = definition(replace(A, weeks=(*A.weeks, later)))
    assert written["changes"][0]["effective_from"] == "2026-03-04"
    assert schedule_from(written).weeks[1] == later


def test_names_of_holidays_are_kept():
    named = {"date": "2026-12-25", "name": "Christmas Day"}
    half = {"date": "2026-12-24", "name": "Christmas Eve", "open": [["09:00", "12:00"]]}
    schedule = schedule_from(document(holidays=[named, half, "2026-01-01"]))
    assert holiday_name(schedule, date(2026, 12, 24)) == "Christmas Eve"
    assert not is_holiday(schedule, date(2026, 12, 24))
    assert definition(schedule)["holidays"] == ["2026-01-01", half, named]


def test_public_holidays_written_down_do_not_change_any_more():
    bavaria = schedule_from(document(public_holidays={"country": "DE", "subdivision": "BY"}))
    assert holiday_name(bavaria, date(2026, 1, 6)) == "Epiphany"
    written = definition(bavaria, years=[2026, 2027])
    assert set(written["public_holidays"]["years"]) == {"2026", "2027"}
    written["public_holidays"]["years"]["2026"] = {"2026-07-01": "Made up"}
    again = schedule_from(written)
    assert is_holiday(again, date(2026, 7, 1))
    assert not is_holiday(again, date(2026, 1, 6))
    assert is_holiday(again, date(2028, 1, 6))
    assert definition(again, years=[2026]) == written


def test_reading_a_kept_edition_does_not_load_the_rules_of_all_countries():
    code = """
import sys
from datetime import date
from itil.calendars.hours import is_holiday
from itil.calendars.hours.definition import schedule_from
public = {"country": "DE", "subdivision": "BY", "years": {"2026": {"2026-01-06": "Epiphany"}}}
kept = schedule_from({"timezone": "Europe/Berlin", "public_holidays": public}, is_kept=True)
print(is_holiday(kept, date(2026, 1, 6)), "holidays.countries" in sys.modules)
"""
    found = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["True", "False"]


def test_public_holidays_of_another_kind_cannot_be_written_down():
    with pytest.raises(ValueError, match="of a country"):
        definition(replace(A, public_holidays=lambda year: {date(year, 1, 1)}))
    assert PublicHolidays("DE")(2026)[date(2026, 10, 3)]


def test_openings_and_closings_may_span_dates():
    written = [["2026-03-06T18:00", "2026-03-09T06:00"], ["2026-03-10T22:00", "2026-03-11T02:00"]]
    schedule = schedule_from(document(openings=written))
    assert schedule.openings == (
        (date(2026, 3, 6), 1080, 1440),
        (date(2026, 3, 7), 0, 1440),
        (date(2026, 3, 8), 0, 1440),
        (date(2026, 3, 9), 0, 360),
        (date(2026, 3, 10), 1320, 120),
    )
    assert definition(schedule)["openings"][-1] == written[-1]
    until_midnight = schedule_from(document(closings=[["2026-03-06T18:00", "2026-03-08T24:00"]]))
    assert until_midnight.closings[-1] == (date(2026, 3, 8), 0, 1440)


def test_closing_with_an_offset_is_that_wall_time_of_the_zone():
    utc = document(closings=[["2026-03-03T12:00Z", "2026-03-03T17:00+01:00"]])
    assert schedule_from(utc).closings == ((date(2026, 3, 3), 780, 1020),)


def test_a_calendar_where_nothing_was_entered_never_opens():
    assert never_opens(schedule_from({"timezone": "UTC", "weekly": {"mon": []}}))
    assert not never_opens(schedule_from({"timezone": "UTC", "always_open": True}))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([], "The calendar is an object"),
        ({}, "needs a timezone such as Europe/Berlin"),
        ({"timezone": "Europe/Berln"}, "did you mean Europe/Berlin?"),
        ({"timezone": "/etc/passwd"}, "There is no time zone '/etc/passwd'"),
        ({"timezone": 7}, "needs a timezone"),
        (document(holiday=[]), "Unknown key 'holiday' in the calendar"),
        (document(weekly={"monday": []}), "Unknown key 'monday' in weekly; known are mon, tue"),
        (document(weekly=[]), "weekly is an object with the keys mon to sun"),
        (document(weekly={"mon": ["09:00", "17:00"]}), "An interval of mon is written as [FROM"),
        (document(weekly={"mon": [["9", "17:00"]]}), "between 00:00 and 24:00; '9' is none"),
        (document(weekly={"mon": [["09:60", "17:00"]]}), "'09:60' is none"),
        (document(weekly={"mon": [["09:00", "24:01"]]}), "'24:01' is none"),
        (document(weekly={"mon": [["24:00", "02:00"]]}), "begins at 23:59 at the latest"),
        (document(weekly={"mon": "09:00-17:00"}), "mon is a list of intervals"),
        (document(always_open="yes"), "always_open is true or false"),
        (document(holidays="2026-12-25"), "holidays is a list"),
        (document(holidays=["2026-02-30"]), "There is no date '2026-02-30'"),
        (document(holidays=["20261225"]), "dates are written as 2026-12-25"),
        (document(holidays=[{"date": "2026-12-24", "until": "12:00"}]), "Unknown key 'until'"),
        (document(holidays=[{"open": []}]), "There is no date None"),
        (document(holidays=[7]), "A holiday is an object"),
        (document(closings=["2026-03-03"]), "One of the closings is written as [FROM, TO]"),
        (document(closings=[["2026-03-03", "2026-03-04"]]), "written as 2026-03-02T10:00:00"),
        (document(closings=[["2026-03-03T17:00", "2026-03-03T13:00"]]), "ends before it begins"),
        (document(openings=[["2026-03-03T13:00", "2026-03-03T13:00:30"]]), "at a full minute"),
        (document(openings=[["2026-03-03T13:00", "2126-03-03T13:00"]]), "longer than ten years"),
        (document(holiday_policy="strict"), "shift_start_day or civil_day, not 'strict'"),
        (document(changes=[{"weekly": {}}]), "There is no date None"),
        (document(public_holidays={"country": "XX"}), "for the country 'XX'"),
        (document(public_holidays={"country": "DE", "subdivision": "ZZ"}), "the region 'ZZ'"),
    ],
)
def test_what_makes_no_sense_is_explained(wrong, message):
    with pytest.raises(DefinitionError) as refused:
        schedule_from(wrong)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02T10:00:00", at(3, 2, 10)),
        ("2026-03-02 10:00", at(3, 2, 10)),
        ("2026-03-02T09:00Z", at(3, 2, 10)),
        ("2026-03-02T10:00:00.9", at(3, 2, 10)),
        ("2026-03-02T24:00", at(3, 3)),
        ("2026-03-29T02:30", at(3, 29, 3)),
        ("2026-10-25T02:45", at(10, 25, 0, 45, zone=ZoneInfo("UTC"))),
        ("2026-10-25T02:45+01:00", at(10, 25, 1, 45, zone=ZoneInfo("UTC"))),
    ],
)
def test_instants_are_read(text, instant):
    assert instant_from(text, BERLIN) == instant


def test_a_wall_time_loses_its_offset():
    assert wall_from("2026-03-02T09:00Z", BERLIN).isoformat() == "2026-03-02T10:00:00"
