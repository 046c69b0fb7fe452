"""What stands below the title of a chart."""

import pytest

from reports.actions.boarding import catalog
from reports.charts.boards import panel
from reports.charts.lines import Reading
from reports.metrics.tile import ChartKind, Tile

WEEKS = [
    {"key": key, "first": first, "last": first, "is_whole": is_whole, "is_over": True}
    for key, first, is_whole in (
        ("2026-W09", "2026-03-01", False),
        ("2026-W10", "2026-03-02", True),
        ("2026-W11", "2026-03-09", True),
        ("2026-W12", "2026-03-16", False),
    )
]


def said(values, total=None):
    """The sentence of indicators by week; `values` of each, one for each week."""
    series = [
        {
            "indicator": key,
            "told": True,
            "more": 0,
            "total": {"n": 12, "value": (total or {}).get(key, 12.0)},
            "points": [
                {"keys": [week["key"]], "names": [""], "n": 12, "value": float(value)}
                for week, value in zip(WEEKS, weekly, strict=True)
            ],
        }
        for key, weekly in values.items()
    ]
    tile = Tile("t", tuple(values), by="step", chart=ChartKind.LINE)
    reading = Reading(catalog()["indicators"], step="week", query={})
    return panel(tile, {"series": series, "steps": WEEKS}, reading).sentence


def test_what_adds_up_is_compared_from_a_whole_week_to_a_whole_week():
    assert said({"received": [1, 5, 4, 2]}) == "12. From 5 (2 Mar) to 4 (9 Mar)."


@pytest.mark.parametrize("key", ["backlog", "rating_mean"])
def test_a_state_and_a_mean_are_told_of_a_part_of_a_week_too(key):
    sentence = said({key: [1, 5, 4, 2]})
    assert "(1 Mar in part) to 2" in sentence


def test_nothing_is_said_of_what_ends_as_it_began():
    assert said({"received": [1, 4, 4, 2]}) == "12."


def test_statistics_of_one_figure_share_a_sentence():
    hours = {"resolution_median": 3600.0, "resolution_p90": 7200.0}
    sentence = said({key: [1, 2, 3, 4] for key in hours}, total=hours)
    assert sentence == "Half within 1h, 9 in 10 within 2h (12 cases)."


def test_different_figures_are_named():
    sentence = said({"received": [1, 2, 3, 4], "resolved": [1, 2, 3, 4]})
    assert sentence == "Tickets received: 12. Tickets resolved: 12."
