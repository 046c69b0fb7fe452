"""What was invoiced of orders that are taken back, or delivered again."""

from billing.contracts.models import Charge
from catalog.requests.models import ServiceRequest
from itil.tickets.models import EventKind, TicketEvent

from . import actions

KIND = ServiceRequest._meta.model_name


def react(event: TicketEvent) -> None:
    """Propose a credit, or take the proposal back, by how the order is now; again: nothing
    changes.
    """
    if event.kind != EventKind.MOVED or event.ticket.kind != KIND:
        return
    # The order itself, and the one that it ends.
    orders = ServiceRequest.objects.filter(pk=event.ticket_id) | ServiceRequest.objects.filter(
        endings=event.ticket_id
    )
    invoiced = Charge.objects.for_orders().filter(state="invoiced")
    for request in orders.filter(billing_charges__in=invoiced).distinct().order_by("pk"):
        actions.credit_order(request, at=event.at)
