"""Reopenings and changes of team."""

import pandas as pd

from reports.metrics import routing


def teams(*rows):
    return pd.DataFrame(rows, columns=["ticket", "team"]).astype({"team": "Int64"})


def test_a_ticket_reopened_twice_counts_once():
    tickets = pd.DataFrame({"reopen_count": [0] * 382 + [1] * 14 + [2] * 4})
    assert routing.reopened(tickets) == {"n": 400, "yes": 18, "share": 0.045}


def test_of_no_ticket_there_is_no_share():
    assert routing.reopened(pd.DataFrame({"reopen_count": []})) == {"n": 0, "yes": 0, "share": None}


def test_the_first_team_is_no_handoff_and_a_time_without_team_is_left_out():
    found = routing.handoffs(teams((1, 5), (2, 5), (2, None), (2, 5), (3, None)))
    assert found.to_dict("list") == {"ticket": [1, 2], "handoffs": [0, 0], "returns": [0, 0]}


def test_coming_back_to_a_team_is_a_handoff_and_a_return():
    found = routing.handoffs(teams((1, 5), (1, 6), (1, 5), (1, None), (1, 7)))
    assert found.to_dict("list") == {"ticket": [1], "handoffs": [3], "returns": [1]}


def test_the_summary_tells_who_stayed():
    found = routing.handoffs(teams((1, 5), (2, 5), (2, 6), (3, 5), (3, 6), (3, 5), (3, 6)))
    assert routing.handoff_summary(found) == {
        "n": 3, "mean": 4 / 3, "kept": 1, "kept_share": 1 / 3,
        "three_or_more_share": 1 / 3, "returned_share": 1 / 3,
    }  # fmt: skip


def test_no_ticket_with_a_team_gives_no_share():
    assert routing.handoff_summary(routing.handoffs(teams()))["mean"] is None


def test_the_histogram_ends_with_five_and_more():
    found = routing.reassignment_histogram(pd.DataFrame({"reassignment_count": [0, 0, 4, 5, 27]}))
    assert dict(zip(found["reassignments"], found["tickets"], strict=True)) == {
        "0": 2, "1": 0, "2": 0, "3": 0, "4": 1, "5+": 2,
    }  # fmt: skip


def test_counts_have_mean_median_tail_and_maximum():
    found = routing.reassignment_counts(pd.DataFrame({"reassignment_count": [0, 0, 1, 3]}))
    assert (found["mean"], found["p50"], found["max"]) == (1.0, 0.5, 3)
    empty = routing.reassignment_counts(pd.DataFrame({"reassignment_count": []}))
    assert empty == {"mean": None, "p50": None, "p90": None, "max": None}
