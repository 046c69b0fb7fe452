"""When a report is due: wall time of the reader, over changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.actions.timing import latest_due, next_due
from reports.models import ReportSubscription

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "UTC"]


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "zone", "now", "first", "last", "due"),
    [
        # The first of March at 7 in Berlin is 6 UTC in winter; the first of April 5 UTC.
        ({}, "Europe/Berlin", "2026-03-01T06:00", "2026-02-01", "2026-02-28", "2026-03-01T06:00"),
        ({}, "Europe/Berlin", "2026-03-01T05:59", "2026-01-01", "2026-01-31", "2026-02-01T06:00"),
        ({}, "Europe/Berlin", "2026-04-01T05:00", "2026-03-01", "2026-03-31", "2026-04-01T05:00"),
        # On 29 March there is no 2:30 in Berlin, on 25 October two of it: one report each.
        (
            {"frequency": "daily", "hour": 2}, "Europe/Berlin",
            "2026-03-29T12:00", "2026-03-28", "2026-03-28", "2026-03-29T01:00",
        ),
        (
            {"frequency": "daily", "hour": 2}, "Europe/Berlin",
            "2026-10-25T12:00", "2026-10-24", "2026-10-24", "2026-10-25T00:00",
        ),
        # Of a Thursday the last full ISO week.
        (
            {"frequency": "weekly", "weekday": 4}, "America/New_York",
            "2026-03-12T11:00", "2026-03-02", "2026-03-08", "2026-03-12T11:00",
        ),
    ],
)  # fmt: skip
def test_the_last_full_period_at_the_hour_of_the_reader(rhythm, zone, now, first, last, due):
    found = latest_due(ReportSubscription(**rhythm), ZoneInfo(zone), now=at(now))
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert found.at == at(due)


@given(
    frequency=st.sampled_from(["daily", "weekly", "monthly"]),
    weekday=st.integers(1, 7),
    month_day=st.integers(1, 28),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
    minutes=st.integers(0, 6 * 366 * 24 * 60),
)
def test_each_period_is_due_once_and_over_by_then(
    frequency, weekday, month_day, hour, zone, minutes
):
    now = at("2024-01-05") + timedelta(minutes=minutes)
    rhythm = ReportSubscription(
        frequency=frequency, weekday=weekday, month_day=month_day, hour=hour
    )
    here = ZoneInfo(zone)
    last, following = latest_due(rhythm, here, now=now), next_due(rhythm, here, now=now)
    assert last.at <= now < following
    assert last.last < last.at.astimezone(here).date()
    # Nothing lies between the two, and the next one is about the days right after.
    assert latest_due(rhythm, here, now=following - timedelta(seconds=1)) == last
    assert latest_due(rhythm, here, now=following).first == last.last + timedelta(days=1)
