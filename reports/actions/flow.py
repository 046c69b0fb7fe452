"""How the tickets of a period moved and where they waited, as the page shows it."""

import inspect
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from reports.frames.columns import plain
from reports.metrics import flow
from reports.metrics.parts import Part, What
from reports.metrics.period import midnight
from reports.metrics.population import counted, within

from .framing import frames_about
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
    reading = Reading(scope, now)
    tickets, of_states, of_teams = reading.tickets, reading.of_states, reading.of_teams
    waits = flow.waits(reading.states, reading.holders, tickets)
    return {
        "n": len(tickets),
        "seconds": float(of_states["seconds"].sum()),
        "waiting": float(waits["seconds"].sum()),
        "states": _map(of_states),
        "teams": _map(of_teams),
        "team_names": _names(reading.teams),
        "waits": plain(waits.head(KEPT)),
        "pairs": plain(flow.ping_pong(of_teams).head(KEPT)),
        "split": filters["split"],
        "halves": flow.halves(tickets, of_states, of_teams, _split(scope, filters)),
        "confidential": scope.confidential(),
        "how": {
            name: "\n\n".join(inspect.getdoc(one) or "" for one in functions)
            for name, functions in HOW.items()
        },
    }


class Reading:
    """The tickets last resolved in the period, where they were and how they went on."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.frames = scope, frames_about(scope, now=now, since=scope.period.start)
        self.teams = self.frames.read("teams", ["ticket", "at", "team", "team_name"])

    @cached_property
    def tickets(self) -> pd.DataFrame:
        period = self.scope.period
        found = within(
            self.frames.read("tickets", TICKETS), "resolved_at", period.start, period.end
        )
        return counted(self.scope.solved(found))

    @cached_property
    def states(self) -> pd.DataFrame:
        return flow.states_of(
            self.frames.read("phases", ["ticket", "at", "phase", "status", "hold_reason"])
        )

    @cached_property
    def holders(self) -> pd.DataFrame:
        return flow.holders_of(self.teams)

    @cached_property
    def of_states(self) -> pd.DataFrame:
        return flow.visits(self.states, self.tickets)

    @cached_property
    def of_teams(self) -> pd.DataFrame:
        return flow.visits(self.holders, self.tickets)


# --- The tickets behind a part of the page --------------------------------------------------------


def _visited(visits: pd.DataFrame, part: Part) -> pd.DataFrame:
    here = visits[visits["place"].astype(str) == part.place]
    return here[here["to"].astype(str) == part.to] if part.to else here


def _waited(reading: Reading, part: Part) -> pd.DataFrame:
    found = flow.waiting(flow.stays(reading.states, reading.holders, reading.tickets))
    if not part.place:
        return found.drop_duplicates("ticket")
    return found[(found["place"] == part.place) & (found["team"].astype(str) == part.to)]


def _returned(reading: Reading, part: Part) -> pd.DataFrame:
    found = flow.returns(reading.of_teams)
    if not part.place:
        return found
    return found[(found["low"].astype(str) == part.place) & (found["high"].astype(str) == part.to)]


def _half(reading: Reading, part: Part) -> pd.DataFrame:
    """The tickets of a half; `place` is the day that parts them, `to` says which half."""
    tickets = reading.tickets
    is_before = tickets["resolved_at"] < _split(reading.scope, {"split": part.place})
    return tickets[is_before if part.to == "before" else ~is_before]


# The rows of a part, and the definitions that tell how it is counted.
PARTS: Mapping[str, tuple[Callable[[Reading, Part], pd.DataFrame], tuple[Callable[..., Any], ...]]]
PARTS = {
    What.ALL: (lambda reading, _part: reading.tickets, (flow.visits,)),
    What.STATES: (lambda reading, part: _visited(reading.of_states, part), (flow.visits,)),
    What.TEAMS: (lambda reading, part: _visited(reading.of_teams, part), (flow.visits,)),
    What.WAITS: (_waited, (flow.waits,)),
    What.PAIRS: (_returned, (flow.ping_pong,)),
    What.HALF: (_half, (flow.halves,)),
}


def tickets_of(
    scope: Scope, filters: Mapping[str, Any], *, now: datetime
) -> tuple[dict[str, Any], dict[int, int]]:
    """How often a part of the page counts tickets, and which ones, each with how often."""
    part = Part(What(filters["what"]), filters["place"], filters["then"])
    rows_of, functions = PARTS[part.what]
    rows = rows_of(Reading(scope, now), part)
    counts = rows["ticket"].value_counts()
    times = dict(zip(counts.index.tolist(), counts.tolist(), strict=True))
    how = "\n\n".join(inspect.getdoc(one) or "" for one in functions)
    return {"n": len(rows), "few": False, "records": len(times), "how": how}, times


def _split(scope: Scope, filters: Mapping[str, Any]) -> datetime:
    return midnight(date.fromisoformat(filters["split"]), scope.period.zone)


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
