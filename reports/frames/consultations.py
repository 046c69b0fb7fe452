"""Forms at which answers were offered, people who looked for one, and those who asked the desk."""

from datetime import datetime

import pandas as pd
from django.db.models import QuerySet

from itil.tickets.querysets import TicketQuerySet
from knowledgebase.models import Feedback
from knowledgebase.querysets import ConsultationQuerySet

from .columns import COUNT, TEXT, typed_frame

TYPES = {"consultation": COUNT, "outcome": TEXT}


def consultations_frame(consultations: ConsultationQuerySet, now: datetime) -> pd.DataFrame:
    """One row per form, and what had become of it at `now`."""
    rows = consultations.with_outcome(now).order_by("pk").values_list("pk", "outcome")
    return typed_frame(rows.iterator(chunk_size=5000), TYPES)


def seekers_frame(
    consultations: ConsultationQuerySet, feedback: QuerySet[Feedback]
) -> pd.DataFrame:
    """One row per time somebody looked for an answer."""
    rows = (
        consultations.order_by()
        .values_list("user_id")
        .union(feedback.filter(user__isnull=False).order_by().values_list("user_id"), all=True)
    )
    return typed_frame(rows, {"user": COUNT})


def askers_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """One row per ticket: who asked, and how."""
    rows = tickets.order_by("pk").values_list("requester_id", "channel")
    return typed_frame(rows.iterator(chunk_size=5000), {"requester": COUNT, "channel": TEXT})
