"""Figures as rows of a table."""

from reports.actions.figure_rows import COLUMNS, figure_rows


def test_the_total_comes_behind_its_points_and_every_row_has_all_columns():
    told = {
        "reference": "KPI-9", "unit": "count", "by": "step",
        "points": [{"key": "2026-03", "name": "", "n": 1, "value": 1.0}],
        "total": {"n": 0, "value": None, "why": "nothing"},
    }  # fmt: skip

    rows = list(figure_rows({"received": told}))

    assert [(row["key"], row["value"], row["why"]) for row in rows] == [
        ("2026-03", 1.0, None), ("", None, "nothing"),
    ]  # fmt: skip
    assert all(tuple(row) == COLUMNS for row in rows)
