"""Working on the tasks of somebody who is away (`APP-6`)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.tasks import actions, permissions
from itil.tasks.models import Task
from itil.tickets.errors import NotAllowed
from itil.tickets.models import Ticket, TicketEvent
from portal.people.models import Delegation
from tests.cast import MONDAY

from .plans import one_task

DAY = timedelta(days=1)
INBOX = "/desk/tasks/"


def stands_in(delegator, delegate, at=MONDAY, days=7, **fields):
    """From `at` on, `delegate` works on the tasks of `delegator`."""
    kinds = {"approvals": False, "tasks": True}
    return Delegation.objects.create(
        delegator=delegator,
        delegate=delegate,
        starts_at=at,
        ends_at=at + days * DAY,
        **kinds | fields,
    )


@pytest.fixture
def task(cast):
    """A task of the service desk that Bo has; Ned works in another team."""
    made = one_task(cast)
    return actions.assign(made, cast.bo, by=cast.cleo, at=MONDAY)


def sees(user, task, at=MONDAY) -> bool:
    return Task.objects.visible_to(user, at).filter(pk=task.pk).exists()


def test_a_stand_in_works_on_the_task_as_b_for_a_and_it_stays_with_a(cast, task):
    assert not sees(cast.ned, task)
    stands_in(cast.bo, cast.ned)
    assert sees(cast.ned, task)

    actions.start(task, by=cast.ned, at=MONDAY)
    actions.finish(task, by=cast.ned, at=MONDAY)

    stored = Task.objects.get(pk=task.pk)
    assert (stored.status, stored.assignee) == ("done", cast.bo)
    events = TicketEvent.objects.filter(kind="task", data__what__in=["started", "done"])
    assert {(one.actor, one.on_behalf_of) for one in events} == {(cast.ned, cast.bo)}
    assert {one.data.get("assignee", cast.bo.pk) for one in events} == {cast.bo.pk}


@pytest.mark.parametrize("which", ["ended", "not yet", "approvals only", "of the stand-in"])
def test_without_a_delegation_in_force_for_tasks_nothing_is_seen_or_done(cast, task, which):
    match which:
        case "ended":
            stands_in(cast.bo, cast.ned, at=MONDAY - 3 * DAY, days=2)
        case "not yet":
            stands_in(cast.bo, cast.ned, at=MONDAY + DAY)
        case "approvals only":
            stands_in(cast.bo, cast.ned, approvals=True, tasks=False)
        case _:
            stands_in(cast.bo, cast.cleo)
            stands_in(cast.cleo, cast.ned)

    assert not sees(cast.ned, task)
    with pytest.raises(NotAllowed):
        actions.start(task, by=cast.ned, at=MONDAY)
    assert Task.objects.get(pk=task.pk).status == "open"


def test_confidential_work_needs_a_delegation_for_it(cast, task):
    Ticket.objects.filter(pk=task.ticket_id).update(is_confidential=True)
    task.ticket.refresh_from_db()
    delegation = stands_in(cast.bo, cast.ned)
    assert not sees(cast.ned, task)
    assert not permissions.may_work(cast.ned, task, MONDAY)

    delegation.includes_confidential = True
    delegation.save()

    assert sees(cast.ned, task)
    assert permissions.may_work(cast.ned, task, MONDAY)


def test_the_inbox_shows_it_among_ones_own_and_says_for_whom(cast, task, signed_in):
    stands_in(cast.bo, cast.ned, at=timezone.now() - DAY)

    client = signed_in(cast.ned)
    response = client.get(INBOX, {"view": "mine"})

    assert [one.pk for one in response.context["rows"]] == [task.pk]
    assert "for Bo" in response.content.decode()
    page = client.get(task.get_absolute_url())
    assert "You stand in for Bo." in page.content.decode()
    assert not page.context["may_take"]
    client.post(f"{task.get_absolute_url()}move/start/")
    assert "<b>Ned</b> <span" in client.get(task.get_absolute_url()).content.decode()
