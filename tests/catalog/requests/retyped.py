"""Reports that become orders, orders that become reports, and what a refusal must leave alone."""

from datetime import timedelta

from catalog.requests import actions
from catalog.requests.models import ServiceRequest
from itil.approvals.models import ApprovalProcess, Vote
from itil.conversation.models import Message
from itil.incidents.models import Incident
from itil.sla import actions as sla
from itil.sla.models import Metric, SlaClock
from itil.tasks.models import Task
from itil.tickets.models import Ticket, TicketEvent
from tests.cast import MONDAY

from . import orders

LATER = MONDAY + timedelta(hours=3)
FAULT = {"impact": 1, "urgency": 2, "reason": "The old one is broken."}


def a_key(shelf, incident, **changes):
    """The incident becomes the order of a key, which nobody approves."""
    values = {"by": shelf.cast.bo, "answers": {}, "at": LATER} | changes
    return actions.to_request(incident, shelf.key, **values)


def a_laptop(shelf, incident, **changes):
    """The incident becomes the order of a laptop, which Max approves."""
    values = {"by": shelf.cast.bo, "answers": orders.ANSWERS, "at": LATER} | changes
    return actions.to_request(incident, shelf.laptop, **values)


def a_fault(shelf, request, **changes):
    return actions.to_incident(request, **({"by": shelf.cast.bo, "at": LATER} | FAULT | changes))


def clock(ticket, metric=Metric.FULFILMENT) -> SlaClock:
    return SlaClock.objects.live().get(ticket=ticket.pk, metric=metric)


def differences(now=LATER + timedelta(days=30)) -> list:
    return [one for _ticket, found in sla.differences(Ticket.objects.all(), now) for one in found]


def everything(ticket) -> tuple:
    """What a refusal must leave alone."""
    return (
        list(Ticket.objects.filter(pk=ticket.pk).values()),
        list(Incident.objects.filter(pk=ticket.pk).values()),
        list(ServiceRequest.objects.filter(pk=ticket.pk).values()),
        list(TicketEvent.objects.order_by("pk").values()),
        list(SlaClock.objects.order_by("pk").values()),
        list(Message.objects.order_by("pk").values()),
        list(ApprovalProcess.objects.order_by("pk").values()),
        list(Vote.objects.order_by("pk").values("pk", "state")),
        list(Task.objects.order_by("pk").values()),
    )
