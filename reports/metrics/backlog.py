"""Work not done yet, at any instant, from events (`KPI-9`)."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from .endings import UNSOLVED
from .period import Month

DAY = 86_400
# Age in days, half-open; None: no upper end.
BUCKETS: tuple[tuple[int, int | None], ...] = (
    (0, 1),
    (1, 3),
    (3, 7),
    (7, 14),
    (14, 30),
    (30, None),
)


def steps(phases: pd.DataFrame) -> pd.DataFrame:
    """Each event with what it does to the backlog: `change` is +1, 0 or -1.

    `phases` is in the order of events per ticket. `is_first` marks the first one of a ticket.
    """
    is_open = phases["phase"] != "done"
    is_first = phases["ticket"] != phases["ticket"].shift()
    was_open = is_open.shift(fill_value=False) & ~is_first
    return phases.assign(
        change=is_open.astype("int64") - was_open.astype("int64"), is_first=is_first
    )


def open_at(phases: pd.DataFrame, instant: datetime) -> pd.DataFrame:
    """The last event before `instant` of every ticket that was open then."""
    last = phases[phases["at"] < instant].groupby("ticket", sort=True).tail(1)
    return last[last["phase"] != "done"]


def open_at_each(phases: pd.DataFrame, instants: Sequence[datetime]) -> pd.DataFrame:
    """As `open_at` for many instants in order, in one go: `place` is that of the instant."""
    edges = pd.DatetimeIndex(list(instants), dtype="datetime64[us, UTC]")
    # Open at an instant: it began before, and did not end before.
    first = edges.searchsorted(phases["at"], side="right")
    tickets = phases["ticket"].to_numpy()
    goes_on = np.append(tickets[1:] == tickets[:-1], False)[: len(tickets)]
    last = np.where(goes_on, np.append(first[1:], 0)[: len(first)], len(edges))
    still = (last > first) & (phases["phase"] != "done").to_numpy()
    counts = np.where(still, last - first, 0)
    rows = np.repeat(np.arange(len(phases)), counts)
    place = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts) + first[rows]
    return phases.take(rows).assign(place=place).reset_index(drop=True)


def bucket_of(age: pd.Series) -> pd.Series:
    """The bucket of each age in seconds: `0-1`, …, `30-`, in days."""
    labels = [f"{low}-{high or ''}" for low, high in BUCKETS]
    edges = np.array([low for low, _high in BUCKETS[1:]]) * DAY
    places = edges.searchsorted(age.to_numpy(), side="right")
    kind: pd.CategoricalDtype = pd.CategoricalDtype(labels, ordered=True)
    return pd.Series(pd.Categorical.from_codes(places, dtype=kind), index=age.index)


def flow(phases: pd.DataFrame, months: Sequence[Month]) -> pd.DataFrame:
    """How the number of open tickets changed in each month.

    Formula: at the end = at the start + came in + reopened − solved − cancelled. An instant's
    backlog is the number of tickets whose last event before it left them open.
    Population: all tickets, cancelled ones included as long as they were open.
    Basis: the events of the ticket, not its present state; months of the report's time zone.
    Edge cases: on hold is open. A request that was declined counts as cancelled. A ticket solved
    twice in a month is solved twice and reopened once.
    """
    moves = steps(phases)
    rows = []
    for month in months:
        inside = moves[(moves["at"] >= month.start) & (moves["at"] < month.end)]
        out = inside[inside["change"] < 0]
        into = inside[inside["change"] > 0]
        cancelled = int(out["status"].isin(UNSOLVED).sum())
        rows.append(
            {
                "month": month.label,
                "at_start": int(moves.loc[moves["at"] < month.start, "change"].sum()),
                "came_in": int(into["is_first"].sum()),
                "reopened": int((~into["is_first"]).sum()),
                "solved": len(out) - cancelled,
                "cancelled": cancelled,
                "at_end": int(moves.loc[moves["at"] < month.end, "change"].sum()),
            }
        )
    columns = ["month", "at_start", "came_in", "reopened", "solved", "cancelled", "at_end"]
    return pd.DataFrame(rows, columns=columns)


def ageing(phases: pd.DataFrame, received: pd.Series, instant: datetime) -> pd.DataFrame:
    """Age of the tickets open at the end of the period.

    Formula: age = that instant − time received; `received` gives it by ticket. Buckets include
    their lower and exclude their upper end: exactly 1 day is in “1 to 3 days”.
    Population: tickets open at that instant, those on hold among them shown apart.
    Basis: real elapsed time; the events of the ticket, not its present state.
    Edge cases: for a period that is not over the instant is the time the figures were computed.
    """
    still = open_at(phases, instant)
    since = received.reindex(still["ticket"])
    age = (pd.Timestamp(instant) - since).dt.total_seconds().reset_index(drop=True) / DAY
    waiting = (still["phase"] == "waiting").reset_index(drop=True)
    rows = []
    for low, high in BUCKETS:
        inside = (age >= low if low else age < BUCKETS[0][1]) & (age < (high or float("inf")))
        rows.append(
            {
                "from_days": low,
                "to_days": high,
                "open": int(inside.sum()),
                "on_hold": int((inside & waiting).sum()),
            }
        )
    frame = pd.DataFrame(rows, columns=["from_days", "to_days", "open", "on_hold"])
    return frame.astype({"to_days": "Int64"})
