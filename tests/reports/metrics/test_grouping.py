"""Groups of rows, with what pandas finds of the same."""

import pandas as pd
from pandas.testing import assert_frame_equal

from reports.metrics.grouping import Groups

ROWS = pd.DataFrame({
    "team": pd.array([2, None, 1, 2, 2], "Int64"),
    "step": pd.Categorical(["may", "april", "april", "may", "april"], ["april", "may", "june"]),
    "value": [3.0, None, 1.0, 5.0, 10.0],
    "whole": pd.array([7, 7, None, 7, 8], "Int64"),
    "missing": ["", "", "", "rate", ""],
})  # fmt: skip


def test_keys_are_in_order_and_what_is_missing_comes_last():
    groups = Groups.of(ROWS, ["team", "step"])
    found = groups.keys.assign(n=groups.sizes())
    theirs = ROWS.groupby(["team", "step"], observed=True, dropna=False).size()
    assert_frame_equal(found, theirs.rename("n").reset_index(), check_dtype=False)
    assert found["step"].tolist() == ["april", "april", "may", "april"]


def test_each_group_has_its_counts_sums_quantiles_and_largest_text():
    groups = Groups.of(ROWS, ["team"])
    theirs = ROWS.groupby("team", dropna=False)
    assert groups.counts(ROWS["value"]).tolist() == theirs["value"].count().tolist() == [1, 3, 0]
    assert groups.sums(ROWS["value"]).tolist() == theirs["value"].sum().tolist()
    assert groups.distinct(ROWS["whole"]).tolist() == theirs["whole"].nunique().tolist()
    assert groups.largest(ROWS["missing"]).tolist() == ["", "rate", ""]
    for share in (0.5, 0.9, 0.95):
        found = pd.Series(groups.quantiles(ROWS["value"], share))
        expected = theirs["value"].quantile(share).reset_index(drop=True)
        pd.testing.assert_series_equal(found, expected, check_names=False)


def test_without_a_column_all_rows_are_one_group_even_none():
    groups = Groups.of(ROWS.head(0), [])
    assert (len(groups), groups.sizes().tolist(), groups.sums(ROWS.head(0)["value"]).tolist()) == (
        1, [0], [0.0],
    )  # fmt: skip
    assert len(Groups.of(ROWS.head(0), ["team", "step"])) == 0
