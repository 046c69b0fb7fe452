"""Events of the past: what a file tells of a ticket, as rows of its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class Happening:
    """One event to be stored. `by` is what the file calls who did it; empty: it names nobody."""

    kind: EventKind
    at: datetime
    data: dict[str, Any]
    by: str = ""


def past_event(
    happening: Happening,
    ticket: Ticket,
    *,
    now: datetime,
    channel: str | None = None,
    actor: int | None = None,
) -> TicketEvent:
    """A row to be inserted. History is not news: it counts as handled, so that nobody is notified
    of it. Without a `channel` the opening came by that of the ticket, and all else by none."""
    if channel is None:
        channel = ticket.channel if happening.kind == EventKind.OPENED else Channel.SYSTEM
    return TicketEvent(
        ticket_id=ticket.pk,
        kind=happening.kind,
        actor_id=actor,
        at=happening.at,
        recorded_at=now,
        channel=channel,
        data=happening.data,
        handled_at=now,
    )
