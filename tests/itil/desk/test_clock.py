"""How long questions have waited, whatever the type of the ticket."""

from datetime import timedelta

from itil.desk import actions as desk
from itil.desk.clock import unanswered
from itil.tickets.models import Ticket
from tests import make
from tests.cast import MONDAY
from tests.catalog.requests import orders

DAY = timedelta(days=1)
QUESTION = {"hold_reason": "awaiting_requester", "note": "Which one?"}


def test_questions_of_every_type_are_found_the_oldest_first(cast):
    request = orders.approved(orders.counter(cast))
    incident = make.taken_incident(cast)
    make.taken_incident(cast)
    desk.move(incident, "hold", by=cast.bo, values=QUESTION, at=MONDAY + DAY)
    desk.move(request, "hold", by=cast.bo, values=QUESTION, at=MONDAY + timedelta(hours=1))

    waits = list(unanswered(Ticket.objects.all(), MONDAY + 2 * DAY))

    assert [wait.ticket for wait in waits] == [request.pk, incident.pk]
    assert waits[1].after(1) == MONDAY + 2 * DAY
    assert list(unanswered(Ticket.objects.filter(kind="incident"), MONDAY)) == []
