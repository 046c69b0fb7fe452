"""How often tickets changed hands (`KPI-8`), and which needed one contact only (`KPI-6`)."""

import pandas as pd

from reports.metrics.contacts import at_first_contact
from reports.metrics.indicator import Frames, Indicator, Statistic, Unit, Window
from reports.metrics.population import of_these
from reports.metrics.routing import handoffs

from .rows import resolved_cohort, solved_rows

OFTEN = 3


def reassigned(frames: Frames, window: Window) -> pd.DataFrame:
    """Changes of team per ticket.

    Formula: changes from one team to another, on average over the tickets.
    Population: tickets last resolved in the period that ever had a team; not cancelled, merged or
    child tickets.
    Basis: resolved in the period; the team is the one that resolved the ticket.
    Edge cases: the first team is no change, and neither is a time without a team.
    """
    found = resolved_cohort(frames, window)
    teams = frames.read("teams", ["ticket", "at", "team"])
    moved = handoffs(of_these(teams, found["ticket"]))
    found = found.merge(moved, on="ticket", how="inner")
    return solved_rows(found, found["resolved_at"]).assign(
        value=found["handoffs"].astype("float64"), returns=found["returns"]
    )


def reassigned_often(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of tickets that changed the team three times or more.

    Formula: tickets with 3 changes of team or more / tickets.
    Population: tickets last resolved in the period that ever had a team; not cancelled, merged or
    child tickets.
    Basis: resolved in the period; the team is the one that resolved the ticket.
    """
    rows = reassigned(frames, window)
    return rows.assign(yes=rows["value"] >= OFTEN)


def returned(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of tickets that came back to a team that had held them before (ping-pong).

    Formula: tickets with at least one change to a team that held it before / tickets.
    Population: tickets last resolved in the period that ever had a team; not cancelled, merged or
    child tickets.
    Basis: resolved in the period; the team is the one that resolved the ticket.
    """
    rows = reassigned(frames, window)
    return rows.assign(yes=rows["returns"] > 0)


def first_contact(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of tickets that one contact has solved.

    Formula: resolved at first contact / tickets that could have been. At first contact: no change
    of team, at most one public answer of a person, never reopened, and no further message of the
    requester on it or on a follow-up within 5 days after the solution. With the requester on the
    line also: resolved within an hour of the receipt, as the end of the talk is not recorded.
    Population: incidents and requests from people, last resolved in the period; not cancelled,
    merged or child tickets, nothing that needed an approval or a change.
    Basis: resolved in the period; the team is the one that resolved the ticket.
    Edge cases: tickets resolved less than 5 days ago are provisional. It is a figure of the desk,
    never a target of single people.
    """
    columns = ["first_response_at", "first_resolved_at"]
    found = at_first_contact(
        resolved_cohort(frames, window, columns),
        messages=frames.read("messages", ["ticket", "at", "visibility", "is_staff_side",
                                          "is_automatic"]),
        teams=frames.read("teams", ["ticket", "at", "team"]),
        approvals=frames.read("requests", ["ticket", "approved_at"]),
        links=frames.read("links", ["source", "target", "type", "target_kind",
                                    "source_received_at"]),
        now=window.now,
    )  # fmt: skip
    rows = solved_rows(found, found["resolved_at"])
    return rows.assign(yes=found["is_first_contact"], is_provisional=found["is_provisional"])


INDICATORS = (
    Indicator("first_contact", "KPI-6", first_contact, Statistic.SHARE, Unit.SHARE, more_is=+1),
    Indicator("reassignments", "KPI-8", reassigned, Statistic.MEAN, Unit.NUMBER, more_is=-1),
    Indicator(
        "reassigned_often", "KPI-8", reassigned_often, Statistic.SHARE, Unit.SHARE, more_is=-1
    ),
    Indicator("ping_pong", "KPI-8", returned, Statistic.SHARE, Unit.SHARE, more_is=-1),
)
