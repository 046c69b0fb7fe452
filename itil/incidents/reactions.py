"""What one incident's history means to others."""

import contextlib

from django.utils import timezone
from django.utils.translation import gettext as _

from itil.conversation.models import Message
from itil.sla.models import EscalationStep, Metric
from itil.tickets.errors import Refused
from itil.tickets.lifecycle import Mark
from itil.tickets.models import EventKind, TicketEvent

from . import actions
from .lifecycle import MajorState
from .models import Incident

# What an edit may change that makes an incident look like a major one.
_SIGNS = frozenset({"priority", "service", "parent"})


def react(event: TicketEvent) -> None:
    """A parent's end and new beginning concern its children, and so do updates of a major one;
    an escalation or a rule may propose a major incident.
    """
    data = event.data
    if event.kind == EventKind.MOVED:
        _moved(event)
    elif event.kind == EventKind.REPLIED and data.get("update"):
        actions.tell_children(event, text=_said(event))
    elif event.kind == EventKind.CLOCK and _proposes(event):
        _propose_major(event)
    elif event.kind == EventKind.OPENED:
        _look_for_signs(event.ticket_id, event)
    elif event.kind == EventKind.EDITED and _SIGNS & set(data.get("changes", ())):
        _look_for_signs(event.ticket_id, event)
        if event.ticket.parent_id is not None:
            _look_for_signs(event.ticket.parent_id, event)


def _moved(event: TicketEvent) -> None:
    """Its open children are resolved with it, once; an agent's reopening opens them again."""
    mark = event.data.get("marks")
    if mark == Mark.RESOLVED and event.ticket.children.exists():
        actions.resolve_children(event, note=_said(event) or event.ticket.title)
    elif mark == Mark.REOPENED and event.data.get("side") == "staff":
        actions.reopen_children(event)


def _said(event: TicketEvent) -> str:
    """The public text that came with the event."""
    message = Message.objects.public().filter(pk=event.data.get("message")).first()
    return message.text if message else ""


def _look_for_signs(key: int, event: TicketEvent) -> None:
    incident = Incident.objects.filter(pk=key, major_state=MajorState.NONE).first()
    if incident is not None:
        actions.apply_rules(incident, cause=event, at=timezone.now())


def _proposes(event: TicketEvent) -> bool:
    is_step = event.data.get("what") == "escalated"
    return is_step and event.data.get("action") == EscalationStep.Action.PROPOSE_MAJOR


def _propose_major(event: TicketEvent) -> None:
    """The step proposes; what is resolved meanwhile is left alone, as are other record types."""
    incident = Incident.objects.filter(pk=event.ticket_id).first()
    if incident is None:
        return
    reason = _("%(percent)s%% of the time for “%(metric)s” is used up.") % {
        "percent": event.data["percent"],
        "metric": Metric(event.data["metric"]).label,
    }
    with contextlib.suppress(Refused):
        actions.propose_major(incident, by=None, reason=reason, cause=event, at=timezone.now())
