"""What becomes of the tasks when something becomes of their ticket."""

from datetime import timedelta

import pytest

from itil.tasks import actions
from itil.tasks.models import Task
from itil.tickets.errors import Refused
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from .plans import begun, one_task, plan, told

WEDNESDAY = MONDAY + timedelta(days=2)
REASON = "The order was changed and is approved anew."


def states(ticket) -> dict[str, str]:
    return {task.key: task.status for task in Task.objects.of(ticket)}


def in_the_middle(cast):
    """Ordered; being installed by Ned; the label can begin, handing over waits."""
    ticket, (order, install, label, deliver) = begun(cast)
    actions.start(order, by=cast.bo, at=MONDAY)
    actions.finish(order, by=cast.bo, at=MONDAY)
    actions.start(install, by=cast.ned, at=MONDAY)
    return ticket, install, label, deliver


def test_with_the_ticket_all_that_has_not_ended_is_cancelled(cast):
    ticket, _install, _label, _deliver = in_the_middle(cast)

    cancelled = actions.cancel_all(ticket, by=cast.ann, at=WEDNESDAY)

    assert [task.key for task in cancelled] == ["install", "label", "deliver"]
    assert states(ticket) == {
        "order": "done",
        "install": "cancelled",
        "label": "cancelled",
        "deliver": "cancelled",
    }
    events = TicketEvent.objects.filter(data__what="cancelled").order_by("pk")
    assert [event.data["from"] for event in events] == ["in_progress", "open", "pending"]
    assert {event.actor for event in events} == {cast.ann}


def test_cancelling_twice_cancels_once(cast):
    ticket, _tasks = begun(cast)
    actions.cancel_all(ticket, at=MONDAY)
    before = told(ticket)

    assert actions.cancel_all(ticket, at=WEDNESDAY) == []

    assert told(ticket) == before


def test_while_the_ticket_waits_for_a_decision_nobody_works_on_its_tasks(cast):
    ticket, install, label, _deliver = in_the_middle(cast)

    blocked = actions.block_all(ticket, reason=REASON, at=MONDAY)

    assert [task.key for task in blocked] == ["install"]
    install.refresh_from_db()
    assert (install.status, install.note) == ("blocked", REASON)
    for verb, task, who in (
        (actions.start, label, cast.bo),
        (actions.unblock, install, cast.ned),
    ):
        with pytest.raises(Refused, match="waits for a decision"):
            verb(task, by=who, at=MONDAY)
    assert states(ticket) == {
        "order": "done",
        "install": "blocked",
        "label": "open",
        "deliver": "pending",
    }


def test_after_the_decision_the_work_goes_on(cast):
    ticket, install, label, _deliver = in_the_middle(cast)
    actions.block_all(ticket, reason=REASON, at=MONDAY)

    going_on = actions.unblock_all(ticket, at=WEDNESDAY)

    assert [(task.key, task.status, task.note) for task in going_on] == [
        ("install", "in_progress", "")
    ]
    actions.start(label, by=cast.bo, at=WEDNESDAY)
    actions.finish(install, by=cast.ned, at=WEDNESDAY)
    assert states(ticket)["label"] == "in_progress"


def test_what_somebody_had_blocked_before_stays_blocked(cast):
    ticket, install, _label, _deliver = in_the_middle(cast)
    actions.block(install, by=cast.ned, at=MONDAY, note="No cable.")
    actions.block_all(ticket, reason=REASON, at=MONDAY)

    assert actions.unblock_all(ticket, at=WEDNESDAY) == []

    install.refresh_from_db()
    assert (install.status, install.note, install.held_since) == ("blocked", "No cable.", None)
    actions.unblock(install, by=cast.ned, at=WEDNESDAY)
    assert install.status == "in_progress"


def test_both_may_be_called_again_and_change_nothing(cast):
    ticket, _install, _label, _deliver = in_the_middle(cast)
    actions.block_all(ticket, reason=REASON, at=MONDAY)
    once = list(Task.objects.of(ticket).values())

    assert actions.block_all(ticket, reason="Again.", at=WEDNESDAY) == []
    assert list(Task.objects.of(ticket).values()) == once
    actions.unblock_all(ticket, at=WEDNESDAY)
    once = list(Task.objects.of(ticket).values())

    assert actions.unblock_all(ticket, at=WEDNESDAY) == []
    assert list(Task.objects.of(ticket).values()) == once


def test_a_task_that_is_added_meanwhile_waits_as_well(cast):
    ticket, _install, _label, _deliver = in_the_middle(cast)
    actions.block_all(ticket, reason=REASON, at=MONDAY)

    task = one_task(cast, ticket, title="Collect the old one")

    with pytest.raises(Refused, match="waits for a decision"):
        actions.start(task, by=cast.bo, at=MONDAY)
    actions.unblock_all(ticket, at=WEDNESDAY)
    actions.start(task, by=cast.bo, at=WEDNESDAY)
    assert task.status == "in_progress"


def test_due_times_move_by_the_business_time_of_the_wait(cast):
    version = plan(
        cast,
        {"title": "In a day", "due_amount": 1},
        {"title": "In an hour", "due_amount": 1, "due_unit": "hours"},
    )
    ticket, (day, hour) = begun(cast, version)
    fixed = one_task(cast, ticket, title="On Friday", due_at=MONDAY + timedelta(days=4))
    # Held from Monday 12:00 in Berlin, when the hour was over, until Wednesday 10:00: 14 hours.
    actions.block_all(ticket, reason=REASON, at=MONDAY + timedelta(hours=2))

    actions.unblock_all(ticket, at=WEDNESDAY)

    for task in (day, hour, fixed):
        task.refresh_from_db()
    assert day.due_at.isoformat() == "2026-03-05T14:00:00+00:00"
    assert hour.due_at == MONDAY + timedelta(hours=1)
    assert fixed.due_at == MONDAY + timedelta(days=4)


def test_a_task_that_becomes_ready_during_the_wait_begins_after_it(cast):
    ticket, install, label, deliver = in_the_middle(cast)
    actions.finish(install, by=cast.ned, at=MONDAY)
    actions.block_all(ticket, reason=REASON, at=MONDAY)

    actions.skip(label, by=cast.bo, at=MONDAY)

    deliver.refresh_from_db()
    assert deliver.status == "open"
    with pytest.raises(Refused, match="waits for a decision"):
        actions.start(deliver, by=cast.bo, at=MONDAY)
