"""What the end of a parent means to its children, and its new beginning (`INC-4`)."""

from django.utils.translation import gettext as _

from itil.desk import actions as desk
from itil.incidents.lifecycle import ResolutionCode, Status
from itil.incidents.models import Incident
from itil.tickets.models import TicketEvent


def resolve_children(event: TicketEvent, *, note: str) -> int:
    """Resolve the open children of a parent that `event` has resolved, with its note.

    Returns how many. Each step names `event` as its cause: whoever has several of the tickets
    hears of them in one mail. Safe to repeat: what is resolved is no open child any more.
    """
    values = {"resolution_code": ResolutionCode.BY_PARENT, "note": note}
    children = Incident.objects.filter(parent_id=event.ticket_id).open().order_by("pk")
    return sum(
        desk.try_move(child, "resolve", at=event.at, values=values, cause=event)
        for child in children
    )


def reopen_children(event: TicketEvent) -> int:
    """Open again what was resolved with the parent that an agent has opened again.

    Returns how many. Children that were resolved by themselves stay so.
    """
    children = Incident.objects.filter(
        parent_id=event.ticket_id,
        status=Status.RESOLVED,
        resolution_code=ResolutionCode.BY_PARENT,
    )
    values = {"reason": _("%(number)s was opened again.") % {"number": event.ticket.number}}
    return sum(
        desk.try_move(child, "reopen", at=event.at, values=values, cause=event)
        for child in children.order_by("pk")
    )
