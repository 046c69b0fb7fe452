"""A solution, and the mail that asks about it."""

from datetime import datetime

from itil.desk import actions as desk
from itil.surveys.models import Survey
from itil.tickets.models import Ticket
from portal.people.models import User
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import MONDAY, Cast

SOLVED = {"resolution_code": "fixed", "note": "The queue was stuck; it runs again."}


def solved(
    cast: Cast, at: datetime = MONDAY, *, requester: User | None = None, **changes
) -> Ticket:
    """An incident, Ann's unless said otherwise, solved by Bo at `at`; the mails are written."""
    asking = requester or cast.ann
    ticket = make.incident(cast, at=at, by=asking, requester=asking, **changes)
    desk.take(ticket, by=cast.bo, at=at)
    desk.move(ticket, "resolve", by=cast.bo, values=SOLVED, at=at)
    dispatch_events()
    return ticket


def survey(cast: Cast, at: datetime = MONDAY) -> Survey:
    """The one that goes out with it."""
    return Survey.objects.get(ticket=solved(cast, at))
