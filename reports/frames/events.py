"""What happened to tickets, from their stored events, in the order it happened.

Two events of the same instant keep the order they were written in.
"""

import pandas as pd
from django.db.models.fields.json import KT

from itil.tickets.models import EventKind, TicketEvent
from itil.tickets.querysets import TicketQuerySet

from .columns import COUNT, INSTANT, KEY, TEXT, typed_frame

PHASE_TYPES = {"ticket": COUNT, "at": INSTANT, "phase": TEXT, "status": TEXT}
TEAM_TYPES = {"ticket": COUNT, "at": INSTANT, "team": KEY}
PRIORITY_TYPES = {"ticket": COUNT}


def phases_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """The phase and status each ticket entered, one row per opening and per move."""
    rows = (
        TicketEvent.objects.filter(
            ticket__in=tickets.order_by().values("pk"), kind__in=(EventKind.OPENED, EventKind.MOVED)
        )
        .annotate(first_status=KT("data__status"), next_status=KT("data__to"))
        .order_by("ticket_id", "at", "pk")
        .values_list("ticket_id", "at", "phase", "first_status", "next_status")
        .iterator(chunk_size=5000)
    )
    return typed_frame(
        (
            (ticket, at, phase, next_status or first_status)
            for ticket, at, phase, first_status, next_status in rows
        ),
        PHASE_TYPES,
    )


def teams_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """The team each ticket came to, one row per opening and per change; empty: no team."""
    rows = (
        TicketEvent.objects.filter(
            ticket__in=tickets.order_by().values("pk"),
            kind__in=(EventKind.OPENED, EventKind.ASSIGNED),
        )
        .exclude(kind=EventKind.ASSIGNED, data__what="person")
        .annotate(first_team=KT("data__team"), next_team=KT("data__to"))
        .order_by("ticket_id", "at", "pk")
        .values_list("ticket_id", "at", "kind", "first_team", "next_team")
        .iterator(chunk_size=5000)
    )
    return typed_frame(
        (
            (ticket, at, _key(first if kind == EventKind.OPENED else later))
            for ticket, at, kind, first, later in rows
        ),
        TEAM_TYPES,
    )


def _key(value: str | int | None) -> int | None:
    """A key out of JSON: PostgreSQL gives text, SQLite a number, and the text null for none."""
    return None if value in (None, "null") else int(value)


def reprioritized_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """One row per change of priority."""
    rows = (
        TicketEvent.objects.filter(
            ticket__in=tickets.order_by().values("pk"),
            kind=EventKind.EDITED,
            data__changes__has_key="priority",
        )
        .order_by("ticket_id", "at", "pk")
        .values_list("ticket_id")
    )
    return typed_frame(rows, PRIORITY_TYPES)
