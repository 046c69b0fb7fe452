"""Doing something to many tasks at once (`LIF-3`)."""

import pytest

from itil.tasks import actions
from itil.tasks.models import Task
from tests.cast import MONDAY

from .plans import one_task

MANY = "/desk/tasks/many/"


def outcome(response) -> dict[str, bool]:
    """For each number, whether it was done."""
    return {one.number: not one.refusal for one in response.context["results"]}


def status(task) -> str:
    return Task.objects.get(pk=task.pk).status


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.bo)


def test_each_task_has_a_result_of_its_own_and_a_refusal_stops_no_other(cast, client):
    ready = one_task(cast, title="Ready")
    unticked = one_task(cast, title="With a list", checklist=["Label"])
    for task in (ready, unticked):
        actions.start(task, by=cast.bo, at=MONDAY)

    numbers = [ready.number, unticked.number, "TSK-999999"]
    response = client.post(MANY, {"do": "finish", "task": numbers})

    assert outcome(response) == {ready.number: True, unticked.number: False, "TSK-999999": False}
    page = response.content.decode()
    assert "1 done, 2 not." in page
    assert "Tick the whole checklist first. Open: Label." in page
    assert "There is no such task." in page
    assert [status(ready), status(unticked)] == ["done", "in_progress"]


def test_many_are_taken_started_and_assigned(cast, client):
    tasks = [one_task(cast, title=name) for name in "ab"]
    numbers = [task.number for task in tasks]

    client.post(MANY, {"do": "take", "task": numbers})
    assert set(Task.objects.values_list("assignee", flat=True)) == {cast.bo.pk}
    client.post(MANY, {"do": "start", "task": numbers})
    assert [status(task) for task in tasks] == ["in_progress"] * 2

    asked = client.post(MANY, {"do": "assign", "task": numbers})
    assert "Who does them?" in asked.content.decode()
    sent = {"do": "assign", "task": numbers, "person": ""}
    assert client.post(MANY, sent).status_code == 422
    done = client.post(MANY, sent | {"person": cast.cleo.pk})
    assert outcome(done) == dict.fromkeys(numbers, True)
    assert set(Task.objects.values_list("assignee", flat=True)) == {cast.cleo.pk}
    # Ned works in another team: refused for each, nothing changes.
    refused = client.post(MANY, sent | {"person": cast.ned.pk})
    assert outcome(refused) == dict.fromkeys(numbers, False)
    assert set(Task.objects.values_list("assignee", flat=True)) == {cast.cleo.pk}


def test_nothing_chosen_and_unknown_verbs_and_strangers(cast, client, signed_in):
    task = one_task(cast)
    assert client.post(MANY, {"do": "take"}).status_code == 302
    assert client.post(MANY, {"do": "cancel", "task": task.number}).status_code == 404
    assert client.get(MANY).status_code == 405
    assert signed_in(cast.ann).post(MANY, {"do": "take", "task": task.number}).status_code == 404
    assert status(task) == "open"
    assert Task.objects.get().assignee is None
