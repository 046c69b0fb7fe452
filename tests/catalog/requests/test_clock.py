"""Working days between two moments, and what is usual."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.requests.clock import closing_of, usual, working_day_from, working_days
from itil.calendars.hours import SAME_TIME, Schedule, Week, business_days

OFFICE = Schedule(zone="Europe/Berlin", weeks=(Week(tuple((day, 540, 1020) for day in range(5))),))
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@given(days=st.integers(1, 30), minutes=st.integers(0, 419))
def test_so_many_business_days_later_it_took_so_many_days(days, minutes):
    start = datetime(2026, 3, 2, 8, 0, tzinfo=UTC) + timedelta(minutes=minutes)
    due = business_days(OFFICE, start, days, SAME_TIME)
    assert working_days(OFFICE, start, due).quantize(Decimal("0.0001")) == days


def test_nights_and_weekends_take_no_time():
    friday_evening = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
    monday_morning = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    assert working_days(OFFICE, friday_evening, monday_morning) == 0
    assert working_days(OFFICE, MONDAY, MONDAY + timedelta(hours=4)) == Decimal("0.5")


def test_the_usual_figures_are_the_median_and_nine_out_of_ten():
    assert usual([]) == (None, None)
    assert usual([Decimal(3)]) == (Decimal("3.00"), Decimal("3.00"))
    assert usual([Decimal(n) for n in range(1, 12)]) == (Decimal("6.00"), Decimal("10.00"))


def test_days_are_counted_over_weekends_and_back():
    """Monday 16 March 2026: three working days before it is Wednesday, five after it Monday."""
    monday = date(2026, 3, 16)
    assert working_day_from(None, monday, -3) == date(2026, 3, 11)
    assert working_day_from(None, monday, 5) == date(2026, 3, 23)
    assert working_day_from(None, monday, 0) == monday


def test_a_day_ends_when_the_desk_closes_for_the_last_time_up_to_it(cast):
    schedule = cast.calendar.schedule()
    # Saturday: the closing of Friday, 17:00 in Berlin.
    assert closing_of(schedule, date(2026, 3, 7)).isoformat() == "2026-03-06T16:00:00+00:00"
    assert working_day_from(schedule, date(2026, 3, 9), -1) == date(2026, 3, 6)
