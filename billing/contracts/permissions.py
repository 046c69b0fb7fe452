"""Who may do what with contracts and time that is billed (domain section 8)."""

from itil.tickets.models import Ticket
from portal.people.models import User

from .models import Charge, ChargeKind
from .querysets import sees_money


def may_view(user: User) -> bool:
    """Clerks, managers and leads read contracts and rates; everyone else gets a 404."""
    return sees_money(user)


def may_change(user: User | None) -> bool:
    """Contracts, rates, blocks and charges; None is the system."""
    return user is None or user.grants.is_billing_clerk


def may_decide(user: User | None, charge: Charge) -> bool:
    """Accept or reject a proposal: clerks; a manager too where a missed target is made good."""
    if may_change(user):
        return True
    is_credit = charge.kind == ChargeKind.BREACH_CREDIT
    return user is not None and user.grants.is_manager and is_credit


def may_remove_material(user: User, charge: Charge) -> bool:
    """Who recorded it, the lead of the ticket's team, and clerks."""
    if charge.kind != ChargeKind.PART or charge.source is not None or charge.ticket is None:
        return False
    is_lead = charge.ticket.team_id in user.grants.led_team_ids
    return charge.created_by_id == user.pk or is_lead or user.grants.is_billing_clerk


def may_see_amounts(user: User, ticket: Ticket) -> bool:
    """What work on a ticket costs: clerks, managers, and leads on tickets of their teams."""
    grants = user.grants
    return grants.is_billing_clerk or grants.is_manager or ticket.team_id in grants.led_team_ids
