"""The mail about a ticket that is handled as another type from now on (`VOC-1`)."""

from itil.tickets.models import TicketEvent
from portal.notifications.threading import place_of

from .letters import Letter, write


def send_retyped(event: TicketEvent) -> None:
    """Tell the requester what becomes of what was sent; the number stays."""
    ticket = event.ticket
    letter = Letter(
        event=event,
        ticket=ticket,
        template="retyped",
        place=place_of(ticket),
        automatic="auto-generated",
        context={
            "is_order": "item" in event.data,
            "item": event.data.get("item", ""),
            "waits": not event.data.get("begins", True),
        },
    )
    write(letter, [ticket.requester])
