"""Who may do what with contracts and time that is billed (domain section 8)."""

from itil.tickets.models import Ticket
from portal.people.models import User

from .querysets import sees_money


def may_view(user: User) -> bool:
    """Clerks, managers and leads read contracts and rates; everyone else gets a 404."""
    return sees_money(user)


def may_change(user: User | None) -> bool:
    """Contracts, rates, blocks and charges; None is the system."""
    return user is None or user.grants.is_billing_clerk


def may_see_amounts(user: User, ticket: Ticket) -> bool:
    """What work on a ticket costs: clerks, managers, and leads on tickets of their teams."""
    grants = user.grants
    return grants.is_billing_clerk or grants.is_manager or ticket.team_id in grants.led_team_ids
