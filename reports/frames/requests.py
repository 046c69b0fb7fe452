"""What only requests have, beside what every ticket has."""

from typing import Any

import pandas as pd

from catalog.requests.models import ServiceRequest
from itil.tickets.querysets import TicketQuerySet

from .columns import CHOICE, COUNT, typed_frame

KIND = str(ServiceRequest._meta.model_name)


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
