"""How long what there is will do (`KPI-20`)."""

import pytest

from reports.metrics.capacity import days_to_threshold


def test_kpi_20_a_trend_of_five_a_week_reaches_90_from_60_in_six_weeks():
    weekly = [25, 30, 35, 40, 45, 50, 55, 60]
    assert days_to_threshold(weekly, 90) == pytest.approx(42)
    assert days_to_threshold(weekly, 50) == 0


@pytest.mark.parametrize(
    "weekly", [[25, 30, 35, 40, 45, 50, 55], [9, 8, 7, 6, 5, 4, 3, 2], [5] * 8]
)
def test_kpi_20_no_forecast_from_few_points_or_of_what_does_not_rise(weekly):
    assert days_to_threshold(weekly, 90) is None
