"""Counts by what tickets are."""

import pandas as pd

from reports.metrics import breakdown


def test_the_largest_comes_first_and_equal_ones_by_name():
    found = breakdown.counts(pd.DataFrame({"team": ["b", "a", "c", "c"]}), "team")
    assert found.to_dict("list") == {"team": ["c", "a", "b"], "tickets": [2, 1, 1]}


def test_the_matrix_lists_every_priority_of_a_pair():
    tickets = pd.DataFrame({"impact": [1, 1, 1], "urgency": [1, 1, 2], "priority": [1, 2, 2]})
    assert breakdown.priority_matrix(tickets).to_dict("list") == {
        "impact": [1, 1, 1], "urgency": [1, 1, 2], "priority": [1, 2, 2], "tickets": [1, 1, 1],
    }  # fmt: skip
