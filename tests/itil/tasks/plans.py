"""Plans and tasks for these stories, made by the real verbs."""

from datetime import datetime

from itil.tasks import actions
from itil.tasks.lifecycle import Status
from itil.tasks.models import PlanTask, PlanVersion, Task, TaskPlan
from itil.tickets.models import Ticket, TicketEvent
from tests import make
from tests.cast import MONDAY, Cast

LIVE = (Status.PENDING, Status.OPEN, Status.IN_PROGRESS, Status.BLOCKED)
ENDED = (Status.DONE, Status.SKIPPED, Status.FAILED, Status.CANCELLED)


def plan(cast: Cast, *rows: dict, name: str = "New laptop", at: datetime = MONDAY) -> PlanVersion:
    """A published plan of these rows, each done by the service desk unless it says otherwise."""
    made = TaskPlan.objects.create(name=name, calendar=cast.calendar)
    for number, row in enumerate(rows):
        PlanTask.objects.create(plan=made, sort_order=number, **{"team": cast.desk_team} | row)
    return actions.publish(made, by=cast.root, at=at)


def laptop(cast: Cast) -> PlanVersion:
    """Order, then install (two hours by the network team) and label, then hand over."""
    return plan(
        cast,
        {"key": "order", "title": "Order the laptop", "due_amount": 2},
        {
            "key": "install",
            "title": "Install the laptop",
            "after": "order",
            "team": cast.network_team,
        },
        {"key": "label", "title": "Put a label on it", "after": "order", "is_optional": True},
        {
            "key": "deliver",
            "title": "Hand it over",
            "after": "install, label",
            "visible_to_requester": True,
        },
    )


def begun(cast: Cast, version: PlanVersion | None = None, **changes) -> tuple[Ticket, list[Task]]:
    """A ticket of Ann's at the service desk, with the tasks of a plan."""
    ticket = Ticket.objects.get(pk=make.incident(cast, **changes).pk)
    tasks = actions.begin(ticket, version or laptop(cast), answers={}, at=MONDAY)
    return ticket, tasks


def one_task(cast: Cast, ticket: Ticket | None = None, **changes) -> Task:
    """A task of the service desk, open, added by Bo."""
    ticket = ticket or Ticket.objects.get(pk=make.incident(cast).pk)
    values = {"by": cast.bo, "at": MONDAY, "title": "Order the laptop"} | changes
    return actions.add_task(ticket, **values)


def task_in(cast: Cast, status: str, **changes) -> Task:
    """A task of the service desk in `status`, brought there by the verbs."""
    task = one_task(cast, **changes)
    if status == Status.PENDING:
        first = task
        task = one_task(cast, first.ticket, title="Hand it over", after=[first], **changes)
    elif status == Status.SKIPPED:
        actions.skip(task, by=cast.cleo, at=MONDAY, reason="There is one already.")
    elif status == Status.CANCELLED:
        actions.cancel_all(task.ticket, at=MONDAY)
    elif status != Status.OPEN:
        actions.start(task, by=cast.bo, at=MONDAY)
        if status == Status.BLOCKED:
            actions.block(task, by=cast.bo, at=MONDAY, note="The shop is closed.")
        elif status == Status.DONE:
            actions.finish(task, by=cast.bo, at=MONDAY)
        elif status == Status.FAILED:
            actions.fail(task, by=cast.bo, at=MONDAY, note="None to be had.")
    task = Task.objects.get(pk=task.pk)
    assert task.status == status
    return task


def told(ticket: Ticket) -> list[tuple[str, str]]:
    """What the history says about tasks: (what, number of the task), in order."""
    events = TicketEvent.objects.filter(ticket_id=ticket.pk, kind="task").order_by("pk")
    return [(event.data["what"], event.data["task"]) for event in events]
