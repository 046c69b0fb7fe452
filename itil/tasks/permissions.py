"""Who may do what to a task; asked by every verb before it writes."""

from itil.tickets.lifecycle import Actor, Move
from itil.tickets.models import Ticket
from portal.people.models import User

from .models import Task


def standing(user: User | None, task: Task) -> frozenset[Actor]:
    """In which capacities `user` faces `task`; nobody (None) is the system.

    The person and the team that do it work on it. A lead of that team, or of the team that holds
    the ticket, decides what becomes of it.
    """
    if user is None:
        return frozenset({Actor.SYSTEM})
    grants = user.grants
    found = set()
    if task.assignee_id == user.pk or (task.team_id and task.team_id in grants.team_ids):
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


def may_move(user: User | None, task: Task, move: Move) -> bool:
    """Whoever the life cycle names; of skipping a mandatory task it means the leads."""
    found = standing(user, task) & move.by
    if move.verb == "skip" and not task.is_optional:
        return Actor.LEAD in found
    return bool(found)


def may_work(user: User | None, task: Task) -> bool:
    """Take it, tick its checklist, carry it out."""
    return Actor.AGENT in standing(user, task)


def may_assign(user: User | None, task: Task) -> bool:
    """Give it to a person or a team: those who work on it, those who answer for the ticket, and
    leads wherever it is not confidential.
    """
    if standing(user, task) or coordinates(user, task.ticket):
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
