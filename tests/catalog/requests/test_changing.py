"""What was ordered is corrected on its way (`REQ-2`)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.requests import actions
from catalog.requests.models import ServiceRequest
from itil.approvals.models import ApprovalProcess, Vote
from itil.desk import actions as desk
from itil.fields.forms import AnswerFile
from itil.sla.models import SlaClock
from itil.tasks import actions as tasks
from itil.tasks.models import Task
from itil.tickets.errors import MissingValue, NotAllowed, StaleRecord
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from . import orders

HOUR = timedelta(hours=1)
DEARER = {"model": "creator", "reason": "new"}


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def change(request, by, answers=None, **values) -> ServiceRequest:
    given = {"version": request.version, "quantity": request.quantity, "at": MONDAY + HOUR}
    answers = request.answers if answers is None else answers
    return actions.change_answers(request, by=by, answers=answers, **given | values)


def test_while_approval_is_waited_for_the_votes_are_void_and_begin_anew(shelf):
    """`APP-9`."""
    request = orders.sent(shelf)
    change(request, shelf.cast.ann, DEARER)

    assert [one.state for one in ApprovalProcess.objects.of(request)] == ["running", "void"]
    assert Vote.objects.waiting().get().voter == shelf.cast.max
    assert ApprovalProcess.objects.of(request).first().about.amount == Decimal("1890.00")
    assert request.status == "awaiting_approval"


def test_dearer_than_the_tolerance_is_approved_again_and_the_work_waits(shelf):
    request = orders.approved(shelf)
    task = Task.objects.of(request).get(status="open")
    tasks.take(task, by=shelf.cast.bo, at=MONDAY + HOUR / 2)
    tasks.start(task, by=shelf.cast.bo, at=MONDAY + HOUR / 2)
    change(request, shelf.cast.ann, DEARER)

    assert (request.status, request.hold_reason) == ("awaiting_approval", "awaiting_approval")
    task.refresh_from_db()
    assert task.status == "blocked"
    assert SlaClock.objects.get(metric="fulfilment").state == "paused"

    approved_at = request.approved_at
    orders.vote(request, at=MONDAY + 2 * HOUR)
    orders.react()
    request.refresh_from_db()
    task.refresh_from_db()
    assert (request.status, task.status) == ("in_fulfilment", "in_progress")
    clock = SlaClock.objects.get(metric="fulfilment")
    # One minute of approval, 59 of work, an hour of waiting that does not count.
    assert (clock.state, len(clock.intervals)) == ("running", 2)
    assert (request.approved_at, request.approved_price) == (approved_at, Decimal("1890.00"))
    assert Task.objects.of(request).count() == 4


def test_more_pieces_are_approved_again(shelf):
    request = orders.approved(shelf)
    change(request, shelf.cast.ann, quantity=2)

    assert (request.status, request.price) == ("awaiting_approval", Decimal("1960.00"))


def test_a_change_that_costs_no_more_goes_on_at_once(shelf):
    request = orders.approved(shelf)
    change(request, shelf.cast.ann, {**request.answers, "note": "Blue, if there is one."})

    assert request.status == "in_fulfilment"
    assert ApprovalProcess.objects.of(request).count() == 1
    event = TicketEvent.objects.get(ticket=request.pk, kind="edited", data__has_key="answers")
    assert event.data["answers"] == [["Anything we should know?", "–", "Blue, if there is one."]]


def test_a_rejected_change_ends_the_request_and_its_tasks(shelf):
    request = orders.approved(shelf)
    change(request, shelf.cast.ann, DEARER)
    orders.vote(request, "rejected", reason="Too dear.", at=MONDAY + 2 * HOUR)
    orders.react()

    request.refresh_from_db()
    assert request.status == "rejected"
    assert set(Task.objects.of(request).values_list("status", flat=True)) == {"cancelled"}


def test_what_was_sent_back_goes_on_when_it_is_corrected(shelf):
    request = orders.approved(shelf)
    actions.send_back(request, by=shelf.cast.bo, note="Which color?", at=MONDAY + HOUR / 2)
    assert (request.status, request.hold_reason) == ("on_hold", "awaiting_requester")

    change(request, shelf.cast.ann, {**request.answers, "note": "Blue"})
    assert request.status == "in_fulfilment"


@pytest.mark.parametrize("status", ["submitted", "fulfilled", "closed", "rejected", "cancelled"])
def test_what_is_over_or_not_asked_yet_is_not_changed(shelf, status):
    request = orders.in_status(shelf, status)
    before = ServiceRequest.objects.filter(pk=request.pk).values().get()
    with pytest.raises(NotAllowed):
        change(request, shelf.cast.ann, quantity=3)
    assert ServiceRequest.objects.filter(pk=request.pk).values().get() == before


def test_strangers_change_nothing(shelf):
    request = orders.approved(shelf)
    for person in (shelf.cast.dov, shelf.cast.max, shelf.cast.ned):
        with pytest.raises(NotAllowed):
            change(request, person, DEARER)
    request.refresh_from_db()
    assert request.answers == orders.ANSWERS


def test_a_change_of_what_was_changed_meanwhile_is_shown_again(shelf):
    request = orders.approved(shelf)
    with pytest.raises(StaleRecord):
        change(request, shelf.cast.ann, DEARER, version=request.version - 1)
    with pytest.raises(MissingValue):
        change(request, shelf.cast.ann, quantity=0)
    request.refresh_from_db()
    assert request.answers == orders.ANSWERS


def test_saved_without_a_change_nothing_happens(shelf):
    request = orders.approved(shelf)
    events = TicketEvent.objects.count()
    change(request, shelf.cast.ann)
    assert TicketEvent.objects.count() == events


def test_new_files_come_with_the_change(shelf):
    request = orders.approved(shelf)
    files = [AnswerFile("plan.txt", b"Room 5")]
    change(request, shelf.cast.ann, {**request.answers, "note": "See file"}, files=files)

    message = request.messages.get()
    assert [one.name for one in message.attachments.all()] == ["plan.txt"]


def test_a_title_edited_by_the_desk_voids_no_vote(shelf):
    request = orders.sent(shelf)
    desk.edit(request, by=shelf.cast.bo, version=request.version, changes={"title": "Laptop, Ann"})
    orders.react()

    assert ApprovalProcess.objects.get().state == "running"
