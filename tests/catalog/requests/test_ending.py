"""A request that ended takes along what was still open, once."""

import pytest

from catalog.requests import actions
from itil.approvals.models import ApprovalProcess
from itil.tasks.models import Task
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from . import orders


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_open_votes_and_tasks_are_cancelled_once(shelf):
    request = orders.sent(shelf)
    actions.ended(request, at=MONDAY)
    events = TicketEvent.objects.count()
    actions.ended(request, at=MONDAY)

    assert ApprovalProcess.objects.get().state == "cancelled"
    assert TicketEvent.objects.count() == events


def test_what_was_decided_and_done_stays(shelf):
    request = orders.delivered(shelf)
    actions.ended(request, at=MONDAY)

    assert ApprovalProcess.objects.get().state == "approved"
    assert set(Task.objects.of(request).values_list("status", flat=True)) == {"done"}
