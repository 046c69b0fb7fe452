"""Writes that every record type shares: the history, links and participants."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from portal.people.models import User

from .errors import Refused
from .models import Channel, LinkType, Ticket, TicketEvent, TicketLink, Watcher


def record(
    ticket: Ticket,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    channel: str = Channel.DESK,
    on_behalf_of: User | None = None,
    cause: TicketEvent | None = None,
) -> TicketEvent:
    """Append one event to the history; call it in the transaction of the change (`GEN-6`)."""
    return TicketEvent.objects.create(
        ticket_id=ticket.pk,
        kind=kind,
        actor=by,
        on_behalf_of=on_behalf_of,
        at=at,
        channel=channel,
        data=data or {},
        cause=cause,
    )


def link(
    source: Ticket, target: Ticket, type: str, *, by: User | None, at: datetime | None = None
) -> TicketLink:
    """Relate two tickets, once. Raises Refused for a ticket and itself."""
    if source.pk == target.pk:
        raise Refused(f"{source.number} cannot be linked to itself.")
    at = at or timezone.now()
    made, is_new = TicketLink.objects.get_or_create(
        source_id=source.pk, target_id=target.pk, type=LinkType(type), defaults={"created_at": at}
    )
    if is_new:
        record(source, "linked", by=by, at=at, data={"type": type, "to": target.number})
    return made


def watch(ticket: Ticket, user: User) -> Watcher | None:
    """Make `user` a participant; None when the person is the requester already."""
    if user.pk in (ticket.requester_id, ticket.requested_for_id):
        return None
    watcher, _made = Watcher.objects.get_or_create(ticket_id=ticket.pk, user=user)
    return watcher


def unwatch(ticket: Ticket, user: User) -> None:
    """End the participation of `user`; nothing happens when there is none."""
    Watcher.objects.filter(ticket_id=ticket.pk, user=user).delete()
