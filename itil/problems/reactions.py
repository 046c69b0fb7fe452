"""What the end of a problem means to the incidents that wait for it."""

from itil.tickets.lifecycle import Mark
from itil.tickets.models import EventKind, TicketEvent

from . import actions


def react(event: TicketEvent) -> None:
    """Its end sets going what waited for it; people decide whether that is solved (`PRB-3`)."""
    if event.kind != EventKind.MOVED or event.ticket.kind != "problem":
        return
    if event.data.get("marks") == Mark.RESOLVED:
        actions.resume_waiting(event)
