"""Tickets as they stand now."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from itil.tickets.querysets import TicketQuerySet

from .columns import COUNT, FLAG, INSTANT, KEY, TEXT, typed_frame
from .holders import solvers

TYPES = {
    "ticket": COUNT,
    "kind": TEXT,
    "status": TEXT,
    "phase": TEXT,
    "priority": COUNT,
    "impact": COUNT,
    "urgency": COUNT,
    "channel": TEXT,
    "requester": COUNT,
    "organization": COUNT,
    "organization_name": TEXT,
    "team": KEY,
    "team_name": TEXT,
    "category_name": TEXT,
    "category_parent_name": TEXT,
    "received_at": INSTANT,
    "acknowledged_at": INSTANT,
    "first_assigned_at": INSTANT,
    "first_response_at": INSTANT,
    "resolved_at": INSTANT,
    "closed_at": INSTANT,
    "reopen_count": COUNT,
    "reassignment_count": COUNT,
    "merged_into": KEY,
    "parent": KEY,
}
FIELDS = (
    "pk",
    "kind",
    "status",
    "phase",
    "priority",
    "impact",
    "urgency",
    "channel",
    "requester_id",
    "organization_id",
    "organization__name",
    "team_id",
    "team__name",
    "category__name",
    "category__parent__name",
    "received_at",
    "acknowledged_at",
    "first_assigned_at",
    "first_response_at",
    "resolved_at",
    "closed_at",
    "reopen_count",
    "reassignment_count",
    "merged_into_id",
    "parent_id",
)
# What an importer kept beside the columns, with the value of our own tickets.
RECORDED_TYPES = {
    "contact_type": (TEXT, ""),
    "requester_code": (TEXT, ""),
    "made_sla": (KEY, None),
    "resolution_recorded": (FLAG, True),
    "knowledge": (FLAG, False),
    "problem_id": (TEXT, ""),
    "rfc": (TEXT, ""),
    "caused_by": (TEXT, ""),
    "closure_code": (TEXT, ""),
    "submitted_photo": (FLAG, False),
    "log_rows": (COUNT, 0),
    # Codes of the steps of a log without states, in order.
    "activities": (TEXT, ""),
}


def tickets_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """One row per ticket, by primary key; `solver` is the team that held it at its last resolution,
    of tickets that are not resolved the one that holds it."""
    rows = tickets.order_by("pk").values_list(*FIELDS).iterator(chunk_size=5000)
    frame = typed_frame(rows, TYPES)
    return frame.assign(solver=solvers(tickets, frame, frame["team"]))


def recorded_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """What the source of imported tickets recorded (column `custom`), one row per ticket."""
    types = {"ticket": COUNT} | {name: kind for name, (kind, _own) in RECORDED_TYPES.items()}
    return typed_frame(_recorded(tickets), types)


def _recorded(tickets: TicketQuerySet) -> Iterator[tuple[Any, ...]]:
    rows = tickets.order_by("pk").values_list("pk", "custom", "requester__source_reference")
    for key, custom, code in rows.iterator(chunk_size=5000):
        values = {name: own for name, (_kind, own) in RECORDED_TYPES.items()} | {
            name: custom[name] for name in RECORDED_TYPES if name in custom
        }
        yield (key, *(values | {"requester_code": code}).values())
