"""The mails about tasks: to those who do them, and to those who decide when one fails.

They speak of the task and link to it: not everybody who does a task may see its ticket.
"""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from itil.tasks.models import Task
from itil.tickets.models import TicketEvent
from portal.notifications.threading import Place
from portal.people.models import User

from .letters import Letter, write


def send_task(event: TicketEvent, task: Task, reader: User) -> None:
    """Tell somebody that a task can begin and is theirs, or that of whom they stand in for."""
    write(_letter(event, task, "task", actor=event.actor, **_for_another(task, reader)), [reader])


def send_task_late(event: TicketEvent, task: Task, reader: User) -> None:
    """Tell somebody that a task was not done when it was due."""
    write(_letter(event, task, "task_late", **_for_another(task, reader)), [reader])


def send_task_failed(event: TicketEvent, task: Task, readers: Iterable[User]) -> None:
    """Tell the leads that a task failed, and why: they decide how it goes on (`REQ-4`)."""
    write(_letter(event, task, "task_failed", actor=event.actor, note=task.note), readers)


def send_task_news(event: TicketEvent, task: Task, reader: User) -> None:
    """Tell who works on a task that its ticket stopped it, or lets it go on."""
    write(_letter(event, task, "task_news", what=event.data["what"], note=task.note), [reader])


def _for_another(task: Task, reader: User) -> dict[str, object]:
    """Whose task it is, for a reader who stands in."""
    is_own = task.assignee is None or task.assignee_id == reader.pk
    return {"for_another": None if is_own else task.assignee}


def _letter(event: TicketEvent, task: Task, template: str, **context: object) -> Letter:
    return Letter(
        event=event,
        ticket=event.ticket,
        template=template,
        place=Place(),
        title=task.title,
        automatic="auto-generated",
        is_for_staff=True,
        url=settings.SITE_URL + reverse("tasks:task", args=[task.number]),
        context={"task": task} | context,
    )
