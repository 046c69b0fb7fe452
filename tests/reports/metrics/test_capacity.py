"""Cost, utilisation and capacity (`KPI-13`, `KPI-14`, `KPI-20`)."""

from decimal import Decimal

import pytest

from reports.metrics.capacity import cost_per_ticket, days_to_threshold, load, utilisation


def test_kpi_13_84000_for_2100_tickets_are_40_each():
    assert cost_per_ticket(Decimal(84_000), 2_100) == Decimal("40.00")


def test_kpi_14_375_contacts_of_12_minutes_in_21_days_of_seven_and_a_half_hours_are_47_6_percent():
    assert round(100 * float(utilisation(375 * 12, 21 * 450)), 1) == 47.6


def test_nothing_to_divide_by_is_nothing():
    assert (cost_per_ticket(Decimal(1), 0), utilisation(1, 0), load(1, 0)) == (None, None, None)


def test_kpi_20_a_trend_of_five_a_week_reaches_90_from_60_in_six_weeks():
    weekly = [25, 30, 35, 40, 45, 50, 55, 60]
    assert days_to_threshold(weekly, 90) == pytest.approx(42)
    assert days_to_threshold(weekly, 50) == 0


@pytest.mark.parametrize(
    "weekly", [[25, 30, 35, 40, 45, 50, 55], [9, 8, 7, 6, 5, 4, 3, 2], [5] * 8]
)
def test_kpi_20_no_forecast_from_few_points_or_of_what_does_not_rise(weekly):
    assert days_to_threshold(weekly, 90) is None
