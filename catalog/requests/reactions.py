"""What happened to the approvals and tasks of a request, and what follows from it."""

from itil.tickets.lifecycle import Mark
from itil.tickets.models import EventKind, TicketEvent

from . import actions
from .models import ServiceRequest

KIND = ServiceRequest._meta.model_name


def react(event: TicketEvent) -> None:
    """Approvals decided, tasks ended, the request delivered or ended; again: nothing changes."""
    if event.ticket.kind != KIND:
        return
    what = event.data.get("what")
    if event.kind == EventKind.APPROVAL and what == "decided":
        actions.decided(_request(event), reason=event.data.get("reason", ""), at=event.at)
    elif event.kind == EventKind.TASK and what in ("done", "skipped"):
        actions.tasks_done(_request(event), at=event.at)
    elif event.kind == EventKind.TASK and what == "failed":
        actions.task_failed(_request(event), event.data.get("task", ""), at=event.at)
    elif event.kind == EventKind.MOVED and event.data.get("marks") == Mark.RESOLVED:
        actions.taken_back(_request(event), at=event.at)
    elif event.kind == EventKind.MOVED and event.data.get("marks") == Mark.CANCELLED:
        actions.ended(_request(event), at=event.at)


def _request(event: TicketEvent) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=event.ticket_id)
