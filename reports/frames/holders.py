"""Which team held a ticket when it was resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.fields.json import KT

from itil.tickets.models import EventKind, TicketEvent
from itil.tickets.querysets import TicketQuerySet

if TYPE_CHECKING:
    # What reads arrays has no use for pandas.
    import pandas as pd


def moved_after_resolution(tickets: TicketQuerySet) -> dict[int, int | None]:
    """The team at the last resolution of those tickets that another team holds now.

    Every other ticket was resolved by the team that holds it, or is not resolved. One query.
    """
    rows = (
        TicketEvent.objects.filter(
            kind=EventKind.ASSIGNED,
            data__what="team",
            at__gt=F("ticket__resolved_at"),
            # Whoever takes over from another team is counted, and these are few.
            ticket__in=tickets.filter(reassignment_count__gt=0).order_by().values("pk"),
        )
        .order_by("-at", "-pk")
        .values_list("ticket_id", KT("data__from"))
    )
    # The earliest change after the resolution is the last one read.
    return {ticket: None if team is None else int(team) for ticket, team in rows}


def solvers(tickets: TicketQuerySet, frame: pd.DataFrame, holders: pd.Series) -> pd.Series:
    """The team that resolved the `ticket` of each row, else who holds it now by `holders`."""
    then = moved_after_resolution(tickets)
    moved = frame["ticket"].isin(list(then))
    return holders.mask(moved, frame["ticket"].map(then)).astype(holders.dtype)
