"""What only requests have, beside what every ticket has."""

from typing import Any

import pandas as pd

from catalog.requests.models import ServiceRequest
from itil.tickets.querysets import TicketQuerySet

from .columns import CHOICE, COUNT, INSTANT, typed_frame

KIND = str(ServiceRequest._meta.model_name)
TYPES = {"ticket": COUNT, "approved_at": INSTANT}


def requests_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """One row per request among `tickets`, and when it was approved."""
    rows = (
        ServiceRequest.objects.filter(pk__in=tickets.order_by().values("pk"))
        .order_by("pk")
        .values_list("pk", "approved_at")
        .iterator(chunk_size=5000)
    )
    return typed_frame(rows, TYPES)


def orders_frame(tickets: TicketQuerySet) -> tuple[pd.DataFrame, dict[int, dict[str, Any]]]:
    """One row per request among `tickets` with the name of what was ordered, and the answers to its
    form by request."""
    rows = list(
        ServiceRequest.objects.filter(pk__in=tickets.order_by().values("pk"))
        .order_by("pk")
        .values_list("pk", "item__title", "answers")
        .iterator(chunk_size=5000)
    )
    names = typed_frame([row[:2] for row in rows], {"ticket": COUNT, "item_name": CHOICE})
    return names, {row[0]: row[2] for row in rows}
