"""Writes that every record type shares: the history, links and participants."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.people.models import User

from .errors import Refused, StaleRecord
from .models import Channel, LinkType, Ticket, TicketEvent, TicketLink, Watcher

# Records of which each comes before the other one: no chain of these leads back to its beginning.
ONE_WAY = frozenset(
    {LinkType.CAUSED_BY, LinkType.FIXED_BY, LinkType.BLOCKED_BY, LinkType.FOLLOW_UP_OF}
)


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


@transaction.atomic
def link(
    source: Ticket, target: Ticket, type: str, *, by: User | None, at: datetime | None = None
) -> TicketLink:
    """Relate two tickets, once; told on both.

    Raises Refused for a ticket and itself, and where records would cause, fix, follow or block
    each other in a circle; StaleRecord when what they are linked to changed while this waited.
    """
    if source.pk == target.pk:
        raise Refused(_("%(number)s cannot be linked to itself.") % {"number": source.number})
    type = LinkType(type)
    # What reads the same from both ends is stored once.
    known = TicketLink.objects.filter(source_id=target.pk, target_id=source.pk, type=type).first()
    if known is not None and type == LinkType.RELATED:
        return known
    if type in ONE_WAY:
        _ensure_no_circle(source, target, type)
    at = at or timezone.now()
    made, is_new = TicketLink.objects.get_or_create(
        source_id=source.pk, target_id=target.pk, type=type, defaults={"created_at": at}
    )
    if is_new:
        record(source, "linked", by=by, at=at, data={"type": type, "to": target.number})
        record(target, "linked", by=by, at=at, data={"type": type, "from": source.number})
    return made


@transaction.atomic
def unlink(
    source: Ticket, target: Ticket, type: str, *, by: User | None, at: datetime | None = None
) -> bool:
    """End such a relation, told on both; False, and nothing is recorded, when there is none."""
    type = LinkType(type)
    ends = Q(source_id=source.pk, target_id=target.pk)
    if type == LinkType.RELATED:
        ends |= Q(source_id=target.pk, target_id=source.pk)
    gone, _rows = TicketLink.objects.filter(ends, type=type).delete()
    if gone:
        at = at or timezone.now()
        data = {"type": type, "ended": True}
        record(source, "linked", by=by, at=at, data=data | {"to": target.number})
        record(target, "linked", by=by, at=at, data=data | {"from": source.number})
    return bool(gone)


def _ensure_no_circle(source: Ticket, target: Ticket, type: LinkType) -> None:
    """Everything that `target` leads to is locked, in the order of its keys, and looked at again.

    Two links that would close a circle together have a record in common, so that one of them
    waits for the other and then sees it. Raises Refused and StaleRecord.
    """
    reached = _reached(target.pk, type)
    keys = {source.pk, target.pk, *reached}
    rows = Ticket.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    list(rows.values_list("pk", flat=True))
    found = _reached(target.pk, type)
    words = {"number": source.number, "target": target.number, "label": type.label}
    if source.pk in found:
        raise Refused(
            _(
                "%(target)s is “%(label)s” %(number)s already, directly or through others."
                " The other way round would be a circle."
            )
            % words
        )
    if found - keys:
        raise StaleRecord(
            _("Someone else linked %(target)s just now. Look at it again, then decide.") % words
        )


def _reached(key: int, type: LinkType) -> set[int]:
    """The keys of all records that links of this type lead to; one query for each step away."""
    found: set[int] = set()
    front = {key}
    while front:
        ahead = TicketLink.objects.filter(source__in=front, type=type)
        front = set(ahead.values_list("target_id", flat=True)) - found
        found |= front
    return found


def watch(ticket: Ticket, user: User) -> Watcher | None:
    """Make `user` a participant; None when the person is the requester already."""
    if user.pk in (ticket.requester_id, ticket.requested_for_id):
        return None
    watcher, _made = Watcher.objects.get_or_create(ticket_id=ticket.pk, user=user)
    return watcher


def unwatch(ticket: Ticket, user: User) -> None:
    """End the participation of `user`; nothing happens when there is none."""
    Watcher.objects.filter(ticket_id=ticket.pk, user=user).delete()
