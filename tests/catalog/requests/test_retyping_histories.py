"""There and back again, and every history in between (`VOC-1`, `SLA-22`)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.requests import actions
from catalog.requests.models import RequestBundle, ServiceRequest
from itil.approvals.models import Vote
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.sla import actions as sla
from itil.sla.models import ClockState
from itil.tasks.models import Task
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from tests import make
from tests.cast import MONDAY

from . import orders
from .retyped import LATER, a_fault, a_key, a_laptop, clock, differences


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_there_and_back_and_there_again_each_order_has_its_own_approvals_and_tasks(shelf):
    shelf.laptop.approval = None
    shelf.laptop.save()
    incident = make.taken_incident(shelf.cast)
    request = a_laptop(shelf, incident)
    first = set(Task.objects.of(request))
    incident = a_fault(shelf, request)
    assert not [task for task in Task.objects.of(incident) if task.is_live]
    shelf.laptop.approval = shelf.policy
    shelf.laptop.save()

    request = a_laptop(shelf, incident, at=LATER + timedelta(hours=1))
    assert (request.status, clock(request).state) == ("awaiting_approval", ClockState.NOT_STARTED)
    orders.vote(request, at=LATER + timedelta(hours=2))
    orders.react()

    second = [task for task in Task.objects.of(request) if task.is_live]
    assert len(second) == 4
    assert not first.intersection(second)
    assert clock(request).started_at == LATER + timedelta(hours=2)
    assert differences() == []


def test_what_becomes_a_report_leaves_its_bundle(shelf):
    drafts = [orders.draft(shelf), orders.draft(shelf, shelf.key)]
    bundle = actions.submit_together(drafts, by=shelf.cast.ann, at=MONDAY)
    a_fault(shelf, ServiceRequest.objects.get(item=shelf.key))

    assert [one.item for one in RequestBundle.objects.get(pk=bundle.pk).requests.all()] == [
        shelf.laptop
    ]


def test_a_verb_on_a_copy_of_the_former_type_goes_by_the_present_one(shelf):
    cast, incident = shelf.cast, make.taken_incident(shelf.cast)
    copy = Incident.objects.get(pk=incident.pk)
    a_key(shelf, incident)

    values = {"resolution_code": "fixed", "note": "Done."}
    with pytest.raises(Refused, match="is “In fulfilment”. Possible from here"):
        desk.move(copy, "resolve", by=cast.bo, values=values, at=LATER)
    desk.reply(copy, by=cast.bo, text="It is ready.", at=LATER)
    desk.unassign(copy, by=cast.bo, at=LATER)
    assert (copy.kind, copy.assignee) == ("servicerequest", None)


STEPS = st.lists(
    st.sampled_from(
        ["hold", "resume", "reply", "comment", "key", "laptop", "approve", "fault", "edit", "late"]
    ),
    max_size=9,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, minutes=st.lists(st.integers(1, 400), min_size=9, max_size=9))
def test_the_clocks_follow_every_history_so_that_a_replay_finds_no_difference(
    shelf, steps, minutes
):
    cast, at = shelf.cast, MONDAY
    incident = make.taken_incident(cast)
    asked = {"hold_reason": "awaiting_requester", "note": "Which one?"}
    for step, passed in zip(steps, minutes, strict=False):
        at += timedelta(minutes=passed)
        ticket = Ticket.objects.get(pk=incident.pk).specific
        try:
            match step:
                case "hold":
                    desk.move(ticket, "hold", by=cast.bo, values=asked, at=at)
                case "resume":
                    desk.move(ticket, "resume", by=cast.bo, at=at)
                case "reply":
                    desk.reply(ticket, by=cast.bo, text="We look.", at=at)
                case "comment":
                    desk.comment(ticket, by=cast.ann, text="And now?", at=at)
                case "key":
                    a_key(shelf, ticket, at=at)
                case "laptop":
                    a_laptop(shelf, ticket, at=at)
                case "approve":
                    if Vote.objects.waiting().filter(step__process__ticket=ticket.pk).exists():
                        orders.vote(ticket, at=at)
                        orders.react()
                case "fault":
                    a_fault(shelf, ticket, at=at)
                case "edit":
                    urgency = 3 if ticket.urgency == 1 else 1
                    changes = {"urgency": urgency}
                    version = ticket.version
                    desk.edit(ticket, by=cast.bo, version=version, changes=changes, at=at)
                case "late":
                    sla.tick(at)
        except Refused:
            continue
    assert differences(at) == []
    assert differences(at + timedelta(days=30)) == []
