"""Reminders of a question that an order waits for."""

from datetime import timedelta

from catalog.requests.actions.reminding import remind_unanswered
from catalog.requests.models import ServiceRequest
from itil.desk import actions as desk
from itil.incidents.actions import remind_unanswered as remind_of_incidents
from itil.incidents.actions import resolve_unanswered
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY
from tests.portal.notifications.post import dispatched

from . import orders

DAY = timedelta(days=1)


def reminders() -> list[int]:
    events = TicketEvent.objects.filter(kind="mail", data__what="reminder").order_by("pk")
    return [event.data["number"] for event in events]


def test_who_ordered_is_reminded_twice_and_the_order_is_not_given_up(cast):
    shelf = orders.counter(cast)
    request = orders.approved(shelf)
    values = {"hold_reason": "awaiting_requester", "note": "Which color?"}
    asked = MONDAY + timedelta(hours=1)
    desk.move(request, "hold", by=cast.bo, values=values, at=asked)
    dispatched()

    assert remind_unanswered(asked + DAY) == 0
    # The job runs twice, and that of the incidents finds nothing.
    assert [remind_unanswered(asked + 2 * DAY), remind_unanswered(asked + 2 * DAY)] == [1, 0]
    assert remind_of_incidents(asked + 2 * DAY) == 0
    (mail,) = dispatched()
    assert mail.to == cast.ann.email
    assert "Which color?" in mail.text
    assert "we take it for solved" not in mail.text + mail.html
    assert remind_unanswered(asked + 4 * DAY) == 1
    assert [remind_unanswered(asked + 30 * DAY), resolve_unanswered(asked + 30 * DAY)] == [0, 0]
    assert reminders() == [1, 2]
    assert ServiceRequest.objects.get(pk=request.pk).status == "on_hold"


def test_an_answered_question_is_not_reminded_of(cast):
    shelf = orders.counter(cast)
    request = orders.approved(shelf)
    values = {"hold_reason": "awaiting_requester", "note": "Which color?"}
    desk.move(request, "hold", by=cast.bo, values=values, at=MONDAY + timedelta(hours=1))
    desk.comment(request, by=cast.ann, text="Blue.", at=MONDAY + timedelta(hours=2))

    assert remind_unanswered(MONDAY + 5 * DAY) == 0
    assert reminders() == []
