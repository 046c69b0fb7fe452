"""The noon rule and business days: the worked examples C1 to C6 and D1 to D3, and single rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from itil.calendars.hours import (
    END_OF_DAY,
    SAME_TIME,
    NeverOpenError,
    Schedule,
    add,
    add_around,
    business_days,
    cutoff,
    last_closing,
    snap_to_closing,
)

from .calendars import HOUR, N7, NOON, SUNDAY_MORNING, A, B, N, X, at, german, week

CUTOFF = {
    "C1 before": (at(3, 2, 11, 59), at(3, 2, 17)),
    "C1 at noon": (at(3, 2, 12), at(3, 3, 12)),
    "C2 before opening": (at(3, 2, 7), at(3, 2, 17)),
    "C2 after closing": (at(3, 2, 18, 40), at(3, 3, 12)),
    "C3 Friday": (at(3, 6, 15), at(3, 9, 12)),
    "C3 Saturday": (at(3, 7, 10), at(3, 9, 12)),
    "C4 Thursday": (at(4, 2, 12, 30), at(4, 7, 12)),
    "C4 holiday": (at(4, 6, 9), at(4, 7, 12)),
    "C5 morning": (at(12, 24, 10), at(12, 24, 12)),
    "C5 afternoon": (at(12, 24, 13), at(12, 28, 12)),
    "C6": (at(3, 2, 11, 30, zone=UTC), at(3, 3, 12)),
}

DAYS = {
    "D1 Monday": (A, at(3, 2, 15), 3, END_OF_DAY, at(3, 5, 17)),
    "D1 after closing": (A, at(3, 6, 18, 30), 3, END_OF_DAY, at(3, 12, 17)),
    "D2 Friday": (A, at(3, 6, 15), 1, SAME_TIME, at(3, 9, 15)),
    "D2 Easter": (A, at(4, 2, 10), 1, SAME_TIME, at(4, 7, 10)),
    "D2 half day": (A, at(12, 23, 15), 1, SAME_TIME, at(12, 24, 12)),
    "D3": (A, at(3, 7, 10), 1, END_OF_DAY, at(3, 10, 17)),
    "before opening the same time is the opening": (A, at(3, 2, 7), 1, SAME_TIME, at(3, 3, 9)),
    "in a break it is the end of the break": (B, at(3, 2, 12, 30), 1, SAME_TIME, at(3, 3, 13)),
    "the break begins at the closing": (B, at(3, 2, 12), 1, SAME_TIME, at(3, 3, 13)),
    "Saturday counts where it is worked": (B, at(3, 6, 10), 1, END_OF_DAY, at(3, 7, 12)),
    "at the last closing the day is over": (A, at(3, 2, 17), 1, END_OF_DAY, at(3, 4, 17)),
    "day and night it is the same wall time": (X, at(3, 28, 12), 1, SAME_TIME, at(3, 29, 12)),
    "a skipped wall time is the jump": (X, at(3, 28, 2, 30), 1, SAME_TIME, at(3, 29, 3)),
    "a repeated one is the first": (X, at(10, 24, 2, 30), 1, SAME_TIME, at(10, 25, 2, 30)),
    "of a day without closing the end is midnight": (X, at(3, 2, 15), 1, END_OF_DAY, at(3, 4)),
    "a night belongs to its evening": (N, at(3, 7, 2), 1, END_OF_DAY, at(3, 10, 6)),
    "and so does its wall time": (N, at(3, 7, 2), 1, SAME_TIME, at(3, 10, 2)),
    "years are crossed": (A, at(3, 2, 15), 600, END_OF_DAY, at(6, 28, 17, year=2028)),
}


@pytest.mark.parametrize("example", CUTOFF)
def test_due_by_the_noon_rule(example):
    start, due = CUTOFF[example]
    assert cutoff(A, start, NOON) == due


@pytest.mark.parametrize("example", DAYS)
def test_due_after_business_days(example):
    schedule, start, days, snap, due = DAYS[example]
    assert business_days(schedule, start, days, snap) == due.astimezone(UTC)


def test_end_of_day_is_the_usual_way():
    assert business_days(A, at(3, 2, 15), 1) == at(3, 3, 17)


def test_cutoff_of_a_day_that_opens_later_is_that_of_the_next():
    # Monday opens at noon, so nothing is due there at 10:00.
    late = german((week((0,), (NOON, 1020)),))
    assert cutoff(late, at(3, 1, 10), 13 * 60) == at(3, 2, 13)
    with pytest.raises(NeverOpenError, match="never opens before"):
        cutoff(late, at(3, 1, 10), 10 * 60)


def test_cutoff_may_be_midnight_but_not_the_first():
    assert cutoff(X, at(3, 2, 23), 24 * 60) == at(3, 3)
    for minutes in (0, -5, 24 * 60 + 1):
        with pytest.raises(ValueError, match="after 00:00"):
            cutoff(A, at(3, 2, 10), minutes)


def test_skipped_and_repeated_cutoff_are_instants_of_the_clock():
    sunday = german((week((6,), (60, 600)),), holidays=frozenset())
    assert cutoff(sunday, at(3, 23, 9), 150) == at(3, 29, 3)
    assert cutoff(sunday, at(10, 19, 9), 150) == at(10, 25, 2, 30).astimezone(UTC)


def test_business_days_are_at_least_one_and_end_in_a_known_way():
    with pytest.raises(ValueError, match="at least one"):
        business_days(A, at(3, 2, 9), 0)
    with pytest.raises(ValueError, match="noon"):
        business_days(A, at(3, 2, 9), 1, "noon")


def test_schedule_that_stops_opening_has_no_business_days_left():
    once = Schedule("Europe/Berlin", openings=((date(2026, 3, 7), 600, 840),))
    assert business_days(A, at(3, 2, 9), 1, END_OF_DAY) == at(3, 3, 17)
    with pytest.raises(NeverOpenError):
        business_days(once, at(3, 7, 11), 1, END_OF_DAY)
    with pytest.raises(NeverOpenError):
        business_days(once, at(3, 8, 11), 1, END_OF_DAY)
    with pytest.raises(NeverOpenError):
        cutoff(once, at(3, 8, 11), NOON)


def test_last_closing_of_a_day():
    assert last_closing(B, date(2026, 3, 2)) == at(3, 2, 17)
    assert last_closing(N, date(2026, 3, 2)) == at(3, 3, 6)
    assert last_closing(A, date(2026, 12, 24)) == at(12, 24, 12)
    assert last_closing(A, date(2026, 12, 25)) is None
    assert last_closing(A, date(2026, 3, 7)) is None


@pytest.mark.parametrize(
    ("schedule", "instant", "closing"),
    [
        (A, at(3, 2, 10), at(3, 2, 17)),
        (A, at(3, 2, 7), at(3, 2, 17)),
        (A, at(3, 2, 17), at(3, 2, 17)),
        (A, at(3, 2, 17) + timedelta(seconds=1), at(3, 3, 17)),
        (A, at(3, 7, 12), at(3, 9, 17)),
        (B, at(3, 2, 12), at(3, 2, 17)),
        (B, at(3, 2, 12, 30), at(3, 2, 17)),
        (N, at(3, 3, 2), at(3, 3, 6)),
        (N, at(3, 3, 6), at(3, 3, 6)),
        (X, at(3, 3), at(3, 3)),
        (X, at(3, 3, 0, 1), at(3, 4)),
        (SUNDAY_MORNING, at(3, 2, 9), at(3, 8, 10)),
    ],
)
def test_an_instant_snaps_to_the_last_closing_of_its_day(schedule, instant, closing):
    assert snap_to_closing(schedule, instant) == closing


# --- Pauses (`SLA-16`) ---------------------------------------------------------------------------

PAUSED = {
    "E37": (at(3, 2, 10), [(at(3, 2, 12), at(3, 2, 14))], at(3, 3, 12)),
    "E38": (at(3, 2, 10), [(at(3, 2, 16), at(3, 3, 10))], at(3, 3, 12)),
    "E39": (at(3, 2, 10), [(at(3, 2, 19), at(3, 3, 7))], at(3, 3, 10)),
    "E40": (
        at(3, 5, 15),
        [(at(3, 6, 11), at(3, 9, 11)), (at(3, 9, 12), at(3, 9, 13, 30))],
        at(3, 9, 16, 30),
    ),
    "in any order and overlapping": (
        at(3, 2, 10),
        [(at(3, 2, 13), at(3, 2, 14)), (at(3, 2, 12), at(3, 2, 13, 30))],
        at(3, 3, 12),
    ),
    "before the start": (at(3, 2, 10), [(at(3, 2, 8), at(3, 2, 9, 30))], at(3, 3, 10)),
    "over the start": (at(3, 2, 10), [(at(3, 2, 8), at(3, 2, 11))], at(3, 3, 11)),
    "of no length": (at(3, 2, 10), [(at(3, 2, 12), at(3, 2, 12))], at(3, 3, 10)),
    "after the due time": (at(3, 2, 10), [(at(3, 3, 10), at(3, 3, 12))], at(3, 3, 10)),
}


@pytest.mark.parametrize("example", PAUSED)
def test_time_within_pauses_does_not_count(example):
    start, pauses, due = PAUSED[example]
    assert add_around(A, start, 8 * HOUR, pauses) == due


def test_a_wait_for_an_opening_years_ahead_is_found():
    far = Schedule("Europe/Berlin", openings=((date(2027, 1, 2), 600, 840),))
    assert add(far, at(12, 30, 9), HOUR) == at(1, 2, 11, year=2027)


def test_years_far_away_are_refused():
    for year in (1700, 2500):
        with pytest.raises(NeverOpenError, match="1800 to 2400"):
            add(A, datetime(year, 3, 2, tzinfo=UTC), 1)
    with pytest.raises(NeverOpenError, match="opens too little"):
        add(german((week((0,), (0, 1)),)), at(3, 2, 9), 100_000_000)


def test_nights_around_the_clock_change_are_whole_working_days():
    assert business_days(N7, at(3, 28, 23), 1, END_OF_DAY) == at(3, 30, 6)
