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
from .models import Incident


def react(event: TicketEvent) -> None:
    """A resolved parent resolves its children; an escalation may propose a major incident."""
    data = event.data
    if event.kind == EventKind.MOVED and data.get("marks") == Mark.RESOLVED:
        _resolved(event)
    elif (
        event.kind == EventKind.CLOCK
        and data.get("what") == "escalated"
        and data.get("action") == EscalationStep.Action.PROPOSE_MAJOR
    ):
        _propose_major(event)


def _resolved(event: TicketEvent) -> None:
    """Its open children are resolved with it, once (`INC-4`)."""
    if not event.ticket.children.exists():
        return
    message = Message.objects.public().filter(pk=event.data.get("message")).first()
    actions.resolve_children(
        event.ticket, at=event.at, note=message.text if message else event.ticket.title
    )


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
