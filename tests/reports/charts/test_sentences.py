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


@pytest.mark.parametrize("key", ["received", "load"])
def test_a_whole_week_is_compared_with_a_whole_week(key):
    sentence = said({key: [1, 5, 4, 2]})
    assert ("(2 Mar) to 4" in sentence, "(9 Mar)." in sentence) == (True, True)


def test_a_state_is_told_of_the_end_of_a_part_of_a_week_too():
    assert "From 1 (1 Mar in part) to 2 (16 Mar in part)." in said({"backlog": [1, 5, 4, 2]})


def test_nothing_is_none():
    assert said({"received": [0, 0, 0, 0]}, total={"received": 0.0}) == "None in the period."
    assert (
        said({"backlog": [0, 0, 0, 0]}, total={"backlog": 0.0}) == "None at the end of the period."
    )


def test_amounts_of_several_currencies_are_told_beside_each_other():
    points = [
        {"keys": [week, currency], "names": ["", ""], "n": 1, "value": value}
        for week, currency, value in (
            ("2026-W10", "EUR", 10.5), ("2026-W11", "EUR", 2.0), ("2026-W11", "JPY", 300.0),
        )
    ]  # fmt: skip
    series = {
        "indicator": "invoiced", "told": True, "more": 0, "points": points,
        "total": {"n": 3, "value": None, "why": "currencies"},
    }  # fmt: skip
    tile = Tile("t", ("invoiced",), by="step", split="currency", chart=ChartKind.BAR)
    reading = Reading(catalog()["indicators"], step="week", query={})
    made = panel(tile, {"series": [series], "steps": WEEKS}, reading)
    assert made.sentence == "12.50 EUR, 300 JPY (3 cases)."
    # They have no axis in common.
    assert (made.figure, len(made.rows)) == (None, 3)


def test_time_without_a_case_is_on_the_axis():
    points = [{"keys": ["2026-W11", "incident"], "names": ["", ""], "n": 2, "value": 2.0}]
    series = {
        "indicator": "received", "told": True, "more": 0, "points": points,
        "total": {"n": 2, "value": 2.0},
    }  # fmt: skip
    tile = Tile("t", ("received",), by="step", split="kind", chart=ChartKind.STACKED)
    reading = Reading(catalog()["indicators"], step="week", query={})
    bar = panel(tile, {"series": [series], "steps": WEEKS}, reading).figure["data"][0]
    assert [name.replace("<br>", " ") for name in bar["x"]] == [
        "1 Mar in part", "2 Mar", "9 Mar", "16 Mar in part",
    ]  # fmt: skip
    assert bar["y"] == [0.0, 0.0, 2.0, 0.0]


def test_nothing_is_said_of_what_ends_as_it_began():
    assert said({"received": [1, 4, 4, 2]}) == "12."


def test_statistics_of_one_figure_share_a_sentence():
    hours = {"resolution_median": 3600.0, "resolution_p90": 7200.0}
    sentence = said({key: [1, 2, 3, 4] for key in hours}, total=hours)
    assert sentence == "Half within 1h, 9 in 10 within 2h (12 cases)."


def test_different_figures_are_named():
    sentence = said({"received": [1, 2, 3, 4], "resolved": [1, 2, 3, 4]})
    assert sentence == "Tickets received: 12. Tickets resolved: 12."
