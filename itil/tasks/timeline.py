"""What happened to tasks, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from itil.tickets.models import EventKind, TicketEvent
from portal.people.models import User

from .models import Task


@dataclass(frozen=True)
class Happening:
    """One line of a task's history: who did what when."""

    at: datetime
    actor: User | None
    text: str
    # In whose place a stand-in did it.
    on_behalf_of: User | None = None


def history(task: Task) -> list[Happening]:
    """What happened to `task`, oldest first. One query."""
    events = (
        TicketEvent.objects.filter(
            ticket=task.ticket_id, kind=EventKind.TASK, data__task=task.number
        )
        .exclude(data__what="planned")
        .select_related("actor", "on_behalf_of")
        .order_by("at", "pk")
    )
    return [
        Happening(event.at, event.actor, of_task(event.data), event.on_behalf_of)
        for event in events
    ]


def in_words(data: Mapping[str, Any]) -> str:
    """What an event of the kind "task" says about its ticket, to be read after the actor's name."""
    if data.get("what") == "planned":
        words = {"plan": data.get("plan", ""), "tasks": ", ".join(data.get("tasks", ()))}
        return _("planned the tasks of “%(plan)s”: %(tasks)s") % words
    name = _("%(number)s “%(title)s”") % {
        "number": data.get("task", ""),
        "title": data.get("title", ""),
    }
    return f"{name}: {of_task(data)}"


def of_task(data: Mapping[str, Any]) -> str:
    """What such an event says on the page of the task itself."""
    if data.get("what") == "assigned":
        return _assigned(data)
    text = {
        "added": _("added"),
        "opened": _("can begin"),
        "started": _("started"),
        "blocked": _("blocked"),
        "unblocked": _("goes on"),
        "done": _("done"),
        "failed": _("failed"),
        "skipped": _("skipped"),
        "cancelled": _("cancelled with its ticket"),
        "ticked": _("ticked") if data.get("done") else _("took the tick off"),
        "tried_again": _("tries %(number)s again") % {"number": data.get("failed", "")},
        "late": _("was not done when it was due"),
        "depends": _("waits for %(number)s as well") % {"number": data.get("on", "")},
    }.get(data.get("what", ""), "")
    more = data.get("note") or data.get("reason") or data.get("item") or data.get("evidence")
    return f"{text}: {more}" if more else text


def _assigned(data: Mapping[str, Any]) -> str:
    name = data.get("to_name", "")
    if data.get("kind") == "team":
        return _("handed over to %(team)s") % {"team": name}
    return _("assigned to %(name)s") % {"name": name} if name else _("given back to the team")
