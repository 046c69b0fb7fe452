"""Small builders; each calls the real verbs."""

from itil.desk import actions as desk
from itil.incidents.actions import open_incident
from itil.incidents.models import Incident
from itil.tickets.models import Channel
from portal.people.models import User

from .cast import MONDAY, Cast


def incident(cast: Cast, **changes) -> Incident:
    """Ann reports that mail does not arrive, on Monday at 10:00, to the service desk."""
    return open_incident(
        **{
            "by": cast.ann,
            "title": "Mail does not arrive",
            "text": "Since this morning no mail arrives.",
            "requester": cast.ann,
            "channel": Channel.PORTAL,
            "team": cast.desk_team,
            "at": MONDAY,
        }
        | changes
    )


def taken_incident(cast: Cast, by: User | None = None, **changes) -> Incident:
    """The same, taken by Bo at once."""
    ticket = incident(cast, **changes)
    return desk.take(ticket, by=by or cast.bo, at=changes.get("at", MONDAY))


def resolved_incident(cast: Cast, at=MONDAY, **changes) -> Incident:
    """The same, resolved by Bo at `at`."""
    ticket = taken_incident(cast, **changes)
    return desk.move(
        ticket,
        "resolve",
        by=cast.bo,
        values={"resolution_code": "fixed", "note": "The queue was stuck; it runs again."},
        at=at,
    )
