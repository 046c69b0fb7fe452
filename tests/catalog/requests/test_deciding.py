"""From sent to approved: the clock, the tasks, the reason of a refusal."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from catalog.requests import actions
from itil.approvals.models import ApprovalProcess, Source
from itil.desk import actions as desk
from itil.sla.models import SlaClock
from itil.tasks.models import Task
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from . import orders

HOUR = timedelta(hours=1)


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_approval_starts_the_fulfilment_clock_and_the_tasks(shelf):
    request = orders.sent(shelf)
    orders.vote(request, at=MONDAY + HOUR)
    orders.react()
    request.refresh_from_db()

    assert (request.status, request.approved_at) == ("in_fulfilment", MONDAY + HOUR)
    clock = SlaClock.objects.get(metric="fulfilment")
    assert (clock.state, clock.started_at) == ("running", MONDAY + HOUR)
    assert [task.key for task in Task.objects.of(request)] == [
        "order",
        "install",
        "label",
        "deliver",
    ]
    # Five working days later at the same time of day, as the item promises.
    assert request.agreed_at == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def test_a_rejection_ends_the_request_with_its_public_reason(shelf):
    request = orders.sent(shelf)
    orders.vote(request, "rejected", reason="Yours is new.", note="He asks every year.")
    orders.react()
    request.refresh_from_db()

    assert request.status == "rejected"
    moved = TicketEvent.objects.get(ticket=request.pk, data__verb="reject")
    assert moved.data["reason"] == "Yours is new."
    assert "every year" not in str(moved.data)
    assert set(SlaClock.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not Task.objects.exists()


def test_two_steps_are_asked_one_after_the_other(shelf):
    steps = (
        {"label": "Manager", "source": Source.MANAGER},
        {"label": "IT lead", "source": Source.PERSON, "person": shelf.cast.cleo},
    )
    shelf.laptop.approval = orders.policy(*steps, name="Two")
    shelf.laptop.save()
    request = orders.sent(shelf)

    orders.vote(request)
    orders.react()
    request.refresh_from_db()
    assert request.status == "awaiting_approval"
    orders.vote(request, at=MONDAY + HOUR)
    orders.react()
    request.refresh_from_db()
    assert (request.status, request.approved_at) == ("in_fulfilment", MONDAY + HOUR)


def test_a_step_only_above_an_amount_does_not_hold_up_what_is_cheaper(shelf):
    step = {"label": "Budget", "source": Source.MANAGER, "only_above": Decimal(1000)}
    shelf.laptop.approval = orders.policy(step, name="Budget")
    shelf.laptop.save()

    assert orders.sent(shelf).status == "in_fulfilment"
    dearer = orders.sent(shelf, typed={**orders.ANSWERS, "extras": ["monitor"]})
    assert dearer.status == "awaiting_approval"


def test_approvers_see_the_answers_the_price_and_who_is_barred(shelf):
    """`APP-4`, `APP-10`."""
    orders.sent(shelf, quantity=2)
    process = ApprovalProcess.objects.get()
    matter = process.about

    assert matter.title == "2 × New laptop"
    assert ("Which model?", "Light 14") in matter.lines
    assert (matter.amount, matter.currency) == (Decimal("1960.00"), "EUR")
    assert matter.requester_id == shelf.cast.ann.pk
    assert list(process.barred.all()) == [shelf.cast.ann]


def test_who_gets_it_does_not_approve_it_either(shelf):
    """`APP-4`: Bo orders for Max, who would be asked as the owner of nothing but himself."""
    orders.sent(shelf, by=shelf.cast.bo, requested_for=shelf.cast.max)

    barred = set(ApprovalProcess.objects.get().barred.all())
    assert barred == {shelf.cast.bo, shelf.cast.max}


def test_a_decision_heard_twice_or_too_late_changes_nothing(shelf):
    request = orders.approved(shelf)
    events = TicketEvent.objects.count()
    actions.decided(request, at=MONDAY + HOUR)
    assert TicketEvent.objects.count() == events

    cancelled = orders.sent(shelf)
    orders.vote(cancelled)
    desk.move(cancelled, "cancel", by=shelf.cast.bo, values={"reason": "Ordered twice"})
    orders.react()
    cancelled.refresh_from_db()
    assert cancelled.status == "cancelled"
    assert not Task.objects.of(cancelled).exists()


def test_a_decision_on_what_was_changed_meanwhile_does_not_count(shelf):
    """The vote was for the light one; before anybody reacted it became the dear one."""
    request = orders.sent(shelf)
    orders.vote(request)
    actions.change_answers(
        request,
        by=shelf.cast.ann,
        version=request.version,
        answers={"model": "creator", "reason": "new"},
        quantity=1,
        at=MONDAY + HOUR,
    )
    orders.react()

    request.refresh_from_db()
    assert request.status == "awaiting_approval"
    assert [one.state for one in ApprovalProcess.objects.of(request)] == ["running", "void"]
