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
