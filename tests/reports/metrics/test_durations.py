"""Durations and percentiles; the numbers are those of `KPI-23`."""

import pandas as pd
import pytest

from reports.metrics import durations


def moments(*texts):
    return pd.to_datetime(pd.Series(texts), utc=True)


def test_percentiles_interpolate_between_order_statistics():
    found = durations.summary(pd.Series([12, 15, 18, 20, 22, 25, 30, 45, 60, 240]))
    assert found["n"] == 10
    assert found["mean"] == pytest.approx(48.7)
    assert found["p50"] == pytest.approx(23.5)
    assert found["p90"] == pytest.approx(78.0)


def test_p90_needs_ten_cases_and_p95_twenty():
    nine, nineteen = durations.summary(pd.Series(range(9))), durations.summary(pd.Series(range(19)))
    assert (nine["p75"], nine["p90"]) == (6.0, None)
    assert (nineteen["p90"], nineteen["p95"]) == (pytest.approx(16.2), None)


def test_nothing_measured_gives_no_figure():
    assert durations.summary(pd.Series([], dtype="float64")) == {
        "n": 0, "mean": None, "p50": None, "p75": None, "p90": None, "p95": None,
    }  # fmt: skip


def test_missing_values_are_not_counted():
    assert durations.summary(pd.Series([1.0, None, 3.0]))["n"] == 2


def test_what_ended_before_it_began_took_no_time():
    took = durations.seconds_between(moments("2026-03-02 10:00"), moments("2026-03-02 09:00"))
    assert list(took) == [0.0]


def test_time_between_a_resolution_and_its_reopening_is_a_gap():
    phases = pd.DataFrame(
        {
            "ticket": [1, 1, 1, 1, 1, 2, 2],
            "at": moments(
                "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-02 11:00", "2026-03-02 14:00",
                "2026-03-02 15:00", "2026-03-02 09:00", "2026-03-02 10:00",
            ),
            "phase": ["open", "done", "done", "open", "done", "open", "done"],
        }
    )  # fmt: skip
    assert durations.resolved_gaps(phases).to_dict() == {1: 4 * 3600.0}


def test_resolution_time_leaves_the_gap_out():
    tickets = pd.DataFrame(
        {
            "ticket": [1],
            "received_at": moments("2026-03-02 09:00"),
            "resolved_at": moments("2026-03-02 15:00"),
        }
    )
    found = durations.resolution(tickets, pd.Series({1: 4 * 3600.0}))
    assert list(found["seconds"]) == [2 * 3600.0]
    assert list(found["seconds_with_gaps"]) == [6 * 3600.0]


def test_summaries_give_one_row_per_value():
    frame = pd.DataFrame({"priority": [3, 1, 3], "seconds": [60.0, 120.0, 180.0]})
    found = durations.summaries(frame, "priority", "seconds", 60)
    assert found[["priority", "n", "mean"]].to_dict("list") == {
        "priority": [1, 3],
        "n": [1, 2],
        "mean": [2.0, 2.0],
    }


@pytest.mark.parametrize(
    ("metric", "column"),
    [
        (durations.first_response, "first_response_at"),
        (durations.acknowledgement, "acknowledged_at"),
        (durations.first_assignment, "first_assigned_at"),
    ],
)
def test_times_to_a_first_act_count_from_receipt_and_miss_where_there_was_none(metric, column):
    tickets = pd.DataFrame(
        {
            "received_at": moments("2026-03-02 09:00", "2026-03-02 09:00"),
            column: moments("2026-03-02 09:10", None),
        }
    ).assign(channel="mail")
    seconds = metric(tickets)["seconds"]
    assert seconds[0] == 600.0
    assert pd.isna(seconds[1])


def test_kpi_3_live_contacts_are_told_apart_and_unanswered_ones_are_in_no_time():
    tickets = pd.DataFrame(
        {
            "received_at": moments(*["2026-03-02 09:00"] * 4),
            "first_response_at": moments("2026-03-02 09:10", "2026-03-02 09:00", None, None),
            "channel": ["mail", "phone", "portal", "system"],
        }
    )
    found = durations.first_response(tickets)
    # What another system noticed is about nobody who waits.
    assert found["channel"].tolist() == ["mail", "phone", "portal"]
    assert found["seconds"].dropna().tolist() == [600.0]
    assert found["is_live"].tolist() == [False, True, False]
    assert found["is_unanswered"].tolist() == [False, False, True]
