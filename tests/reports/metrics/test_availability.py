"""Failures inside the agreed time, and stretches of time (`KPI-18`, `KPI-19`)."""

from datetime import UTC, datetime, timedelta

from itil.calendars.hours import length, merged, without
from reports.metrics.availability import (
    Outage,
    failures,
    spread,
)

APRIL = (datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
HOUR = timedelta(hours=1)


def at(day, hour, minute=0):
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


def failing(agreed, *spans):
    outages = [Outage(*span, record) for record, span in enumerate(spans, 1)]
    return [(one.record, one.start, length(one.parts)) for one in failures(agreed, outages)]


def test_outages_that_overlap_are_one_failure_of_the_first():
    spans = [(at(3, 11), at(3, 12)), (at(3, 10), at(3, 11, 30)), (at(5, 1), at(5, 2))]
    assert failing([APRIL], *spans) == [(2, at(3, 10), 2 * HOUR), (3, at(5, 1), HOUR)]


def test_only_the_overrun_of_maintenance_counts():
    agreed = without([APRIL], [(at(12, 2), at(12, 6))])
    assert failing(agreed, (at(12, 3), at(12, 7))) == [(1, at(12, 6), HOUR)]


def test_what_is_down_outside_the_hours_of_service_does_not_count():
    spans = [(at(1, 17), at(1, 20)), (at(2, 1), at(2, 2))]
    assert failing([(at(1, 8), at(1, 18))], *spans) == [(1, at(1, 17), HOUR)]


def test_stretches_that_touch_are_one():
    assert merged([(at(1, 2), at(1, 3)), (at(1, 1), at(1, 2))]) == [(at(1, 1), at(1, 3))]


def test_time_is_spread_over_the_steps_it_lies_in():
    edges = [at(1, 0), at(2, 0), at(3, 0)]
    stretches = [(at(1, 0) - HOUR, at(1, 2)), (at(1, 23), at(2, 1)), (at(2, 22), at(4, 0))]
    assert spread(stretches, edges) == [3 * HOUR, 3 * HOUR]
