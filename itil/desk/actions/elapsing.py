"""Moves that the system makes when their time has come, whatever the type of the ticket."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from itil.tickets.errors import Refused
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Channel, Ticket, TicketEvent

from .moving import move

# How many tickets one run of a timed job works through; the next run takes the rest.
BATCH = 500


def resume_scheduled(now: datetime) -> int:
    """End the waits whose agreed time has come; returns how many."""
    waiting = Ticket.objects.open().filter(
        phase=Phase.WAITING, hold_reason="scheduled", resume_at__lte=now
    )
    return sum(try_move(one, "resume", at=now) for one in waiting.order_by("resume_at")[:BATCH])


def try_move(
    ticket: Ticket,
    verb: str,
    *,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    cause: TicketEvent | None = None,
) -> bool:
    """Make the system's move; False when somebody was faster or the record refuses."""
    try:
        move(ticket, verb, by=None, values=values, at=at, channel=Channel.SYSTEM, cause=cause)
    except Refused:
        return False
    return True
