"""What a figure of a dashboard says beside its value."""

import pytest

from reports.actions.boarding import catalog
from reports.charts.boards import fact
from reports.charts.lines import Reading
from reports.metrics.tile import Tile


@pytest.mark.parametrize(
    ("key", "total", "said"),
    [
        ("compliance", {"value": 0.8, "n": 5, "yes": 4}, "of 5 cases"),
        ("compliance", {"value": 1.0, "n": 1, "yes": 1}, "of 1 case"),
        ("availability", {"value": 1.0, "n": 0}, ""),
        ("backlog", {"value": 3.0, "n": 3}, "at the end of the period"),
    ],
)
def test_a_figure_says_of_how_many_cases_it_is_made(key, total, said):
    answer = {"series": [{"indicator": key, "total": total}]}
    reading = Reading(catalog()["indicators"], step="week", query={})
    assert fact(Tile(key, (key,)), answer, reading).unit == said


@pytest.mark.parametrize(
    ("now", "before", "change", "arrow"),
    [
        (44.6, 44.5, "1 more than before", "arrow-up"),
        (45.4, 44.6, "no different than before", "minus"),
        (45.2, 44.9, "no different than before", "minus"),
        (-12.4, -10.6, "1 less than before", "arrow-down"),
    ],
)
def test_the_change_of_a_score_is_the_difference_of_the_two_that_are_shown(
    now, before, change, arrow
):
    totals = {"total": {"value": now, "n": 50}, "before": {"value": before, "n": 50}}
    answer = {"series": [{"indicator": "nps", **totals}]}
    reading = Reading(catalog()["indicators"], step="week", query={}, than="than before")
    told = fact(Tile("nps", ("nps",)), answer, reading)
    assert (told.change, told.arrow) == (change, arrow)
