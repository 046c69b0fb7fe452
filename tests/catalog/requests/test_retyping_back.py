"""An order becomes a report (`VOC-1`, `SLA-22`)."""

from datetime import timedelta

import pytest

from catalog.requests.models import ServiceRequest
from itil.approvals.models import ApprovalProcess, Vote
from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.incidents.models import Incident, MajorState
from itil.sla.models import ClockState, Metric, SlaClock
from itil.tasks import actions as tasks
from itil.tasks.models import Task
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Ticket, TicketEvent
from tests import make
from tests.cast import MONDAY

from . import orders
from .retyped import LATER, a_fault, a_key, clock, differences, everything


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_an_order_becomes_a_report_below_the_same_number(shelf):
    request = orders.sent(shelf)

    incident = a_fault(shelf, request)

    stored = Incident.objects.get()
    assert (stored.pk, stored.number, stored.uuid) == (request.pk, request.number, request.uuid)
    assert (stored.status, stored.phase, stored.hold_reason) == ("new", "open", "")
    assert (stored.impact, stored.urgency, stored.priority) == (1, 2, 2)
    assert (stored.received_at, stored.major_state) == (MONDAY, MajorState.NONE)
    assert incident == stored
    assert not ServiceRequest.objects.exists()
    event = TicketEvent.objects.get(kind="edited")
    assert event.data["changes"] == {
        "kind": ["servicerequest", "incident"],
        "impact": [3, 1],
        "priority": [4, 2],
    }
    assert event.data["reason"] == "The old one is broken."


def test_what_was_ordered_is_kept_as_a_message(shelf):
    request = orders.sent(shelf)
    a_fault(shelf, request)

    message = Message.objects.get(ticket=request.pk)
    assert message.text.splitlines() == [
        "Ordered: New laptop",
        "Which model?: Light 14",
        "Why do you need it?: I have none",
    ]
    assert (message.visibility, message.author) == ("public", None)


def test_whom_it_is_assigned_to_goes_on(shelf):
    request = orders.sent(shelf, shelf.key)
    desk.take(request, by=shelf.cast.bo, at=MONDAY)

    incident = a_fault(shelf, request)

    assert (incident.status, incident.assignee) == ("in_progress", shelf.cast.bo)


def test_its_resolution_counts_from_the_receipt_without_the_wait_for_approval(shelf):
    request = orders.sent(shelf)
    incident = a_fault(shelf, request)

    resolution = clock(incident, Metric.RESOLUTION)
    # Eight hours are promised; none was used while it waited for Max from the start.
    assert (resolution.started_at, resolution.elapsed_seconds) == (MONDAY, 0)
    assert resolution.due_at == LATER + timedelta(days=1)
    assert SlaClock.objects.get(metric=Metric.FULFILMENT).state == ClockState.CANCELLED
    assert clock(incident, Metric.FIRST_RESPONSE).due_at == MONDAY + timedelta(hours=2)
    assert differences() == []


def test_approvals_that_run_and_tasks_that_nobody_started_are_cancelled(shelf):
    request = orders.sent(shelf)
    a_fault(shelf, request)
    assert ApprovalProcess.objects.get().state == ApprovalProcess.State.CANCELLED
    assert not Vote.objects.waiting().exists()

    shelf.laptop.approval = None
    shelf.laptop.save()
    second = orders.sent(shelf)
    assert Task.objects.of(second).live().count() == 4
    a_fault(shelf, second)
    assert {task.status for task in Task.objects.of(second)} == {"cancelled"}


def test_nobodys_decision_is_thrown_away(shelf):
    request = orders.approved(shelf)
    before = everything(request)

    with pytest.raises(Refused, match="Max has decided on this order already"):
        a_fault(shelf, request)
    assert everything(request) == before


def test_nobodys_work_is_thrown_away(shelf):
    shelf.laptop.approval = None
    shelf.laptop.save()
    request = orders.sent(shelf)
    task = Task.objects.of(request).filter(status="open").first()
    member = task.team.memberships.first().user
    tasks.take(task, by=member, at=MONDAY)
    tasks.start(task, by=member, at=MONDAY)
    before = everything(request)

    with pytest.raises(Refused, match=f"{task.number} “{task.title}” was started already"):
        a_fault(shelf, request)
    assert everything(request) == before


def test_what_was_delivered_stays_an_order(shelf):
    request = orders.in_status(shelf, "fulfilled")
    before = everything(request)
    with pytest.raises(Refused, match="is “Fulfilled”. Reopen it first."):
        a_fault(shelf, request)
    assert everything(request) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason": " "}, "reason"), ({"impact": 7}, "impact"), ({"urgency": 0}, "urgency")],
)
def test_how_bad_it_is_and_why_is_asked(shelf, changes, field):
    request = orders.sent(shelf, shelf.key)
    before = everything(request)

    with pytest.raises(MissingValue) as refusal:
        a_fault(shelf, request, **changes)
    assert refusal.value.field == field
    assert everything(request) == before


def test_what_is_one_already_is_not_made_one_again(shelf):
    incident = make.incident(shelf.cast)
    request = a_key(shelf, incident)
    before = everything(request)

    with pytest.raises(Refused, match="was changed to “service request” already"):
        a_key(shelf, Ticket.objects.get(pk=incident.pk))
    with pytest.raises(Refused, match="was changed to “service request” already"):
        a_key(shelf, incident)
    assert everything(request) == before
