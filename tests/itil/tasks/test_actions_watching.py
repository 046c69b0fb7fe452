"""Telling of late tasks, once for each due time."""

from datetime import timedelta

from itil.tasks import actions
from itil.tasks.models import Task
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY
from tests.portal.notifications.post import dispatched

from .plans import one_task

HOUR = timedelta(hours=1)


def told() -> int:
    return TicketEvent.objects.filter(kind="task", data__what="late").count()


def test_a_late_task_is_told_once_per_due_time_to_whoever_has_it(cast):
    task = one_task(cast, due_at=MONDAY + HOUR)
    actions.assign(task, cast.bo, by=cast.cleo, at=MONDAY)
    dispatched()

    assert [actions.tell_late(MONDAY + HOUR), told()] == [0, 0]
    late = MONDAY + 2 * HOUR
    # The job runs twice.
    assert [actions.tell_late(late), actions.tell_late(late), told()] == [1, 0, 1]
    (mail,) = dispatched()
    assert mail.to == cast.bo.email
    assert "is late. Finish it, or say what stands in the way." in mail.text

    # Put off, and late again.
    Task.objects.filter(pk=task.pk).update(due_at=MONDAY + 3 * HOUR)
    assert [actions.tell_late(late), actions.tell_late(MONDAY + 4 * HOUR), told()] == [0, 1, 2]


def test_while_nobody_has_it_the_leads_of_the_team_hear_of_it(cast):
    one_task(cast, due_at=MONDAY)
    dispatched()

    actions.tell_late(MONDAY + HOUR)

    (mail,) = dispatched()
    assert mail.to == cast.cleo.email
    assert "nobody in Service desk has it" in mail.text


def test_what_cannot_be_worked_on_or_is_over_is_not_late(cast):
    done, held, blocked = (one_task(cast, due_at=MONDAY, title=name) for name in "abc")
    waiting = one_task(cast, held.ticket, due_at=MONDAY, title="d", after=[held])
    actions.start(done, by=cast.bo, at=MONDAY)
    actions.finish(done, by=cast.bo, at=MONDAY)
    actions.start(blocked, by=cast.bo, at=MONDAY)
    for task in (held, blocked):
        actions.block_all(task.ticket, reason="It is decided anew.", at=MONDAY)

    assert actions.tell_late(MONDAY + HOUR) == 0
    assert not Task.objects.filter(late_told_for__isnull=False).exists()
    assert waiting.status == "pending"


def test_a_task_that_ended_before_the_mail_went_out_is_not_mailed(cast):
    task = one_task(cast, due_at=MONDAY)
    actions.assign(task, cast.bo, by=cast.cleo, at=MONDAY)
    dispatched()
    actions.tell_late(MONDAY + HOUR)
    actions.skip(task, by=cast.cleo, at=MONDAY + HOUR, reason="No longer wanted.")

    assert dispatched() == []
