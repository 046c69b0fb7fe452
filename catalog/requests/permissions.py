"""Who may do what with orders (domain section 8)."""

from catalog.requests.lifecycle import HoldReason, Status
from catalog.requests.models import Draft, ServiceRequest
from itil.desk.permissions import standing
from itil.tickets.lifecycle import Actor
from portal.people.models import User


def may_keep(user: User, draft: Draft) -> bool:
    """Change, send or throw away a draft: its owner only."""
    return user.is_active and draft.owner_id == user.pk


def may_order_for(user: User, person: User) -> bool:
    """Order something that `person` gets.

    Everybody for themselves, agents for everybody, a manager for the people who report to them,
    a contact who sees the organization for its people (`c1`).
    """
    if not person.is_active:
        return False
    if person.pk == user.pk or user.grants.is_agent or person.manager_id == user.pk:
        return True
    return bool(
        user.sees_organization
        and user.organization_id
        and person.organization_id == user.organization_id
    )


def may_change(user: User, request: ServiceRequest) -> bool:
    """Change the answers of an order that is on its way (`REQ-2`): its people and the desk.

    On hold only while it waits for exactly that.
    """
    if not standing(user, request) & {Actor.REQUESTER, Actor.AGENT}:
        return False
    if request.status == Status.ON_HOLD:
        return request.hold_reason == HoldReason.AWAITING_REQUESTER
    return request.status in (Status.AWAITING_APPROVAL, Status.IN_FULFILMENT)


def may_order_again(user: User, request: ServiceRequest) -> bool:
    """Make a draft of what was ordered: the person who ordered it."""
    return user.pk == request.requester_id
