"""Work not done yet at the end of each step, and what made it more or less (`KPI-9`)."""

from collections.abc import Callable

import pandas as pd

from reports.metrics.backlog import bucket_of, open_at_each, steps
from reports.metrics.computing import begun, labelled
from reports.metrics.endings import UNSOLVED
from reports.metrics.indicator import (
    TICKET_DIMENSIONS,
    Frames,
    Indicator,
    Statistic,
    Unit,
    Window,
)
from reports.metrics.population import joined, within

from .rows import DIMENSION_COLUMNS, ticket_rows

WAITING = "waiting"


def backlog(frames: Frames, window: Window) -> pd.DataFrame:
    """Open tickets at the end of each step.

    Formula: tickets whose last event before that instant left them new, in progress or on hold.
    Population: all tickets, cancelled ones included as long as they were open.
    Basis: the events of the ticket, not its present state; the team is the one that holds it now.
    The age is that instant − time received, real elapsed time, in buckets of days that include
    their lower and exclude their upper end.
    Edge cases: the end of a step that is not over is the time the figures were computed.
    """
    found = begun(window)
    instants = [min(one.end, window.now) for one in found]
    phases = frames.read("phases", ["ticket", "at", "phase"])
    still = open_at_each(phases, instants)[["ticket", "phase", "place"]]
    tickets = frames.read("tickets", ["ticket", "received_at", *DIMENSION_COLUMNS])
    still = joined(still, tickets)
    places = still["place"].to_numpy()
    at = pd.Series(pd.DatetimeIndex(instants, dtype="datetime64[us, UTC]").take(places))
    labels = labelled(places, found)
    age = (at - still["received_at"]).dt.total_seconds()
    return ticket_rows(still, still["received_at"]).assign(
        step=labels, value=age, bucket=bucket_of(age),
        is_on_hold=still["phase"] == WAITING,
    )  # fmt: skip


def on_hold(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets on hold at the end of each step, a part of those that are open then.

    Formula: tickets whose last event before that instant left them waiting for somebody else.
    Population: all tickets, cancelled ones included as long as they were open.
    Basis: the events of the ticket, not its present state; the team is the one that holds it now.
    Edge cases: the end of a step that is not over is the time the figures were computed.
    """
    rows = backlog(frames, window)
    return rows[rows["is_on_hold"]]


def came_in(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets that became open for the first time.

    Formula: open at the end = open at the start + came in + reopened − solved − cancelled, in every
    period.
    Population: all tickets; cancelled, merged and child tickets are counted, as they came in.
    Basis: the time of the event that opened it; the team is the one that holds it now.
    Edge cases: a ticket that was entered as already solved never was open and is not counted here.
    """
    return _moves(frames, window, lambda moves: (moves["change"] > 0) & moves["is_first"])


def came_back(frames: Frames, window: Window) -> pd.DataFrame:
    """Reopenings, each of them.

    Formula: events that made a solved ticket open again. One of the terms of the backlog: open at
    the end = open at the start + came in + reopened − solved − cancelled.
    Population: all tickets.
    Basis: the time of the event; the team is the one that holds the ticket now.
    Edge cases: a ticket that is reopened twice counts twice; the share of tickets reopened is a
    figure of its own.
    """
    return _moves(frames, window, lambda moves: (moves["change"] > 0) & ~moves["is_first"])


def went_out(frames: Frames, window: Window) -> pd.DataFrame:
    """Solutions, each of them.

    Formula: events that solved an open ticket. One of the terms of the backlog: open at the end =
    open at the start + came in + reopened − solved − cancelled.
    Population: all tickets; child tickets and merged ones are counted, as they were open.
    Basis: the time of the event; the team is the one that holds the ticket now.
    Edge cases: a ticket that is solved twice counts twice.
    """
    return _moves(
        frames, window, lambda moves: (moves["change"] < 0) & ~moves["status"].isin(UNSOLVED)
    )


def cancelled(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets given up without a solution.

    Formula: open tickets that were cancelled, merged into another one or, of requests, declined.
    Population: all tickets.
    Basis: the time at which it happened; the team is the one that holds the ticket now.
    """
    return _moves(
        frames, window, lambda moves: (moves["change"] < 0) & moves["status"].isin(UNSOLVED)
    )


def _moves(
    frames: Frames, window: Window, chosen: Callable[[pd.DataFrame], pd.Series]
) -> pd.DataFrame:
    moves = steps(frames.read("phases", ["ticket", "at", "phase", "status"]))
    moves = within(moves[chosen(moves)], "at", window.start, window.end)[["ticket", "at"]]
    tickets = frames.read("tickets", ["ticket", *DIMENSION_COLUMNS])
    found = joined(moves, tickets)
    return ticket_rows(found, found["at"])


WITH_BUCKET = (*TICKET_DIMENSIONS, "bucket")

INDICATORS = (
    Indicator(
        "backlog", "KPI-9", backlog, Statistic.COUNT, Unit.COUNT, dimensions=WITH_BUCKET,
        more_is=-1, is_level=True,
    ),
    Indicator(
        "backlog_on_hold", "KPI-9", on_hold, Statistic.COUNT, Unit.COUNT, dimensions=WITH_BUCKET,
        more_is=-1, is_level=True,
    ),
    Indicator(
        "backlog_age_mean", "KPI-9", backlog, Statistic.MEAN, Unit.DURATION, more_is=-1,
        is_level=True,
    ),
    Indicator(
        "backlog_age_median", "KPI-9", backlog, Statistic.MEDIAN, Unit.DURATION, more_is=-1,
        is_level=True,
    ),
    Indicator("came_in", "KPI-9", came_in, Statistic.COUNT, Unit.COUNT),
    Indicator(
        "reopenings", "KPI-9", came_back, Statistic.COUNT, Unit.COUNT, more_is=-1,
    ),
    Indicator(
        "solved", "KPI-9", went_out, Statistic.COUNT, Unit.COUNT, more_is=+1
    ),
    Indicator("cancelled", "KPI-9", cancelled, Statistic.COUNT, Unit.COUNT),
)  # fmt: skip
