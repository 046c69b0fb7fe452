"""Promises kept, as `SLA-27` counts them."""

from datetime import UTC, datetime

import pandas as pd

from reports.metrics import compliance

MARCH = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def clocks(*rows):
    """(metric, priority, state, outcome, due, outcome time)"""
    frame = pd.DataFrame(
        rows, columns=["metric", "priority", "state", "outcome", "due_at", "outcome_at"]
    )
    for name in ("due_at", "outcome_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    return frame.assign(elapsed_seconds=0, target_seconds=1)


def test_each_clock_counts_in_the_period_of_its_outcome():
    rows = clocks(
        ("resolution", 1, "stopped", "met", "2026-03-05", "2026-03-04"),
        ("resolution", 1, "stopped", "breached", "2026-03-31 23:59", "2026-03-31 23:59"),
        ("resolution", 1, "stopped", "breached", "2026-04-01", "2026-04-01"),
        ("resolution", 1, "stopped", "met", "2026-03-05", "2026-02-28"),
    )
    assert compliance.compliance(rows, *MARCH).to_dict("records") == [
        {"metric": "resolution", "priority": 1, "met": 1, "breached": 1, "pending": 0,
         "excluded": 0, "compliance": 0.5}
    ]  # fmt: skip


def test_an_overdue_open_clock_counts_at_once_at_its_due_time():
    rows = clocks(("resolution", 2, "running", "pending", "2026-03-10", None))
    found = compliance.compliance(compliance.settled(rows, NOW), *MARCH)
    assert list(found["breached"]) == [1]
    assert list(found["pending"]) == [0]


def test_a_clock_at_its_very_due_instant_is_not_missed():
    rows = clocks(("resolution", 2, "running", "pending", NOW.isoformat(), None))
    assert list(compliance.settled(rows, NOW)["outcome"]) == ["pending"]


def test_pending_and_excluded_ones_are_listed_beside():
    rows = clocks(
        ("resolution", 3, "running", "pending", "2026-09-01", None),
        ("resolution", 3, "stopped", "excluded", "2026-03-05", "2026-03-04"),
    )
    found = compliance.compliance(rows, *MARCH).to_dict("records")[0]
    assert (found["pending"], found["excluded"], found["met"]) == (1, 1, 0)
    assert pd.isna(found["compliance"])


def test_totals_are_sums_of_counts():
    rows = clocks(
        *[("resolution", 1, "stopped", "met", "2026-03-05", "2026-03-04")] * 1,
        *[("resolution", 3, "stopped", "breached", "2026-03-05", "2026-03-05")] * 3,
    )
    total = compliance.totals(compliance.compliance(rows, *MARCH)).to_dict("records")[0]
    assert (total["met"], total["breached"], total["compliance"]) == (1, 3, 0.25)


def test_no_clock_gives_an_empty_table():
    none = clocks()
    assert compliance.compliance(none, *MARCH).empty
    assert compliance.totals(compliance.compliance(none, *MARCH)).empty
    assert compliance.cohort_compliance(none).empty


def test_of_a_cohort_time_used_decides_and_the_target_itself_is_met():
    rows = clocks(
        ("resolution", 3, "stopped", "breached", "2026-03-05", "2026-03-05"),
        ("resolution", 3, "stopped", "breached", "2026-03-05", "2026-03-05"),
    ).assign(elapsed_seconds=[3600, 3601], target_seconds=3600)
    found = compliance.cohort_compliance(rows).to_dict("records")[0]
    assert (found["met"], found["breached"]) == (1, 1)
