"""What one incident's history means to others."""

from itil.conversation.models import Message
from itil.tickets.lifecycle import Mark
from itil.tickets.models import EventKind, TicketEvent

from . import actions


def react(event: TicketEvent) -> None:
    """A resolved parent resolves its open children, once (`INC-4`)."""
    if event.kind != EventKind.MOVED or event.data.get("marks") != Mark.RESOLVED:
        return
    if not event.ticket.children.exists():
        return
    message = Message.objects.public().filter(pk=event.data.get("message")).first()
    actions.resolve_children(
        event.ticket, at=event.at, note=message.text if message else event.ticket.title
    )
