"""Tickets by month, from the times recorded on them."""

from datetime import date

import pandas as pd

from reports.metrics import volume
from reports.metrics.period import Period


def test_the_backlog_at_the_end_of_a_month_is_what_is_not_yet_resolved_or_closed():
    tickets = pd.DataFrame(
        {
            "received_at": ["2026-01-05", "2026-01-31 23:59", "2026-02-10"],
            "resolved_at": ["2026-02-01", None, "2026-02-11"],
            "closed_at": ["2026-02-08", None, "2026-03-01"],
        }
    ).apply(pd.to_datetime, utc=True, format="mixed")
    months = list(Period(date(2026, 1, 1), date(2026, 2, 28), "UTC").months())
    assert volume.by_month(tickets, months).to_dict("records") == [
        {"month": "2026-01", "opened": 2, "resolved": 0, "closed": 0,
         "backlog_not_resolved": 2, "backlog_not_closed": 2},
        {"month": "2026-02", "opened": 1, "resolved": 2, "closed": 1,
         "backlog_not_resolved": 1, "backlog_not_closed": 2},
    ]  # fmt: skip
