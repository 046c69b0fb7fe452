"""Who may rate (`KPI-11`)."""

from itil.tickets.models import Ticket
from portal.people.models import User


def may_rate(user: User, ticket: Ticket) -> bool:
    """The people whom the ticket is for, unless they did the work themselves."""
    concerned = user.pk in (ticket.requester_id, ticket.requested_for_id)
    return bool(concerned and user.is_active and user.pk != ticket.assignee_id)
