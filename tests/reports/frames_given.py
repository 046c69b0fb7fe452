"""Frames written down by hand, for what only computes with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

OF_A_TICKET = {
    "kind": "incident", "status": "resolved", "priority": 3, "channel": "portal", "reopen_count": 0,
    "reassignment_count": 0, "merged_into": None, "parent": None, "requester": 1, "team": 1,
    "team_name": "Service desk", "solver": 1, "solver_name": "Service desk", "service": None,
    "service_name": "", "organization": 1, "organization_name": "Acme", "category": None,
    "category_name": "", "received_at": None, "resolved_at": None, "first_resolved_at": None,
    "closed_at": None, "first_response_at": None, "acknowledged_at": None,
}  # fmt: skip
OF_A_CLOCK = {
    "ticket": 1, "metric": "resolution", "target": 3, "state": "stopped", "outcome": "met",
    "exclusion": "", "started_at": None, "due_at": None, "outcome_at": None, "elapsed_seconds": 0,
    "agreement": 1, "agreement_name": "Gold", "agreement_kind": "sla", "stay": None,
    "stay_name": "", "supplier": None, "supplier_name": "",
}  # fmt: skip
OF_A_MESSAGE = {
    "ticket": 1, "at": None, "visibility": "public", "is_staff_side": True, "is_automatic": False,
}  # fmt: skip
OF_A_LINK = {
    "source": 1, "target": 2, "type": "related", "source_kind": "incident",
    "target_kind": "incident", "source_received_at": None,
}  # fmt: skip
KEYS = (
    "team", "solver", "service", "organization", "category", "merged_into", "parent", "stay",
    "supplier",
)  # fmt: skip


def frame_of(usual: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows of which each says what is not as usual."""
    frame = pd.DataFrame([{**usual, **row} for row in rows], columns=list(usual))
    for name in frame.columns:
        if name == "at" or name.endswith("_at") or name in ("down_from", "down_until"):
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    return frame.astype({name: "Int64" for name in KEYS if name in frame})


def tickets(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Tickets numbered from 1; what a row does not say is usual."""
    numbered = [{"ticket": n, **row} for n, row in enumerate(rows, 1)]
    return frame_of({"ticket": 0, **OF_A_TICKET}, numbered)


def clocks(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Promises numbered from 1."""
    numbered = [{"clock": n, **row} for n, row in enumerate(rows, 1)]
    return frame_of({"clock": 0, **OF_A_CLOCK}, numbered)


def phases(*rows: tuple[int, str, str]) -> pd.DataFrame:
    """(ticket, instant, phase) in the order of events."""
    frame = pd.DataFrame(rows, columns=["ticket", "at", "phase"])
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True))


def teams(*rows: tuple[int, str, int | None]) -> pd.DataFrame:
    """(ticket, instant, team that it came to) in the order of events."""
    frame = pd.DataFrame(rows, columns=["ticket", "at", "team"])
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True)).astype({"team": "Int64"})


def messages(*rows: Mapping[str, object]) -> pd.DataFrame:
    return frame_of(OF_A_MESSAGE, rows)


def links(*rows: Mapping[str, object]) -> pd.DataFrame:
    return frame_of(OF_A_LINK, rows)


@dataclass(frozen=True)
class Given:
    """A reading of the desk that holds just these frames."""

    frames: Mapping[str, pd.DataFrame]

    def read(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        frame = self.frames[name]
        return frame if columns is None else frame[list(columns)]

    def spread(self, function: Callable[["Given"], pd.DataFrame]) -> pd.DataFrame:
        """What is written down by hand is on one machine."""
        return function(self)
