"""Who does a task: taking, assigning, handing over."""

import pytest

from itil.tasks import actions
from itil.tasks.models import Task
from itil.tickets.errors import NotAllowed, Refused
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from .plans import begun, one_task, task_in


def last_told(task) -> dict:
    events = TicketEvent.objects.filter(ticket_id=task.ticket_id, kind="task")
    data = events.latest("pk").data
    return {key: data.get(key) for key in ("what", "kind", "from_name", "to_name")}


def test_an_agent_of_its_team_takes_it_without_starting_it(cast):
    task = one_task(cast)

    actions.take(task, by=cast.bo, at=MONDAY)

    assert (task.assignee, task.status) == (cast.bo, "open")
    assert last_told(task) == {
        "what": "assigned",
        "kind": "person",
        "from_name": "",
        "to_name": "Bo",
    }


def test_taking_what_is_ones_own_says_nothing_new(cast):
    task = one_task(cast)
    actions.take(task, by=cast.bo, at=MONDAY)
    events = TicketEvent.objects.count()

    actions.take(task, by=cast.bo, at=MONDAY)

    assert TicketEvent.objects.count() == events


def test_it_is_given_back_to_the_team(cast):
    task = one_task(cast)
    actions.take(task, by=cast.bo, at=MONDAY)

    actions.assign(task, None, by=cast.cleo, at=MONDAY)

    assert Task.objects.get(pk=task.pk).assignee is None
    assert last_told(task)["from_name"] == "Bo"


def test_nobody_outside_its_team_gets_it(cast):
    task = one_task(cast)

    with pytest.raises(Refused, match="Ned does not work in Service desk"):
        actions.assign(task, cast.ned, by=cast.bo, at=MONDAY)
    cast.cleo.is_active = False
    with pytest.raises(Refused, match="Cleo does not work in"):
        actions.assign(task, cast.cleo, by=cast.bo, at=MONDAY)

    assert Task.objects.get(pk=task.pk).assignee is None


def test_handing_it_over_takes_it_from_who_is_not_in_the_other_team(cast):
    task = one_task(cast)
    actions.take(task, by=cast.bo, at=MONDAY)

    actions.hand_over(task, cast.network_team, by=cast.bo, at=MONDAY)

    stored = Task.objects.get(pk=task.pk)
    assert (stored.team, stored.assignee) == (cast.network_team, None)
    assert last_told(task) == {
        "what": "assigned",
        "kind": "team",
        "from_name": "Service desk",
        "to_name": "Network",
    }


def test_handing_it_to_its_own_team_changes_nothing(cast):
    task = one_task(cast)
    events = TicketEvent.objects.count()

    actions.hand_over(task, cast.desk_team, by=cast.bo, at=MONDAY)

    assert (TicketEvent.objects.count(), task.version) == (events, 2)


@pytest.mark.parametrize("status", ["done", "skipped", "failed", "cancelled"])
def test_what_has_ended_is_not_given_to_anybody(cast, status):
    task = task_in(cast, status)
    before = Task.objects.filter(pk=task.pk).values().get()

    with pytest.raises(Refused, match="nothing left to do"):
        actions.assign(task, cast.cleo, by=cast.bo, at=MONDAY)
    with pytest.raises(Refused, match="nothing left to do"):
        actions.hand_over(task, cast.network_team, by=cast.bo, at=MONDAY)

    assert Task.objects.filter(pk=task.pk).values().get() == before


@pytest.mark.parametrize("who", ["ann", "ned", "mia", "bea", "root"])
def test_strangers_give_it_to_nobody(cast, who):
    task = one_task(cast)

    with pytest.raises(NotAllowed):
        actions.assign(task, cast.bo, by=getattr(cast, who), at=MONDAY)

    assert Task.objects.get(pk=task.pk).assignee is None


def test_who_answers_for_the_ticket_may_assign_the_tasks_of_other_teams(cast):
    _ticket, tasks = begun(cast)
    install = next(task for task in tasks if task.key == "install")

    actions.assign(install, cast.ned, by=cast.bo, at=MONDAY)

    assert Task.objects.get(pk=install.pk).assignee == cast.ned
