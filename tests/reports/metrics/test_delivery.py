"""Times of requests (`KPI-5`)."""

import pandas as pd

from reports.metrics.delivery import delivery

HOUR = 3600.0


def moments(*texts):
    return pd.to_datetime(pd.Series(texts), utc=True)


def found(approved="2026-03-02 11:00", gaps=None, clocks=()):
    tickets = pd.DataFrame(
        {
            "ticket": [1, 2],
            "received_at": moments("2026-03-02 09:00", "2026-03-02 09:00"),
            "resolved_at": moments("2026-03-02 15:00", "2026-03-02 15:00"),
        }
    )
    approvals = pd.DataFrame({"ticket": [1], "approved_at": moments(approved)})
    columns = ["ticket", "metric", "elapsed_seconds"]
    frame = pd.DataFrame(list(clocks), columns=columns)
    (row,) = delivery(tickets, approvals, frame, pd.Series(gaps or {}, dtype="float64")).to_dict(
        "records"
    )
    return row


def test_a_request_counts_from_its_approval_and_apart_from_its_receipt_and_no_incident_does():
    row = found()
    assert (row["ticket"], row["from_approval"], row["from_receipt"]) == (1, 4 * HOUR, 6 * HOUR)


def test_what_needed_no_approval_counts_from_its_receipt():
    assert found(approved=None)["from_approval"] == 6 * HOUR


def test_the_time_in_which_it_passed_for_delivered_is_left_out():
    row = found(gaps={1: HOUR})
    assert (row["from_approval"], row["from_receipt"]) == (3 * HOUR, 5 * HOUR)


def test_working_time_is_that_of_the_clock_and_missing_without_one():
    clocks = [(1, "first_response", 60), (1, "fulfilment", 7200), (2, "fulfilment", 5)]
    assert found(clocks=clocks)["net"] == 2 * HOUR
    assert pd.isna(found()["net"])
