"""Figures in their plain structure."""

import pandas as pd

from reports.actions.shapes import all_rounded, counts_of, part_of, priority_label, rounded


def test_nothing_to_count_is_none():
    assert part_of(0, 0) == {"n": 0, "yes": 0, "share": None}
    assert rounded(float("nan"), 4) is None
    assert all_rounded({"n": 0, "mean": None}) == {"n": 0, "mean": None}


def test_counts_come_the_largest_first_and_none_is_a_question_mark():
    frame = pd.DataFrame({"key": ["b", "", "a", "b"]})
    assert list(counts_of(frame).items()) == [("b", 2), ("?", 1), ("a", 1)]


def test_a_priority_is_told_by_number_and_name():
    assert priority_label(3) == "3 - Moderate"
