"""What the sources of imported tickets recorded beside what every ticket has."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from itil.tickets.querysets import TicketQuerySet

from .columns import COUNT, FLAG, KEY, TEXT, typed_frame

# What an importer kept beside the columns, with the value of our own tickets.
TYPES = {
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


def recorded_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """What the source of imported tickets recorded (column `custom`), one row per ticket."""
    types = {"ticket": COUNT} | {name: kind for name, (kind, _own) in TYPES.items()}
    return typed_frame(_recorded(tickets), types)


def _recorded(tickets: TicketQuerySet) -> Iterator[tuple[Any, ...]]:
    rows = tickets.order_by("pk").values_list("pk", "custom", "requester__source_reference")
    for key, custom, code in rows.iterator(chunk_size=5000):
        values = {name: own for name, (_kind, own) in TYPES.items()} | {
            name: custom[name] for name in TYPES if name in custom
        }
        yield (key, *(values | {"requester_code": code}).values())
