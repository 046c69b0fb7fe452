"""Who may do what with estimates (domain section 8). `None` is the system."""

from itil.tickets.models import Ticket
from portal.people.models import User

from .lifecycle import State
from .models import Estimate


def may_prepare(user: User, ticket: Ticket) -> bool:
    """Clerks, and the lead of the ticket's team: they see what an hour costs."""
    grants = user.grants
    return grants.is_billing_clerk or ticket.team_id in grants.led_team_ids


def may_edit(user: User, estimate: Estimate) -> bool:
    return estimate.state == State.DRAFT and may_prepare(user, estimate.ticket)


def may_decide(user: User, estimate: Estimate) -> bool:
    """A contact of the customer who may approve cost, and never who wrote it (`APP-4`)."""
    return (
        user.is_active
        and user.can_approve_cost
        and user.organization_id == estimate.organization_id
        and user.pk != estimate.created_by_id
    )
