"""Periods of whole local days."""

from datetime import UTC, date, datetime

import pytest

from reports.metrics.period import Period


def test_a_period_runs_from_local_midnight_to_the_midnight_after_its_last_day():
    march = Period(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin")
    assert (march.start, march.end) == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )


def test_an_evening_in_utc_belongs_to_the_next_month_in_berlin():
    april = Period(date(2026, 4, 1), date(2026, 4, 30), "Europe/Berlin")
    assert april.start <= datetime(2026, 3, 31, 23, 30, tzinfo=UTC) < april.end


def test_the_previous_period_has_as_many_days_and_ends_where_this_one_begins():
    period = Period(date(2026, 3, 2), date(2026, 3, 15), "UTC")
    assert (period.previous.first, period.previous.last) == (date(2026, 2, 16), date(2026, 3, 1))
    assert period.previous.end == period.start


def test_months_are_cut_to_the_period():
    months = list(Period(date(2025, 12, 20), date(2026, 2, 28), "UTC").months())
    assert [(month.label, month.first.day, month.last.day, month.is_whole) for month in months] == [
        ("2025-12", 20, 31, False),
        ("2026-01", 1, 31, True),
        ("2026-02", 1, 28, True),
    ]


def test_a_period_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="ends on or after"):
        Period(date(2026, 3, 2), date(2026, 3, 1), "UTC")
