"""How every verb changes a task: by the present state, with one event, and with words that help."""

from datetime import timedelta

import pytest

from itil.tasks import actions
from itil.tasks.lifecycle import Status
from itil.tasks.models import Task
from itil.tickets.errors import MoveNotAllowed, StaleRecord
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from .plans import one_task, task_in

LATER = MONDAY + timedelta(hours=2)


def stored(task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_the_copy_of_the_caller_shows_what_is_stored(cast):
    task = one_task(cast)

    actions.start(task, by=cast.bo, at=LATER)

    assert (task.status, task.assignee, task.version) == ("in_progress", cast.bo, 3)
    assert task.version == stored(task).version


def test_the_refusal_names_what_is_possible(cast):
    task = task_in(cast, Status.OPEN)

    with pytest.raises(MoveNotAllowed, match="is “Ready”. Possible from here: “Start”, “Skip”."):
        actions.finish(task, by=cast.bo, at=MONDAY)


def test_the_refusal_of_an_ended_task_says_that_nothing_is_possible(cast):
    task = task_in(cast, Status.FAILED)

    with pytest.raises(MoveNotAllowed, match="is “Failed”. Possible from here: nothing."):
        actions.start(task, by=cast.bo, at=MONDAY)


def test_who_was_shown_an_older_state_is_told_that_it_is_done_already(cast):
    task = task_in(cast, Status.IN_PROGRESS)
    shown_before = Task.objects.get(pk=task.pk)
    actions.finish(task, by=cast.bo, at=LATER)

    with pytest.raises(StaleRecord, match="is “Done” already"):
        actions.finish(shown_before, by=cast.cleo, at=LATER)

    assert TicketEvent.objects.filter(data__what="done").count() == 1


def test_what_the_system_does_is_told_as_the_systems(cast):
    task = one_task(cast)

    opened = TicketEvent.objects.get(data__what="opened", data__task=task.number)
    added = TicketEvent.objects.get(data__what="added", data__task=task.number)

    assert (opened.actor, opened.channel) == (None, "system")
    assert (added.actor, added.channel) == (cast.bo, "desk")
