"""What a new ticket says about the answers that its requester has read."""

from itil.tickets.models import EventKind, TicketEvent

from .actions import note_return


def react(event: TicketEvent) -> None:
    """Whoever reports what an answer was about was not helped by it (`KPI-15`)."""
    if event.kind == EventKind.OPENED:
        note_return(event.ticket)
