"""What orders of the catalog come to when they are delivered, reopened or ended."""

from catalog.requests.models import ServiceRequest
from itil.tickets.models import EventKind, TicketEvent
from itil.timesheets.hours import business_date

from . import actions
from .models import Contract

KIND = ServiceRequest._meta.model_name


def react(event: TicketEvent) -> None:
    """Charge an order, or withdraw the charge, by how the order is now; again: nothing changes."""
    if event.kind != EventKind.MOVED or event.ticket.kind != KIND:
        return
    if not Contract.objects.active().exclude(orders_charged_from=None).exists():
        return
    request = ServiceRequest.objects.select_related("ends").get(pk=event.ticket_id)
    today = business_date(event.at)
    actions.charge_order(request, until=today, at=event.at)
    if request.ends:
        actions.charge_order(request.ends, until=today, at=event.at)
