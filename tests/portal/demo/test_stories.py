"""The tickets of the demo company."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from itil.tickets.models import TicketEvent
from portal.demo.company import found
from portal.demo.stories import Storyteller
from portal.selfservice.actions import ensure_home


def test_what_happens_to_a_ticket_happens_in_its_order(db):
    """Else it would be open again, in the figures of the past, after it was closed."""
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    ensure_home()
    company = found()

    assert Storyteller(company, now).tell((now - timedelta(days=40)).date()) > 90

    moves = TicketEvent.objects.filter(kind="moved").order_by("ticket", "pk")
    told = list(moves.values_list("ticket", "at", "data__verb"))
    assert "resume" in {verb for _ticket, _at, verb in told}
    backwards = [
        (ticket, verb)
        for (before, earlier, _verb), (ticket, at, verb) in pairwise(told)
        if before == ticket and at < earlier
    ]
    assert backwards == []
