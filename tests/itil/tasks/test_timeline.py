"""What happened to tasks, as the pages of the task and of its ticket say it."""

import pytest

from itil.desk.timeline import story
from itil.tasks import actions
from itil.tasks.timeline import history, in_words, of_task
from tests.cast import MONDAY

from .plans import begun, one_task


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"what": "added"}, "added"),
        ({"what": "opened"}, "can begin"),
        ({"what": "started"}, "started"),
        ({"what": "blocked", "note": "No cable."}, "blocked: No cable."),
        ({"what": "unblocked", "note": ""}, "goes on"),
        ({"what": "done", "evidence": "4711"}, "done: 4711"),
        ({"what": "failed", "note": "Broken."}, "failed: Broken."),
        ({"what": "skipped", "reason": "There is one."}, "skipped: There is one."),
        ({"what": "cancelled", "from": "open"}, "cancelled with its ticket"),
        ({"what": "ticked", "item": "Label", "done": True}, "ticked: Label"),
        ({"what": "ticked", "item": "Label", "done": False}, "took the tick off: Label"),
        ({"what": "tried_again", "failed": "TSK-000001"}, "tries TSK-000001 again"),
        ({"what": "depends", "on": "TSK-000001"}, "waits for TSK-000001 as well"),
        ({"what": "assigned", "kind": "person", "to_name": "Bo"}, "assigned to Bo"),
        ({"what": "assigned", "kind": "person", "to_name": ""}, "given back to the team"),
        ({"what": "assigned", "kind": "team", "to_name": "Network"}, "handed over to Network"),
        ({"what": "of a later version"}, ""),
    ],
)
def test_each_happening_has_its_words(data, words):
    assert of_task(data) == words


def test_the_ticket_names_the_task_first():
    data = {"what": "done", "task": "TSK-000001", "title": "Order"}

    assert in_words(data) == "TSK-000001 “Order”: done"
    planned = {"what": "planned", "plan": "Laptop", "tasks": ["TSK-000001", "TSK-000002"]}
    assert in_words(planned) == "planned the tasks of “Laptop”: TSK-000001, TSK-000002"


def test_the_history_of_a_task_is_its_own(cast):
    _ticket, (order, install, _label, _deliver) = begun(cast)
    actions.start(order, by=cast.bo, at=MONDAY)
    actions.finish(order, by=cast.bo, at=MONDAY)

    assert [(one.actor, one.text) for one in history(order)] == [
        (None, "can begin"),
        (cast.bo, "started"),
        (cast.bo, "done"),
    ]
    assert [one.text for one in history(install)] == ["can begin"]


def test_the_story_of_the_ticket_tells_of_its_tasks_but_not_of_every_tick(cast):
    task = one_task(cast, checklist=["Label"])
    actions.start(task, by=cast.bo, at=MONDAY)
    actions.tick(task, 0, done=True, by=cast.bo, at=MONDAY)

    lines = [line.text for entry in story(task.ticket, cast.bo) for line in entry.happenings]

    name = f"{task.number} “Order the laptop”"
    assert [line for line in lines if line.startswith("TSK")] == [
        f"{name}: added",
        f"{name}: can begin",
        f"{name}: started",
    ]
