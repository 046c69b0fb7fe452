"""Rows of tickets, as most indicators make them."""

from collections.abc import Callable, Sequence

import pandas as pd

from reports.metrics.indicator import (
    NAMED,
    TICKET_DIMENSIONS,
    Frames,
    Indicator,
    Statistic,
    Unit,
    Window,
)
from reports.metrics.population import counted, within

# What every frame of tickets has of the dimensions, names included.
DIMENSION_COLUMNS = [
    *TICKET_DIMENSIONS,
    *(f"{name}_name" for name in TICKET_DIMENSIONS if name in NAMED),
]
# What says which tickets count (`KPI-1`).
POPULATION_COLUMNS = ["status", "merged_into", "parent"]

SOLVED_COLUMNS = [
    "ticket", "received_at", "first_resolved_at", "resolved_at", "solver", "solver_name",
    "reopen_count",
]  # fmt: skip
# Requests are delivered, which has figures of its own.
REQUEST = "servicerequest"


def ticket_rows(tickets: pd.DataFrame, at: pd.Series) -> pd.DataFrame:
    """One row per ticket with its dimensions, at the instants `at`; the team holds it now."""
    return tickets[DIMENSION_COLUMNS].assign(record=tickets["ticket"], at=at)


def solved_rows(tickets: pd.DataFrame, at: pd.Series) -> pd.DataFrame:
    """As `ticket_rows`; the team is the one that resolved the ticket, or holds it unresolved."""
    rows = ticket_rows(tickets, at)
    return rows.assign(team=tickets["solver"], team_name=tickets["solver_name"])


def timed(
    key: str,
    reference: str,
    rows: Callable[[Frames, Window], pd.DataFrame],
    dimensions: tuple[str, ...] = TICKET_DIMENSIONS,
) -> tuple[Indicator, ...]:
    """A duration as `<key>_median`, `<key>_mean` and `<key>_p90`, of the same rows."""
    return tuple(
        Indicator(
            f"{key}_{statistic}", reference, rows, statistic, Unit.DURATION,
            dimensions=dimensions, more_is=-1,
        )
        for statistic in (Statistic.MEDIAN, Statistic.MEAN, Statistic.P90)
    )  # fmt: skip


def resolved_cohort(frames: Frames, window: Window, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Tickets last resolved in the period that rates and durations count (`KPI-1`)."""
    wanted = dict.fromkeys([*SOLVED_COLUMNS, *POPULATION_COLUMNS, *DIMENSION_COLUMNS, *columns])
    tickets = frames.read("tickets", list(wanted))
    return counted(within(tickets, "resolved_at", window.start, window.end))
