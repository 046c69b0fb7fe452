"""Forecasts of made-up weeks of which the truth is known."""

import numpy as np
import pytest

from reports.metrics.forecast import AHEAD, FEWEST_WEEKS, forecast


def test_too_few_weeks_give_no_figure():
    assert forecast([5.0] * (FEWEST_WEEKS - 1)) == {"weeks": 11, "points": []}


def test_weeks_that_are_all_alike_go_on_so_without_error():
    found = forecast([7.0] * FEWEST_WEEKS)
    assert found["points"] == [{"value": 7.0, "low": 7.0, "high": 7.0}] * AHEAD
    assert (found["error"], found["covered"]) == (0.0, 1.0)


def test_the_interval_holds_about_four_of_five_weeks_to_come():
    chance = np.random.default_rng(7)
    inside = total = 0
    for _run in range(60):
        weeks = chance.poisson(40, 80 + AHEAD).astype(float)
        points = forecast(weeks[:80])["points"]
        for point, came in zip(points, weeks[80:], strict=True):
            inside += point["low"] <= came <= point["high"]
            total += 1
    assert inside / total == pytest.approx(0.8, abs=0.06)


def test_a_yearly_pattern_is_found_once_there_is_more_than_a_year_of_it():
    season = 50 + 40 * np.sin(np.arange(140) * 2 * np.pi / 52)
    found = forecast(season.tolist())
    assert found["method"] == "year-before"
    assert found["points"][0]["value"] == pytest.approx(season[140 - 52])


def test_a_lasting_change_is_followed_by_a_method_with_a_short_memory():
    found = forecast([10.0] * 30 + [40.0] * 10)
    assert found["points"][0]["value"] == pytest.approx(40, abs=1)
    assert min(point["low"] for point in found["points"]) >= 0
