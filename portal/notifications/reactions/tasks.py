"""Who hears of tasks: those who do them, and the leads when one fails."""

from itil.tasks.models import Task
from itil.tasks.permissions import stand_ins_of
from itil.tickets.models import TicketEvent
from portal.notifications import actions
from portal.notifications.permissions import may_be_mailed
from portal.people.models import Role, User

from .readers import leads_of, with_role


def react(event: TicketEvent) -> None:
    """A task that no person has is found in the inbox of its team; nobody is mailed about it."""
    data = event.data
    task = (
        Task.objects.select_related("assignee__organization", "team")
        .filter(number=data["task"])
        .first()
    )
    if task is None:
        return
    match data["what"]:
        case "opened":
            _to_do(event, task)
        case "assigned" if data["kind"] == "person" and data["to"] == task.assignee_id:
            _to_do(event, task)
        case "failed":
            _failed(event, task)
        case "late":
            _late(event, task)
        case "blocked" | "unblocked" if data.get("with_ticket"):
            _news(event, task)
        case "cancelled" if data["from"] in ("in_progress", "blocked"):
            _news(event, task)


def _to_do(event: TicketEvent, task: Task) -> None:
    """Whose it is, and who stands in, once it can begin and unless it has ended meanwhile."""
    if task.is_live and task.opened_at is not None:
        for person in _hands(event, task):
            actions.send_task(event, task, person)


def _late(event: TicketEvent, task: Task) -> None:
    """Whoever has it and who stands in; while nobody has it, the leads of its team. Nobody once
    it has ended or was put off.
    """
    if not task.is_live or task.due_at is None or task.due_at.isoformat() != event.data["due_at"]:
        return
    readers = _hands(event, task)
    if task.assignee is None and task.team_id:
        leads = with_role(Role.LEAD, memberships__team=task.team_id)
        readers = [lead for lead in leads if _hears(lead, event)]
    for person in readers:
        actions.send_task_late(event, task, person)


def _failed(event: TicketEvent, task: Task) -> None:
    """The leads of the ticket, and of the team that did it."""
    leads = leads_of(event.ticket)
    if task.team_id:
        leads += with_role(Role.LEAD, memberships__team=task.team_id)
    readers = [lead for lead in dict.fromkeys(leads) if _hears(lead, event) and _sees(lead, task)]
    actions.send_task_failed(event, task, readers)


def _news(event: TicketEvent, task: Task) -> None:
    """Who was working on it when its ticket was changed, cancelled or decided."""
    for person in _hands(event, task):
        actions.send_task_news(event, task, person)


def _hands(event: TicketEvent, task: Task) -> list[User]:
    """Whoever has the task, and who stands in for that person (`APP-6`)."""
    if task.assignee is None:
        return []
    people = [task.assignee, *stand_ins_of(task, event.at)]
    return [person for person in people if _hears(person, event)]


def _hears(person: User | None, event: TicketEvent) -> bool:
    return person is not None and person != event.actor and may_be_mailed(person)


def _sees(person: User, task: Task) -> bool:
    return Task.objects.visible_to(person).filter(pk=task.pk).exists()
