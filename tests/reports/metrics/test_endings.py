"""What ended without a solution is solved in no figure (`KPI-1`)."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from reports.metrics import backlog
from reports.metrics.endings import UNSOLVED
from reports.metrics.period import Period
from reports.metrics.population import counted

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "UTC")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("status", UNSOLVED)
def test_a_cancelled_ticket_and_a_declined_request_leave_the_backlog_unsolved(status):
    told = [
        (1, MONDAY, "open", "submitted"),
        (1, MONDAY + timedelta(hours=1), "done", status),
        (2, MONDAY, "open", "submitted"),
        (2, MONDAY + timedelta(hours=2), "done", "fulfilled"),
    ]
    phases = pd.DataFrame(told, columns=["ticket", "at", "phase", "status"])
    (row,) = backlog.flow(phases, list(MARCH.months())).to_dict("records")
    assert (row["came_in"], row["solved"], row["cancelled"], row["at_end"]) == (2, 1, 1, 0)


def test_rates_and_durations_leave_them_out():
    tickets = pd.DataFrame(
        {"status": ["fulfilled", *UNSOLVED], "merged_into": None, "parent": None}
    )
    assert list(counted(tickets)["status"]) == ["fulfilled"]
