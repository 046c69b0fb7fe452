"""Who is counted."""

from datetime import UTC, datetime

import pandas as pd

from reports.metrics.population import counted, share, was_reopened, within


def test_cancelled_merged_and_child_tickets_are_not_counted():
    tickets = pd.DataFrame(
        {
            "ticket": [1, 2, 3, 4],
            "status": ["closed", "cancelled", "closed", "closed"],
            "merged_into": [None, None, 1, None],
            "parent": [None, None, None, 1],
        }
    )
    assert list(counted(tickets)["ticket"]) == [1]


def test_a_period_includes_its_start_and_not_its_end():
    frame = pd.DataFrame(
        {
            "at": pd.to_datetime(
                ["2026-03-01", "2026-03-31 23:59:59", "2026-04-01", None], utc=True, format="mixed"
            )
        }
    )
    found = within(frame, "at", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert list(found.index) == [0, 1]


def test_a_reopening_out_of_courtesy_is_one_though_it_is_not_in_the_count():
    days = pd.to_datetime(["2026-03-02", "2026-03-02", "2026-03-02", None], utc=True)
    last = pd.to_datetime(["2026-03-02", "2026-03-02", "2026-03-03", "2026-03-03"], utc=True)
    tickets = pd.DataFrame(
        {"reopen_count": [0, 1, 0, 0], "first_resolved_at": days, "resolved_at": last}
    )
    assert was_reopened(tickets).tolist() == [False, True, True, False]


def test_a_share_of_nothing_is_not_a_number():
    assert share(0, 0) is None
    assert share(3, 4) == 0.75
