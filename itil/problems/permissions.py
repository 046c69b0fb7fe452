"""Who may do what with problems (domain section 8)."""

from django.db.models import QuerySet

from itil.desk.permissions import standing, works_on
from itil.tickets.lifecycle import Actor
from itil.tickets.models import Ticket
from portal.people.models import User

from .models import Problem


def may_create(user: User) -> bool:
    """Open a problem: agents and leads for their teams, problem managers for all."""
    return user.grants.is_agent or user.grants.is_problem_manager


def may_manage(user: User | None, problem: Ticket) -> bool:
    """Declare known errors and publish workarounds: problem managers only."""
    return Actor.PROBLEM_MANAGER in standing(user, problem)


def may_analyse(user: User | None, problem: Ticket) -> bool:
    """Write down symptoms, causes, workarounds and the review, and link incidents."""
    return works_on(user, problem)


def may_decide(user: User) -> bool:
    """Say what becomes of a candidate."""
    return may_create(user)


def linkable_by(user: User) -> QuerySet[Ticket]:
    """What `user` may link to a problem: incidents and requests that the person may open."""
    found: QuerySet[Ticket] = Ticket.objects.visible_to(user).asked_for()
    return found.filter(merged_into__isnull=True)


def problems_for(user: User) -> QuerySet[Problem]:
    """The problems that `user` may open."""
    found: QuerySet[Problem] = Problem.objects.visible_to(user)
    return found
