"""How much came in and went out."""

import pandas as pd

from reports.metrics.endings import UNSOLVED
from reports.metrics.indicator import Frames, Indicator, Statistic, Unit, Window
from reports.metrics.population import within

from .rows import DIMENSION_COLUMNS, solved_rows, ticket_rows

SOLVED_COLUMNS = ["ticket", "status", "solver", "solver_name", *DIMENSION_COLUMNS]
PORTAL = "portal"


def received(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets received.

    Formula: number of tickets received in the period.
    Population: all tickets; cancelled, merged and child tickets are counted, as they came in.
    Basis: received in the period; the team is the one that holds the ticket now.
    """
    tickets = frames.read("tickets", ["ticket", "received_at", *DIMENSION_COLUMNS])
    found = within(tickets, "received_at", window.start, window.end)
    return ticket_rows(found, found["received_at"]).assign(yes=found["channel"] == PORTAL)


def resolved(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets resolved.

    Formula: number of tickets whose last resolution lies in the period.
    Population: tickets that are not open again; without cancelled and declined ones.
    Basis: resolved in the period; the team is the one that resolved the ticket.
    """
    return _ended(frames, window, "resolved_at")


def closed(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets closed for good.

    Formula: number of tickets closed in the period.
    Population: resolved tickets that were confirmed, or that nobody objected to; without cancelled
    and declined ones.
    Basis: closed in the period; the team is the one that resolved the ticket.
    """
    return _ended(frames, window, "closed_at")


def _ended(frames: Frames, window: Window, column: str) -> pd.DataFrame:
    tickets = frames.read("tickets", [column, *SOLVED_COLUMNS])
    found = within(tickets, column, window.start, window.end)
    found = found[~found["status"].isin(UNSOLVED)]
    return solved_rows(found, found[column])


def through_portal(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets that people entered themselves (self-service share).

    Formula: tickets from the portal / all tickets.
    Population: all tickets, as they came in.
    Basis: received in the period; the team is the one that holds the ticket now.
    Edge cases: no ticket gives “n/a”. Something else than the share of forms that an answer ended.
    """
    return received(frames, window)


INDICATORS = (
    Indicator("received", "KPI-9", received, Statistic.COUNT, Unit.COUNT),
    Indicator("resolved", "KPI-9", resolved, Statistic.COUNT, Unit.COUNT, more_is=+1),
    Indicator("closed", "KPI-9", closed, Statistic.COUNT, Unit.COUNT, more_is=+1),
    Indicator(
        "self_service_share", "KPI-15", through_portal, Statistic.SHARE, Unit.SHARE, more_is=+1
    ),
)
