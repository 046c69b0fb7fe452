"""Two people at once (`GEN-7`): one of them does it, the other is told, and nothing gets stuck."""

import pytest

from itil.tasks import actions
from itil.tasks.models import Task
from itil.tickets.errors import Refused, StaleRecord
from itil.tickets.models import Ticket, TicketEvent
from tests.cast import MONDAY
from tests.together import at_once

from .plans import begun, laptop, one_task, task_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def copy_of(task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_two_predecessors_that_end_at_once_open_what_waits_for_both(cast):
    ticket, (order, install, label, deliver) = begun(cast)
    for task, who in ((order, cast.bo), (install, cast.ned), (label, cast.bo)):
        actions.start(task, by=who, at=MONDAY)
        if task == order:
            actions.finish(task, by=who, at=MONDAY)

    results = at_once(
        lambda: actions.finish(copy_of(install), by=cast.ned, at=MONDAY),
        lambda: actions.finish(copy_of(label), by=cast.bo, at=MONDAY),
    )

    assert not [result for result in results if isinstance(result, Refused)]
    assert copy_of(deliver).status == "open"
    assert TicketEvent.objects.filter(data__what="opened", data__key="deliver").count() == 1


def test_two_who_finish_at_once_finish_once(cast):
    task = task_in(cast, "in_progress")

    results = at_once(
        *(
            lambda who=who: actions.finish(copy_of(task), by=who, at=MONDAY)
            for who in (cast.bo, cast.cleo)
        )
    )

    assert [type(one) for one in results if isinstance(one, Refused)] == [StaleRecord]
    assert TicketEvent.objects.filter(data__what="done").count() == 1


def test_a_task_that_is_finished_while_its_ticket_is_cancelled_ends_once(cast):
    task = task_in(cast, "in_progress")
    ticket = Ticket.objects.get(pk=task.ticket_id)

    at_once(
        lambda: actions.finish(copy_of(task), by=cast.bo, at=MONDAY),
        lambda: actions.cancel_all(ticket, at=MONDAY),
    )

    ends = TicketEvent.objects.filter(data__what__in=("done", "cancelled"))
    assert ends.count() == 1
    assert copy_of(task).status == ends.get().data["what"]


def test_two_ticks_at_once_both_count(cast):
    task = one_task(cast, checklist=["One", "Two"])
    actions.start(task, by=cast.bo, at=MONDAY)

    at_once(
        lambda: actions.tick(copy_of(task), 0, done=True, by=cast.bo, at=MONDAY),
        lambda: actions.tick(copy_of(task), 1, done=True, by=cast.cleo, at=MONDAY),
    )

    assert copy_of(task).open_items == []


def test_a_plan_that_begins_twice_at_once_begins_once(cast):
    version = laptop(cast)
    ticket = one_task(cast).ticket

    results = at_once(
        *(lambda: actions.begin(ticket, version, answers={}, at=MONDAY) for _ in range(2))
    )

    assert sorted(len(result) for result in results) == [0, 4]
    assert Task.objects.exclude(key="").count() == 4


def test_two_dependencies_that_close_a_circle_together_are_not_both_made(cast):
    _ticket, (_order, install, label, _deliver) = begun(cast)

    results = at_once(
        lambda: actions.depend(copy_of(install), copy_of(label), by=cast.bo, at=MONDAY),
        lambda: actions.depend(copy_of(label), copy_of(install), by=cast.bo, at=MONDAY),
    )

    assert len([one for one in results if isinstance(one, Refused)]) == 1
