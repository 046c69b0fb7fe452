"""Business time: the worked examples E1 to E36, E52 and E53, and single rules."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from itil.calendars.hours import (
    NeverOpenError,
    Schedule,
    Week,
    add,
    between,
    is_open,
    next_opening,
    openings_on,
    opens_within,
)

from .calendars import (
    HOUR,
    LORD_HOWE,
    N7,
    N_CIVIL,
    NEW_YORK,
    NOON,
    NY,
    OFFICE,
    SANTIAGO,
    SUNDAY_MORNING,
    TK,
    TOKYO,
    A,
    B,
    N,
    X,
    at,
    german,
    week,
)

A_SATURDAY = german(OFFICE, openings=((date(2026, 3, 7), 600, 840),))
A_TRAINING = german(OFFICE, closings=((date(2026, 3, 3), 780, 1020),))
A_MAY_DAY = german(OFFICE, openings=((date(2026, 5, 1), 600, NOON),))
A_SHORTER = german((*OFFICE, Week(week(range(5), (600, 960)).intervals, date(2026, 3, 4))))
LORD_HOWE_ZONE = ZoneInfo("Australia/Lord_Howe")
SANTIAGO_ZONE = ZoneInfo("America/Santiago")

DUE = {
    "E1": (A, at(3, 2, 10), 4, at(3, 2, 14)),
    "E2": (A, at(3, 2, 15), 4, at(3, 3, 11)),
    "E3": (A, at(3, 6, 16), 4, at(3, 9, 12)),
    "E4": (A, at(3, 7, 11, 30), 4, at(3, 9, 13)),
    "E5": (A, at(3, 2, 9), 8, at(3, 2, 17)),
    "E6": (A, at(3, 2, 17), 1, at(3, 3, 10)),
    "E9": (B, at(3, 2, 11, 30), 2, at(3, 2, 14, 30)),
    "E10": (B, at(3, 6, 16, 30), 3, at(3, 7, 11, 30)),
    "E11": (A, at(4, 2, 15), 8, at(4, 7, 15)),
    "E12": (A, at(12, 23, 16), 8, at(12, 28, 13)),
    "E14": (A_SATURDAY, at(3, 6, 16), 4, at(3, 7, 13)),
    "E15": (A_TRAINING, at(3, 2, 15), 8, at(3, 4, 11)),
    "E16": (A_MAY_DAY, at(4, 30, 16), 4, at(5, 4, 10)),
    "E17": (N, at(3, 2, 23), 4, at(3, 3, 3)),
    "E18": (N, at(3, 2, 12), 10, at(3, 4, 0)),
    "E19": (N, at(3, 6, 23, 30), 8, at(3, 9, 23, 30)),
    "E20": (N, at(4, 30, 23), 4, at(5, 1, 3)),
    "E20 civil day": (N_CIVIL, at(4, 30, 23), 4, at(5, 2, 3)),
    "E21": (N, at(4, 30, 23), 10, at(5, 5, 1)),
    "E22": (N, at(12, 23, 23), 12, at(12, 29, 3)),
    "E23": (X, at(3, 28, 22), 8, at(3, 29, 7)),
    "E24": (X, at(10, 24, 22), 8, at(10, 25, 5)),
    "E27": (N7, at(3, 28, 22), 8, at(3, 29, 23)),
    "E28 first": (X, at(10, 25, 2, 45), 0.5, at(10, 25, 2, 15, fold=1)),
    "E28 second": (X, at(10, 25, 2, 45, fold=1), 0.5, at(10, 25, 3, 15)),
    "E29": (X, at(3, 29, 1, 45), 0.5, at(3, 29, 3, 15)),
    "E31": (A, at(3, 27, 16), 2, at(3, 30, 10)),
    "E32": (NY, at(10, 30, 15, zone=NEW_YORK), 4, at(11, 2, 11, zone=NEW_YORK)),
    "E32 in UTC": (NY, at(10, 30, 19, zone=UTC), 4, at(11, 2, 16, zone=UTC)),
    "E33": (TK, at(5, 1, 17, zone=TOKYO), 3, at(5, 7, 11, zone=TOKYO)),
    "E34 Berlin": (A, at(3, 2, 23, 30, zone=UTC), 2, at(3, 3, 10, zone=UTC)),
    "E34 New York": (NY, at(3, 2, 23, 30, zone=UTC), 2, at(3, 3, 16, zone=UTC)),
    "E34 Tokyo": (TK, at(3, 2, 23, 30, zone=UTC), 2, at(3, 3, 2, zone=UTC)),
    "E52": (A_SHORTER, at(3, 3, 15), 8, at(3, 4, 16)),
    "E52 without the change": (A, at(3, 3, 15), 8, at(3, 4, 15)),
    "E53 office": (A, at(3, 2, 11), 24, at(3, 5, 11)),
    "E53 day and night": (X, at(3, 2, 11), 24, at(3, 3, 11)),
}

ELAPSED = {
    "E7": (A, at(3, 2, 9), at(3, 2, 17, 30), 8),
    "E8": (A, at(3, 2, 9), at(3, 2, 17), 8),
    "E13": (A, at(12, 23, 16), at(12, 28, 10), 5),
    "E25 spring": (X, at(3, 28, 12), at(3, 29, 12), 23),
    "E25 autumn": (X, at(10, 24, 12), at(10, 25, 12), 25),
    "E35 autumn": (
        LORD_HOWE,
        at(4, 4, 12, zone=LORD_HOWE_ZONE),
        at(4, 5, 12, zone=LORD_HOWE_ZONE),
        24.5,
    ),
    "E35 spring": (
        LORD_HOWE,
        at(10, 3, 12, zone=LORD_HOWE_ZONE),
        at(10, 4, 12, zone=LORD_HOWE_ZONE),
        23.5,
    ),
    "E36": (SANTIAGO, at(9, 5, 12, zone=SANTIAGO_ZONE), at(9, 7, 12, zone=SANTIAGO_ZONE), 24),
}

SHIFTS = {
    "E26 spring": (N7, date(2026, 3, 28), 7),
    "E26 autumn": (N7, date(2026, 10, 24), 9),
    "E30 spring": (SUNDAY_MORNING, date(2026, 3, 29), 7),
    "E30 autumn": (SUNDAY_MORNING, date(2026, 10, 25), 8.5),
}


@pytest.mark.parametrize("example", DUE)
def test_due_time_is_that_of_the_worked_example(example):
    schedule, start, hours, due = DUE[example]
    assert add(schedule, start, int(hours * HOUR)) == due.astimezone(UTC)


@pytest.mark.parametrize("example", ELAPSED)
def test_elapsed_time_is_that_of_the_worked_example(example):
    schedule, start, end, hours = ELAPSED[example]
    assert between(schedule, start, end) == hours * HOUR


@pytest.mark.parametrize("example", SHIFTS)
def test_shift_lasts_as_long_as_in_the_worked_example(example):
    schedule, on, hours = SHIFTS[example]
    ((start, end),) = openings_on(schedule, on)
    assert end - start == timedelta(hours=hours)


# --- Single rules ----------------------------------------------------------------------------


def test_overlapping_and_touching_openings_are_one():
    schedule = Schedule("UTC", (week((0,), (600, 720), (720, 780), (700, 800)),))
    assert openings_on(schedule, date(2026, 3, 2)) == [
        (at(3, 2, 10, zone=UTC), at(3, 2, 13, 20, zone=UTC))
    ]


def test_closing_on_the_morning_after_cuts_the_night_shift_before_it():
    schedule = german(N.weeks, closings=((date(2026, 3, 3), 120, 240),))
    assert between(schedule, at(3, 2, 22), at(3, 3, 6)) == 6 * HOUR


def test_civil_day_cuts_the_holiday_out_of_two_shifts():
    assert between(N_CIVIL, at(4, 30, 12), at(5, 2, 12)) == 8 * HOUR
    assert between(N_CIVIL, at(5, 1), at(5, 2)) == 0


def test_half_day_keeps_only_the_stated_part():
    assert between(B, at(12, 31), at(12, 31, 23)) == 4 * HOUR


def test_public_holidays_are_asked_for_each_year_once():
    asked = []

    def new_year(year):
        asked.append(year)
        return {date(year, 1, 1)}

    schedule = Schedule("UTC", always_open=True, public_holidays=new_year)
    assert between(schedule, datetime(2026, 1, 1, tzinfo=UTC), at(1, 3, zone=UTC)) == 24 * HOUR
    assert between(schedule, at(1, 1, zone=UTC), at(1, 3, zone=UTC)) == 24 * HOUR
    assert sorted(asked) == [2025, 2026, 2027]


def test_half_day_by_hand_opens_a_public_holiday_in_part():
    schedule = Schedule(
        "UTC",
        always_open=True,
        half_days=((date(2026, 1, 1), 0, NOON),),
        public_holidays=lambda year: {date(year, 1, 1)},
    )
    assert between(schedule, at(1, 1, zone=UTC), at(1, 2, zone=UTC)) == 12 * HOUR


def test_closing_instant_is_outside_and_opening_instant_inside():
    assert is_open(A, at(3, 2, 9))
    assert not is_open(A, at(3, 2, 17))


def test_next_opening_is_now_while_open_and_the_next_working_day_after_hours():
    assert next_opening(A, at(3, 2, 10)) == at(3, 2, 10)
    assert next_opening(A, at(4, 2, 17)) == at(4, 7, 9)


def test_schedule_without_openings_has_no_due_time():
    empty = Schedule("Europe/Berlin")
    assert not opens_within(empty, date(2026, 1, 1))
    with pytest.raises(NeverOpenError):
        add(empty, at(3, 2, 10), 1)
    with pytest.raises(NeverOpenError):
        next_opening(empty, at(3, 2, 10))


def test_long_targets_reach_into_later_years():
    assert add(A, at(3, 2, 9), 8 * HOUR * 600).year == 2028


def test_negative_durations_and_naive_instants_are_refused():
    with pytest.raises(ValueError, match="never taken away"):
        add(A, at(3, 2, 9), -1)
    with pytest.raises(TypeError):
        between(A, datetime(2026, 3, 2), datetime(2026, 3, 3))  # noqa: DTZ001


def test_server_zone_changes_nothing(monkeypatch):
    before = add(N7, at(10, 24, 22), 20 * HOUR)
    try:
        monkeypatch.setenv("TZ", "Asia/Kathmandu")
        time.tzset()
        assert add(Schedule(N7.zone, N7.weeks), at(10, 24, 22), 20 * HOUR) == before
    finally:
        monkeypatch.undo()
        time.tzset()
    assert os.environ.get("TZ") != "Asia/Kathmandu"
