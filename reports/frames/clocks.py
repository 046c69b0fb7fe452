"""Measured promises."""

import pandas as pd

from itil.sla.models import SlaClock
from itil.tickets.querysets import TicketQuerySet

from .columns import COUNT, INSTANT, TEXT, typed_frame

TYPES = {
    "ticket": COUNT,
    "metric": TEXT,
    "priority": COUNT,
    "state": TEXT,
    "outcome": TEXT,
    "due_at": INSTANT,
    "stopped_at": INSTANT,
    "outcome_at": INSTANT,
    "elapsed_seconds": COUNT,
    "target_seconds": COUNT,
}


def clocks_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """One row per clock that has begun and was not cancelled, of agreements with customers."""
    rows = (
        SlaClock.objects.begun()
        .with_customers()
        .filter(ticket__in=tickets.order_by().values("pk"))
        .order_by("pk")
        .values_list(
            "ticket_id",
            "metric",
            "priority",
            "state",
            "outcome",
            "due_at",
            "stopped_at",
            "outcome_at",
            "elapsed_seconds",
            "target_seconds",
        )
        .iterator(chunk_size=5000)
    )
    return typed_frame(rows, TYPES)
