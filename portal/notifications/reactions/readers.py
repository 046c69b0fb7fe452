"""Who is told by duty."""

from typing import Any

from itil.tickets.models import Ticket
from portal.people.models import Role, User


def leads_of(ticket: Ticket) -> list[User]:
    """The leads of its team; of every team while none holds the ticket."""
    return with_role(Role.LEAD, **({"memberships__team": ticket.team_id} if ticket.team_id else {}))


def with_role(role: str, **conditions: Any) -> list[User]:
    """The active people with this role, each once."""
    people = User.objects.active().filter(memberships__role=role, **conditions)
    return list(people.select_related("organization", "location").order_by("pk").distinct())


def may_see(person: User, ticket: Ticket) -> bool:
    return Ticket.objects.visible_to(person).filter(pk=ticket.pk).exists()
