"""Tasks lead to the delivery; what nobody disputes is closed; what was late shows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.offerings.models import DeliveryFigure
from catalog.requests import actions
from itil.approvals.models import ApprovalProcess
from itil.desk import actions as desk
from itil.sla.models import SlaClock
from itil.tasks import actions as tasks
from itil.tasks.models import Task
from itil.tickets.errors import NotAllowed, Refused
from tests.cast import MONDAY

from . import orders

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_a_request_is_delivered_when_its_mandatory_tasks_are_done(shelf):
    request = orders.delivered(shelf, at=MONDAY + HOUR)

    assert (request.status, request.resolved_at) == ("fulfilled", MONDAY + HOUR)
    assert SlaClock.objects.get(metric="fulfilment").state == "stopped"


def test_it_is_not_delivered_while_a_mandatory_task_is_open(shelf):
    request = orders.approved(shelf)
    with pytest.raises(Refused, match="tasks are not done"):
        desk.move(request, "fulfil", by=shelf.cast.bo)
    request.refresh_from_db()
    assert request.status == "in_fulfilment"


def test_a_failed_task_lets_it_wait_for_a_lead(shelf):
    """`REQ-4`: it is not rejected."""
    request = orders.approved(shelf)
    task = Task.objects.of(request).get(status="open")
    tasks.take(task, by=shelf.cast.bo, at=MONDAY + HOUR)
    tasks.start(task, by=shelf.cast.bo, at=MONDAY + HOUR)
    tasks.fail(task, by=shelf.cast.bo, at=MONDAY + HOUR, note="Out of stock everywhere.")
    orders.react()

    request.refresh_from_db()
    assert (request.status, request.hold_reason) == ("on_hold", "task_failed")
    # Our own affair: the clock runs on.
    assert SlaClock.objects.get(metric="fulfilment").state == "running"
    with pytest.raises(NotAllowed, match="lead"):
        desk.move(request, "resume", by=shelf.cast.bo)
    tasks.try_again(task, by=shelf.cast.cleo, at=MONDAY + 2 * HOUR)
    desk.move(request, "resume", by=shelf.cast.cleo, at=MONDAY + 2 * HOUR)
    orders.work_off(request, by=shelf.cast.bo, at=MONDAY + 3 * HOUR)
    orders.react()
    request.refresh_from_db()
    assert request.status == "fulfilled"


def test_what_did_not_arrive_goes_on_with_the_same_clock(shelf):
    request = orders.delivered(shelf, at=MONDAY + HOUR)
    desk.move(
        request,
        "reopen",
        by=shelf.cast.ann,
        values={"reason": "It is not on my desk."},
        at=MONDAY + 2 * HOUR,
    )

    assert (request.status, request.reopen_count, request.resolved_at) == ("in_fulfilment", 1, None)
    clock = SlaClock.objects.get(metric="fulfilment")
    assert (clock.state, len(clock.intervals)) == ("running", 2)
    assert set(Task.objects.of(request).values_list("status", flat=True)) == {"done"}


def test_what_was_there_after_all_does_not_count_as_reopened(shelf):
    """A courtesy (INC-3)."""
    request = orders.delivered(shelf, at=MONDAY + HOUR)
    missed = {"reason": "It is not on my desk."}
    desk.move(request, "reopen", by=shelf.cast.ann, values=missed, at=MONDAY + 2 * HOUR)
    found = {"courtesy": True}
    desk.move(request, "fulfil", by=shelf.cast.bo, values=found, at=MONDAY + 2 * HOUR)
    request.refresh_from_db()
    assert (request.status, request.reopen_count) == ("fulfilled", 0)


def test_a_message_on_a_delivered_request_does_not_reopen_it(shelf):
    """Only 'not delivered' does (domain 2.2); the desk reads the message."""
    request = orders.delivered(shelf)
    desk.comment(request, by=shelf.cast.ann, text="Thank you!", at=MONDAY + HOUR)
    request.refresh_from_db()
    assert request.status == "fulfilled"


def test_what_nobody_disputes_is_closed_after_seven_days(shelf):
    request = orders.delivered(shelf, at=MONDAY + HOUR)

    assert actions.close_delivered(MONDAY + 7 * DAY) == 0
    assert actions.close_delivered(MONDAY + 7 * DAY + HOUR) == 1
    assert actions.close_delivered(MONDAY + 7 * DAY + HOUR) == 0
    request.refresh_from_db()
    assert request.status == "closed"


def test_what_is_to_be_closed_is_found_by_an_index(shelf):
    with CaptureQueriesContext(connection) as asked:
        actions.close_delivered(MONDAY + 7 * DAY)
    (query,) = [one["sql"] for one in asked.captured_queries if "fulfilled" in one["sql"]]
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not is_sqlite:
            # It would read so few rows as they are.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{query}")
        plan = " ".join(row[-1] for row in cursor.fetchall())
    assert "ticket_fulfilled" in plan


def test_a_scheduled_wait_ends_at_its_time(shelf):
    request = orders.sent(shelf, shelf.key)
    wait = {"hold_reason": "scheduled", "resume_at": MONDAY + DAY}
    desk.move(request, "hold", by=shelf.cast.bo, values=wait, at=MONDAY)

    assert desk.resume_scheduled(MONDAY + DAY - HOUR) == 0
    assert desk.resume_scheduled(MONDAY + DAY) == 1
    request.refresh_from_db()
    assert request.status == "in_fulfilment"


def test_cancelling_takes_open_approvals_and_tasks_along(shelf):
    waiting = orders.sent(shelf)
    desk.move(waiting, "withdraw", by=shelf.cast.ann, values={"reason": "Found mine"})
    working = orders.approved(shelf)
    desk.move(working, "withdraw", by=shelf.cast.ann, values={"reason": "Found mine"})
    orders.react()

    assert ApprovalProcess.objects.of(waiting).get().state == "cancelled"
    assert set(Task.objects.of(working).values_list("status", flat=True)) == {"cancelled"}


def test_once_a_task_is_started_only_the_desk_cancels(shelf):
    request = orders.approved(shelf)
    task = Task.objects.of(request).get(status="open")
    tasks.take(task, by=shelf.cast.bo, at=MONDAY + HOUR)
    tasks.start(task, by=shelf.cast.bo, at=MONDAY + HOUR)

    with pytest.raises(NotAllowed, match="has started"):
        desk.move(request, "withdraw", by=shelf.cast.ann, values={"reason": "Found mine"})
    desk.move(request, "cancel", by=shelf.cast.bo, values={"reason": "Found the old one"})
    assert request.status == "cancelled"


def test_the_figures_tell_what_was_ordered_delivered_and_kept(shelf):
    for hours in (1, 2, 30):
        orders.delivered(shelf, at=MONDAY + hours * HOUR)
    orders.sent(shelf)
    late = orders.approved(shelf)
    orders.work_off(late, by=shelf.cast.bo, at=MONDAY + 10 * DAY)
    orders.react()

    assert actions.count_deliveries(MONDAY + 20 * DAY) == 1
    figure = DeliveryFigure.objects.get(item=shelf.laptop)
    assert (figure.ordered, figure.delivered, figure.promised, figure.kept) == (5, 4, 4, 3)
    # Of 8 hours a day: 59 minutes, 1:59, 13:59, and 7 days 7:59.
    assert figure.median_days == Decimal("1.00")
    assert actions.count_deliveries(MONDAY + 200 * DAY) == 0
    assert not DeliveryFigure.objects.exists()
