"""What only requests have, beside what every ticket has."""

import pandas as pd

from catalog.requests.models import ServiceRequest
from itil.tickets.querysets import TicketQuerySet

from .columns import COUNT, INSTANT, typed_frame

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
