"""Who may do what about major incidents (domain section 8)."""

from itil.desk.permissions import standing
from itil.tickets.lifecycle import Actor, Move
from itil.tickets.models import Ticket
from portal.people.models import User

from .lifecycle import MAJOR
from .models import MajorIncident


def standing_in_major(user: User | None, ticket: Ticket) -> frozenset[Actor]:
    """In which capacities `user` faces the procedure: leads have the duty in every queue.

    A confidential incident is left to the leads of the team that holds it.
    """
    found = standing(user, ticket)
    if user is None or not user.grants.is_lead:
        return found
    if not ticket.is_confidential or Actor.LEAD in found:
        found |= {Actor.MAJOR_MANAGER}
    return found


def may_step(user: User | None, ticket: Ticket, move: Move) -> bool:
    return bool(standing_in_major(user, ticket) & move.by)


def may_propose(user: User | None, ticket: Ticket) -> bool:
    """As the table says: agents in their queues, the duty everywhere, and rules."""
    row = MAJOR.find("propose", MAJOR.start)
    return row is not None and may_step(user, ticket, row)


def may_manage(user: User | None, ticket: Ticket) -> bool:
    """Name the people of the roles, the interval and the public notice; write the review."""
    return Actor.MAJOR_MANAGER in standing_in_major(user, ticket)


def may_update(user: User | None, major: MajorIncident) -> bool:
    """Write to everybody concerned: the duty, who holds a role, and who works on it."""
    if user is None:
        return False
    if standing_in_major(user, major.incident) & {Actor.MAJOR_MANAGER, Actor.AGENT}:
        return True
    return major.roles.filter(person=user).exists()
