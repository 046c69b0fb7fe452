"""Minutes and days as arithmetic (`BIL-2`, `BIL-3`)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itil.timesheets import hours

# All of 2026, with both nights on which clocks change.
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.timedeltas(timedelta(seconds=1), timedelta(days=3))


@given(MOMENTS, SPANS)
def test_parts_follow_each_other_without_a_gap_and_each_lies_in_one_day(begin, span):
    parts = hours.split_at_midnight(begin, begin + span)

    assert (parts[0][0], parts[-1][1]) == (begin, begin + span)
    assert all(end == start for (_, end), (start, _) in zip(parts, parts[1:], strict=False))
    for start, end in parts:
        assert start < end
        assert hours.business_date(start) == hours.business_date(end - timedelta.resolution)


@given(MOMENTS, SPANS)
def test_splitting_loses_less_than_a_minute_at_each_midnight(begin, span):
    parts = hours.split_at_midnight(begin, begin + span)
    booked = sum(hours.whole_minutes(start, end) for start, end in parts)

    assert abs(span.total_seconds() / 60 - booked) <= len(parts)


@pytest.mark.parametrize(
    ("day", "minutes"),
    [
        (date(2026, 3, 28), 1440),
        (date(2026, 3, 29), 1380),
        (date(2026, 10, 25), 1500),
        (date(2026, 10, 26), 1440),
    ],
)
def test_a_day_is_as_long_as_it_was(day, minutes):
    assert hours.minutes_of_day(day) == minutes


def test_a_day_begins_at_midnight_of_the_business_zone():
    assert hours.beginning_of(date(2026, 3, 29)) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert hours.beginning_of(date(2026, 3, 30)) == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_the_raw_part_of_example_b1():
    begin = datetime(2026, 3, 2, 12, 38, tzinfo=UTC)

    assert hours.whole_minutes(begin, begin + timedelta(minutes=80)) == 80
