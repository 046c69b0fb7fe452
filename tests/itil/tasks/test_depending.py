"""The order of tasks is changed by hand, and never closes a circle."""

import pytest

from itil.tasks import actions
from itil.tasks.models import TaskDependency
from itil.tickets.errors import NotAllowed, Refused
from tests.cast import MONDAY

from .plans import begun, one_task, task_in, told


def test_a_pending_task_can_wait_for_another_one(cast):
    _ticket, (order, install, label, _deliver) = begun(cast)

    actions.depend(install, label, by=cast.bo, at=MONDAY)
    actions.depend(install, label, by=cast.bo, at=MONDAY)

    assert set(install.predecessors.all()) == {order, label}
    assert told(install.ticket)[-1] == ("depends", install.number)
    assert len(told(install.ticket)) == 3


@pytest.mark.parametrize("earlier", ["deliver", "install"])
def test_a_dependency_that_would_close_a_circle_is_refused(cast, earlier):
    _ticket, tasks = begun(cast)
    by_key = {task.key: task for task in tasks}
    before = set(TaskDependency.objects.values_list("task", "predecessor"))

    # Handing over comes after installing, and both after a label that shall wait for them.
    actions.depend(by_key["install"], by_key["label"], by=cast.bo, at=MONDAY)
    with pytest.raises(Refused, match="they would wait for each other"):
        actions.depend(by_key["label"], by_key[earlier], by=cast.bo, at=MONDAY)

    added = {(by_key["install"].pk, by_key["label"].pk)}
    assert set(TaskDependency.objects.values_list("task", "predecessor")) == before | added


def test_a_task_never_waits_for_itself(cast):
    _ticket, (_order, install, _label, _deliver) = begun(cast)

    with pytest.raises(Refused, match="wait for each other"):
        actions.depend(install, install, by=cast.bo, at=MONDAY)


def test_what_can_begin_already_waits_for_nothing_more(cast):
    _ticket, (order, install, _label, _deliver) = begun(cast)

    with pytest.raises(Refused, match="cannot wait for another task any more"):
        actions.depend(order, install, by=cast.bo, at=MONDAY)

    assert not order.predecessors.exists()


def test_tasks_of_different_tickets_do_not_wait_for_each_other(cast):
    task, other = task_in(cast, "pending"), one_task(cast)

    with pytest.raises(Refused, match="belongs to another ticket"):
        actions.depend(task, other, by=cast.bo, at=MONDAY)

    assert task.predecessors.count() == 1


def test_strangers_change_no_order(cast):
    _ticket, (_order, install, label, _deliver) = begun(cast)

    with pytest.raises(NotAllowed):
        actions.depend(install, label, by=cast.ned, at=MONDAY)
