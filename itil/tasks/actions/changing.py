"""How every verb changes a task: locked, checked against the life cycle, with its event."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from itil.tasks import permissions
from itil.tasks.lifecycle import LIFECYCLE, Status
from itil.tasks.models import Task
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed, StaleRecord
from itil.tickets.lifecycle import Move, Phase
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from portal.people.models import User


def locked_ticket(ticket: Ticket) -> Ticket:
    """The present state of the ticket, its row locked until commit.

    Every verb on a task locks the ticket: so of two tasks that end at once, the later one sees
    that the other has ended, and opens what waited for both.
    """
    present: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    return present


def locked(task: Task) -> Task:
    """The present state of `task`, no other task of its ticket changing until commit."""
    ticket = locked_ticket(task.ticket)
    present: Task = Task.objects.select_related("team", "assignee").get(pk=task.pk)
    present.ticket = ticket
    return present


def ensure(allowed: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raises NotAllowed with `message` unless `allowed`."""
    if not allowed:
        raise NotAllowed(message)


def write(task: Task, *, at: datetime, changes: Mapping[str, Any]) -> None:
    """Store `changes` of a locked task and show them on it."""
    for name, value in changes.items():
        setattr(task, name, value)
    task.updated_at = at
    task.version += 1
    task.save(update_fields=[*changes, "updated_at", "version"])


def refresh_copy(task: Task, present: Task) -> Task:
    """Bring the caller's object up to the present state and return it."""
    for column in task._meta.concrete_fields:
        setattr(task, column.attname, getattr(present, column.attname))
        if isinstance(column, models.ForeignKey) and column.is_cached(present):
            setattr(task, column.name, getattr(present, column.name))
    return task


def tell(
    task: Task, what: str, *, by: User | None, at: datetime, data: Mapping[str, Any] | None = None
) -> TicketEvent:
    """Record what happened to the task in the history of its ticket, for whom a stand-in did it
    included.
    """
    in_place_of = task.assignee if by and permissions.stands_in(by, task, at) else None
    return tickets.record(
        task.ticket,
        EventKind.TASK,
        by=by,
        at=at,
        channel=Channel.SYSTEM if by is None else Channel.DESK,
        on_behalf_of=in_place_of,
        data={
            "what": what,
            "task": task.number,
            "key": task.key,
            "title": task.title,
            "is_optional": task.is_optional,
            **(data or {}),
        },
    )


def step(
    present: Task,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Take a locked task one step along its life cycle; `values` are what the step is given.

    Raises StaleRecord when it was done a moment ago, MoveNotAllowed, NotAllowed, MissingValue, and
    what the guards of the step refuse; then nothing has changed.
    """
    values = values or {}
    row = _row_of(present, verb)
    ensure(permissions.may_move(by, present, row, at), _not_allowed(present, row))
    for name in row.needs:
        if not values.get(name):
            raise MissingValue(name, _("Say why."))
    for guard in row.guards:
        getattr(present, f"guard_{guard}")(values, by)
    phase = LIFECYCLE.phases[row.target]
    told: dict[str, Any] = {"status": row.target, "phase": phase, **(changes or {})}
    if row.target == Status.OPEN:
        told["opened_at"] = at
    if phase == Phase.DONE:
        told |= {"ended_at": at, "held_since": None, "is_blocked_by_hold": False}
    write(present, at=at, changes=told)


def _not_allowed(task: Task, row: Move) -> str:
    if row.verb == "skip" and not task.is_optional:
        return _("%(number)s is mandatory: only a lead may skip it.") % {"number": task.number}
    return _("You cannot do this with %(number)s.") % {"number": task.number}


def _row_of(task: Task, verb: str) -> Move:
    """The row of the life cycle for `verb`, or the refusal that says what is possible."""
    row = LIFECYCLE.find(verb, task.status)
    if row is not None:
        return row
    words = {"number": task.number, "status": task.status_label}
    if any(known.verb == verb and known.target == task.status for known in LIFECYCLE.moves):
        raise StaleRecord(_("%(number)s is “%(status)s” already.") % words)
    names = [str(move.label).rstrip("…") for move in LIFECYCLE.moves_from(task.status)]
    allowed = ", ".join(f"“{name}”" for name in names if name) or _("nothing")
    raise MoveNotAllowed(
        _("%(number)s is “%(status)s”. Possible from here: %(allowed)s.")
        % (words | {"allowed": allowed})
    )


def open_ready(ticket: Ticket, *, at: datetime) -> list[Task]:
    """Open the tasks of a locked ticket that wait for nothing any more; those that were opened."""
    found = list(Task.objects.of(ticket).ready().select_related("team", "assignee"))
    for task in found:
        task.ticket = ticket
        step(task, "open", by=None, at=at)
        tell_opened(task, at=at)
    return found


def tell_opened(task: Task, *, at: datetime) -> None:
    """Record that the task is ready to be worked on, and by whom."""
    data = {
        "team": task.team_id,
        "team_name": task.team.name if task.team else "",
        "assignee": task.assignee_id,
        "assignee_name": task.assignee.name if task.assignee else "",
    }
    tell(task, "opened", by=None, at=at, data=data)


def order_of(tasks: Iterable[Task]) -> list[str]:
    """Their numbers, for the history."""
    return [task.number for task in tasks]
