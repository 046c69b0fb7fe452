"""Which tickets a figure is about (`KPI-1`)."""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.frames.keys import are_among, places_of

from .endings import UNSOLVED


def counted(tickets: pd.DataFrame) -> pd.DataFrame:
    """Tickets that rates and durations count: not cancelled (spam and duplicates are cancelled) or
    declined, not merged into another one, not the child of another one."""
    alone = tickets["merged_into"].isna() & tickets["parent"].isna()
    return tickets[alone & ~tickets["status"].isin(UNSOLVED)]


def was_reopened(tickets: pd.DataFrame) -> pd.Series:
    """Which of the tickets were ever reopened. A reopening out of courtesy (`INC-3`) is one too: it
    is not in `reopen_count`, but it lies between the first resolution and the last one."""
    again = tickets["first_resolved_at"] < tickets["resolved_at"]
    found: pd.Series = (tickets["reopen_count"] > 0) | again
    return found


def within(frame: pd.DataFrame, column: str, start: datetime, end: datetime) -> pd.DataFrame:
    """Rows whose instant in `column` lies in `[start, end)`; rows without one are left out."""
    return frame[is_within(frame[column], start, end)]


def is_within(instants: pd.Series, start: datetime, end: datetime) -> npt.NDArray[np.bool_]:
    """Which of the instants lie in `[start, end)`; none that is missing does."""
    # As numbers, the missing one of which is the lowest there is: far faster than as instants.
    ticks = instants.to_numpy("datetime64[us]").view(np.int64)
    low, high = (np.datetime64(_utc(at), "us").view(np.int64) for at in (start, end))
    found: npt.NDArray[np.bool_] = (ticks >= low) & (ticks < high)
    return found


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def of_these(rows: pd.DataFrame, tickets: pd.Series) -> pd.DataFrame:
    """The rows whose `ticket` is one of `tickets`."""
    return rows[are_among(rows["ticket"].to_numpy(), tickets.to_numpy())]


def joined(rows: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns of their `ticket` beside them; rows without it are left out."""
    places = places_of(rows["ticket"].to_numpy(), tickets["ticket"].to_numpy())
    if (places < 0).any():
        rows, places = rows[places >= 0], places[places >= 0]
    beside = tickets.drop(columns="ticket").take(places).reset_index(drop=True)
    return pd.concat([rows.reset_index(drop=True), beside], axis="columns")


def share(yes: int, n: int) -> float | None:
    """`yes / n`; None, shown as "n/a", when there is nothing to count."""
    return yes / n if n else None
