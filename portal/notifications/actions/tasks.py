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
    """Tell somebody that a task can begin and is theirs."""
    write(_letter(event, task, "task", actor=event.actor), [reader])


def send_task_failed(event: TicketEvent, task: Task, readers: Iterable[User]) -> None:
    """Tell the leads that a task failed, and why: they decide how it goes on (`REQ-4`)."""
    write(_letter(event, task, "task_failed", actor=event.actor, note=task.note), readers)


def send_task_news(event: TicketEvent, task: Task, reader: User) -> None:
    """Tell who works on a task that its ticket stopped it, or lets it go on."""
    write(_letter(event, task, "task_news", what=event.data["what"], note=task.note), [reader])


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
