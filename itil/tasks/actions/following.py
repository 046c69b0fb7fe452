"""What becomes of the tasks when something becomes of their ticket."""

from datetime import datetime
from typing import Any

from django.db import transaction

from itil.calendars.hours import NeverOpenError, add, between
from itil.tasks.lifecycle import Status
from itil.tasks.models import Task
from itil.tickets.models import Ticket
from portal.people.models import User

from .changing import locked_ticket, step, tell, write


@transaction.atomic
def cancel_all(ticket: Ticket, *, by: User | None = None, at: datetime) -> list[Task]:
    """The ticket is cancelled, and with it all that has not ended; what was cancelled."""
    tasks = _live(locked_ticket(ticket))
    for task in tasks:
        before = task.status
        step(task, "cancel", by=None, at=at)
        tell(task, "cancelled", by=by, at=at, data={"from": before})
    return tasks


@transaction.atomic
def block_all(ticket: Ticket, *, reason: str, by: User | None = None, at: datetime) -> list[Task]:
    """The ticket waits for a decision (`REQ-2`): nobody works on its tasks until `unblock_all`.

    What is in progress becomes blocked, with `reason` as its note; what is open or pending cannot
    be started. Returns what was blocked. A second call changes nothing.
    """
    blocked = []
    for task in _live(locked_ticket(ticket)):
        if task.held_since is not None:
            continue
        if task.status != Status.IN_PROGRESS:
            write(task, at=at, changes={"held_since": at})
            continue
        step(
            task,
            "block",
            by=None,
            at=at,
            values={"note": reason},
            changes={"note": reason, "held_since": at, "is_blocked_by_hold": True},
        )
        tell(task, "blocked", by=by, at=at, data={"note": reason, "with_ticket": True})
        blocked.append(task)
    return blocked


@transaction.atomic
def unblock_all(ticket: Ticket, *, by: User | None = None, at: datetime) -> list[Task]:
    """The decision is made: what `block_all` blocked goes on, due as much later as it waited.

    What somebody had blocked before stays blocked. Returns what goes on.
    """
    going_on = []
    for task in _live(locked_ticket(ticket)):
        if task.held_since is None:
            continue
        changes: dict[str, Any] = {"held_since": None, "due_at": _due_after_hold(task, at)}
        if not task.is_blocked_by_hold:
            write(task, at=at, changes=changes)
            continue
        task.held_since = None
        changes |= {"note": "", "is_blocked_by_hold": False}
        step(task, "unblock", by=None, at=at, changes=changes)
        tell(task, "unblocked", by=by, at=at, data={"with_ticket": True})
        going_on.append(task)
    return going_on


def _live(ticket: Ticket) -> list[Task]:
    tasks = list(Task.objects.of(ticket).live().select_related("team", "assignee", "calendar"))
    for task in tasks:
        task.ticket = ticket
    return tasks


def _due_after_hold(task: Task, at: datetime) -> datetime | None:
    """The due time moved by the business time of the hold; one that had passed before stays, and
    so does one that a person set.
    """
    since, due = task.held_since, task.due_at
    if due is None or since is None or task.calendar is None or due <= since:
        return due
    schedule = task.calendar.schedule()
    try:
        return add(schedule, due, between(schedule, since, at))
    except NeverOpenError:
        return due
