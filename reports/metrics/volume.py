"""How many tickets came and went (`KPI-9`)."""

from collections.abc import Sequence

import pandas as pd

from .period import Month
from .population import within

COLUMNS = ["month", "opened", "resolved", "closed", "backlog_not_resolved", "backlog_not_closed"]


def by_month(tickets: pd.DataFrame, months: Sequence[Month]) -> pd.DataFrame:
    """Tickets opened, resolved and closed per month, from the times recorded on the ticket.

    Formula: number of tickets received, last resolved and closed in the month; not resolved (not
    closed) at the end = received before the end and not resolved (not closed) before it.
    Population: all tickets, cancelled ones included: they came in, too.
    Basis: each column by its own time; months of the report's time zone.
    Edge cases: a ticket resolved twice counts in the month of the last resolution. The months at
    both ends are cut to the period.
    """
    rows = []
    for month in months:
        before = tickets[tickets["received_at"] < month.end]
        rows.append(
            {
                "month": month.label,
                "opened": len(within(tickets, "received_at", month.start, month.end)),
                "resolved": len(within(tickets, "resolved_at", month.start, month.end)),
                "closed": len(within(tickets, "closed_at", month.start, month.end)),
                "backlog_not_resolved": _still(before, "resolved_at", month),
                "backlog_not_closed": _still(before, "closed_at", month),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _still(received: pd.DataFrame, column: str, month: Month) -> int:
    return int((received[column].isna() | (received[column] >= month.end)).sum())
