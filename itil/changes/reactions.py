"""What happened to changes elsewhere, and what follows from it."""

from itil.changes.lifecycle import Status
from itil.desk.actions import try_move
from itil.tickets.lifecycle import Mark
from itil.tickets.models import EventKind, LinkType, Ticket, TicketEvent

from . import actions
from .models import Change

KIND = Change._meta.model_name


def react(event: TicketEvent) -> None:
    """Approvals decided, items and people changed, conflicts gone, causes named; and what waits
    for a change goes on when it is closed. Again: nothing changes.
    """
    if event.kind == EventKind.LINKED:
        _linked(event)
    if event.ticket.kind != KIND:
        return
    what = event.data.get("what")
    if event.kind == EventKind.APPROVAL and what == "decided":
        reason = event.data.get("reason", "")
        actions.decided(_change(event), reason=reason, at=event.at)
    elif event.kind == EventKind.CONFLICT and what in ("gone", "accepted", "exempt"):
        actions.go_on(_change(event), at=event.at)
    elif event.kind == EventKind.ITEM and what in ("attached", "detached"):
        _corrected(event, material=True)
    elif event.kind == EventKind.ASSIGNED:
        _corrected(event, material=event.data.get("what") == "person")
    elif event.kind == EventKind.EDITED and "service" in event.data.get("changes", {}):
        _corrected(event, material=False)
    elif event.kind == EventKind.MOVED and event.data.get("marks") in (
        Mark.CLOSED,
        Mark.CANCELLED,
    ):
        _release_waiting(event)


def _corrected(event: TicketEvent, *, material: bool) -> None:
    """Only of what was there before the votes: those who are asked now saw it."""
    change = _change(event)
    seen = change.asked_at is not None and event.at <= change.asked_at
    actions.corrected(change, material=material and not seen, at=event.at)


def _linked(event: TicketEvent) -> None:
    """An incident names a change as its cause (`CHG-9`)."""
    if event.data.get("type") != LinkType.CAUSED_BY or event.data.get("ended"):
        return
    change = Change.objects.filter(number=event.data.get("to", "")).first()
    if change is not None:
        actions.caused(change, at=event.at)


def _release_waiting(event: TicketEvent) -> None:
    """Tickets on hold for this change go on (domain 2.1), unless they wait for another one too."""
    waiting = Ticket.objects.open().filter(
        hold_reason="awaiting_change", links_out__target=event.ticket_id
    )
    for ticket in waiting.distinct().order_by("pk"):
        others = Change.objects.filter(links_in__source=ticket.pk).exclude(pk=event.ticket_id)
        if not others.exclude(status__in=(Status.CLOSED, Status.CANCELLED)).exists():
            try_move(ticket, "resume", at=event.at)


def _change(event: TicketEvent) -> Change:
    found: Change = Change.objects.get(pk=event.ticket_id)
    return found
