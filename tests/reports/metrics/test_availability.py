"""Availability (`KPI-18`, `KPI-19`, `KPI-22`)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports.metrics.availability import in_parallel, in_series, merged, uptime

APRIL = (datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
HOUR = timedelta(hours=1)


def at(day, hour, minute=0):
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


def test_kpi_22_april_with_716_agreed_hours_and_two_failures():
    found = uptime(
        [APRIL],
        [(at(12, 2), at(12, 6))],
        [
            (at(3, 10), at(3, 11, 30)), (at(3, 11), at(3, 12)),
            (at(12, 3), at(12, 3, 45)), (at(20, 8), at(20, 8, 30)),
        ],
    )  # fmt: skip

    assert (found.agreed, found.down, found.failures) == (716 * HOUR, 2.5 * HOUR, 2)
    assert round(100 * float(found.availability), 4) == 99.6508
    assert found.between_failures == 356.75 * HOUR
    assert found.to_restore == 1.25 * HOUR
    assert found.between_starts == 358 * HOUR


@pytest.mark.parametrize(("month", "hours"), [(3, 743), (4, 720), (10, 745)])
def test_kpi_22_a_month_in_berlin_is_as_long_as_it_is(month, hours):
    berlin = ZoneInfo("Europe/Berlin")
    ends = (datetime(2026, month, 1, tzinfo=berlin), datetime(2026, month + 1, 1, tzinfo=berlin))
    month = tuple(end.astimezone(UTC) for end in ends)
    assert uptime([month], [], []).agreed == hours * HOUR


def test_only_the_overrun_of_maintenance_counts():
    found = uptime([APRIL], [(at(12, 2), at(12, 6))], [(at(12, 3), at(12, 7))])
    assert (found.down, found.failures) == (HOUR, 1)


def test_what_is_down_outside_the_hours_of_service_does_not_count():
    found = uptime([(at(1, 8), at(1, 18))], [], [(at(1, 17), at(1, 20)), (at(2, 1), at(2, 2))])
    assert (found.down, found.failures) == (HOUR, 1)


def test_a_failure_that_began_before_the_period_is_time_down_and_not_counted_again():
    found = uptime([APRIL], [], [(APRIL[0] - HOUR, at(1, 1))])
    assert (found.down, found.failures, found.between_failures) == (HOUR, 0, None)


def test_without_failures_there_is_no_time_between_them_and_without_hours_no_availability():
    calm = uptime([APRIL], [], [])
    assert calm.availability == 1
    assert (calm.between_failures, calm.to_restore, calm.between_starts) == (None, None, None)
    assert uptime([], [], [(at(1, 1), at(1, 2))]).availability is None


def test_stretches_that_touch_are_one():
    assert merged([(at(1, 2), at(1, 3)), (at(1, 1), at(1, 2))]) == [(at(1, 1), at(1, 3))]


def test_parts_in_series_and_in_parallel():
    assert in_series([0.99, 0.98]) == pytest.approx(0.9702)
    assert in_parallel([0.9, 0.9]) == pytest.approx(0.99)
