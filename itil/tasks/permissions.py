"""Who may do what to a task; asked by every verb before it writes."""

from datetime import datetime

from django.db.models import QuerySet

from itil.tickets.lifecycle import Actor, Move
from itil.tickets.models import Ticket
from portal.people.models import Delegation, User

from .models import Task


def stands_in(user: User, task: Task, at: datetime) -> bool:
    """True while `user` may work on it in the place of whoever has it, and only so (`APP-6`).

    One query at most; none for the person and the team that do it.
    """
    if task.assignee_id in (None, user.pk) or task.team_id in user.grants.team_ids:
        return False
    return bool(_delegations(task, at).filter(delegate=user).exists())


def stand_ins_of(task: Task, at: datetime) -> list[User]:
    """Who may work on it at `at` in the place of whoever has it. One query."""
    if task.assignee_id is None:
        return []
    people = User.objects.filter(pk__in=_delegations(task, at).values("delegate"))
    return list(people.select_related("organization", "location").order_by("pk"))


def _delegations(task: Task, at: datetime) -> QuerySet[Delegation]:
    """What holds at `at` for the tasks of whoever has it; never by way of a third person."""
    theirs = Delegation.objects.in_force(at).of(Delegation.Kind.TASKS)
    if task.ticket.is_confidential:
        theirs = theirs.confidential()
    found: QuerySet[Delegation] = theirs.filter(delegator=task.assignee_id)
    return found


def standing(user: User | None, task: Task, at: datetime) -> frozenset[Actor]:
    """In which capacities `user` faces `task` at `at`; nobody (None) is the system.

    The person and the team that do it work on it, and who stands in for that person. A lead of
    that team, or of the team that holds the ticket, decides what becomes of it.
    """
    if user is None:
        return frozenset({Actor.SYSTEM})
    grants = user.grants
    found = set()
    if (
        task.assignee_id == user.pk
        or (task.team_id and task.team_id in grants.team_ids)
        or stands_in(user, task, at)
    ):
        found.add(Actor.AGENT)
    if grants.led_team_ids & {task.team_id, task.ticket.team_id}:
        found.add(Actor.LEAD)
    return frozenset(found)


def coordinates(user: User | None, ticket: Ticket) -> bool:
    """Answers for the ticket as a whole: agents of its team, or of any while no team holds it."""
    if user is None:
        return True
    grants = user.grants
    untaken = ticket.team_id is None and not ticket.is_confidential
    return grants.is_agent and (
        untaken or ticket.team_id in grants.team_ids or ticket.assignee_id == user.pk
    )


def may_move(user: User | None, task: Task, move: Move, at: datetime) -> bool:
    """Whoever the life cycle names; of skipping a mandatory task it means the leads."""
    found = standing(user, task, at) & move.by
    if move.verb == "skip" and not task.is_optional:
        return Actor.LEAD in found
    return bool(found)


def may_work(user: User | None, task: Task, at: datetime) -> bool:
    """Tick its checklist, carry it out."""
    return Actor.AGENT in standing(user, task, at)


def may_assign(user: User | None, task: Task, at: datetime) -> bool:
    """Give it to a person or a team: those who work on it, those who answer for the ticket, and
    leads wherever it is not confidential.
    """
    if standing(user, task, at) or coordinates(user, task.ticket):
        return True
    return user is not None and user.grants.is_lead and not task.ticket.is_confidential


def may_plan(user: User | None, ticket: Ticket) -> bool:
    """Add tasks to the ticket, put them in order, try a failed one again."""
    if coordinates(user, ticket):
        return True
    return user is not None and user.grants.is_lead and not ticket.is_confidential


def may_publish(user: User | None) -> bool:
    """Put plans in force: catalog managers and administrators."""
    if user is None:
        return True
    return user.is_active and (user.grants.is_catalog_manager or user.grants.is_administrator)
