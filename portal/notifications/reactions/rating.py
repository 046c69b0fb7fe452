"""A solution that was found bad is told to those who can do something about it."""

from itil.surveys.models import LOW_UP_TO
from itil.tickets.models import TicketEvent
from portal.notifications import actions
from portal.notifications.permissions import may_be_mailed

from .readers import leads_of, may_see


def rated(event: TicketEvent) -> None:
    """The assignee and the leads of the team hear of a low score, and of words added to it.

    Once each: a score that was low before, with no words, says nothing new.
    """
    data = event.data
    if data.get("what") != "rated" or data["score"] > LOW_UP_TO:
        return
    was_low = data["before"] is not None and data["before"] <= LOW_UP_TO
    if was_low and not data["comment"]:
        return
    ticket = event.ticket
    people = [ticket.assignee] if ticket.assignee else []
    readers = [
        person
        for person in dict.fromkeys([*people, *leads_of(ticket)])
        if person != event.actor and may_be_mailed(person) and may_see(person, ticket)
    ]
    actions.send_low_rating(event, readers)
