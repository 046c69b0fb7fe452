"""How the tickets of a period moved and where they waited, as the page shows it."""

import inspect
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd

from reports.frames.columns import plain
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics import flow
from reports.metrics.period import midnight
from reports.metrics.population import counted, within

from .reading import Scope

TICKETS = ["ticket", "received_at", "resolved_at", "status", "merged_into", "parent", "team",
           "solver"]  # fmt: skip
# Rows of a table that are kept at most; the rest is told as a number.
KEPT = 60
# What the page shows under "How is this computed", by panel.
HOW: dict[str, tuple[Callable[..., Any], ...]] = {
    "places": (flow.nodes, flow.visits),
    "moves": (flow.edges,),
    "waits": (flow.waits,),
    "pairs": (flow.ping_pong,),
    "halves": (flow.halves,),
}


def flow_of(scope: Scope, filters: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """The figures of the tickets last resolved in the period; `split` of the filters is the local
    day from which the second of the two halves counts."""
    frames = _frames(scope, now)
    tickets = within(
        frames.read("tickets", TICKETS), "resolved_at", scope.period.start, scope.period.end
    )
    tickets = counted(scope.solved(tickets))
    phases = frames.read("phases", ["ticket", "at", "phase", "status", "hold_reason"])
    teams = frames.read("teams", ["ticket", "at", "team", "team_name"])
    states, holders = flow.states_of(phases), flow.holders_of(teams)
    of_states, of_teams = flow.visits(states, tickets), flow.visits(holders, tickets)
    waits = flow.waits(states, holders, tickets)
    split = midnight(date.fromisoformat(filters["split"]), scope.period.zone)
    return {
        "n": len(tickets),
        "seconds": float(of_states["seconds"].sum()),
        "waiting": float(waits["seconds"].sum()),
        "states": _map(of_states),
        "teams": _map(of_teams),
        "team_names": _names(teams),
        "waits": plain(waits.head(KEPT)),
        "pairs": plain(flow.ping_pong(of_teams).head(KEPT)),
        "split": filters["split"],
        "halves": flow.halves(tickets, of_states, of_teams, split),
        "confidential": scope.confidential(),
        "how": {
            name: "\n\n".join(inspect.getdoc(one) or "" for one in functions)
            for name, functions in HOW.items()
        },
    }


def _frames(scope: Scope, now: datetime) -> Frames:
    return Frames.live(
        Selection(
            before=scope.period.end,
            since=scope.period.start,
            organizations=(scope.organization_id,) if scope.organization_id else (),
            teams=(scope.team_id,) if scope.team_id else (),
        ),
        now=now,
    )


def _map(visits: pd.DataFrame) -> dict[str, Any]:
    nodes, edges = flow.nodes(visits), flow.edges(visits)
    return {
        "nodes": plain(nodes.head(KEPT)),
        "edges": plain(edges.head(KEPT)),
        "moves": int(edges["moves"].sum()),
        "more_edges": max(0, len(edges) - KEPT),
    }


def _names(teams: pd.DataFrame) -> dict[str, str]:
    """Names by key as text, which is what JSON makes of keys."""
    known = teams.dropna(subset=["team"]).drop_duplicates("team")
    return {str(int(key)): str(name) for key, name in zip(known["team"], known["team_name"],
                                                          strict=True)}  # fmt: skip
