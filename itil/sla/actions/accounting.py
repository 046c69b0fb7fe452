"""Reading what the accounts of a ticket's clocks are made of (`itil.sla.clock.explaining`)."""

from datetime import datetime

from itil.sla.clock.explaining import Account, accounts_of
from itil.sla.models import SlaClock
from itil.tickets.models import Ticket


def accounts(ticket: Ticket, now: datetime, *, only: str = "") -> list[Account]:
    """The accounts of all clocks of `ticket` at `now`, or of the one whose key is `only`.

    Two queries, if the ticket came with its requester; none is given when there is no such clock.
    """
    clocks = list(
        SlaClock.objects.filter(ticket_id=ticket.pk)
        .select_related("agreement", "calendar", "team", "supplier")
        .order_by("pk")
    )
    wanted = [clock for clock in clocks if only in ("", str(clock.pk))]
    for clock in wanted:
        clock.ticket = ticket
    events = ticket.events.select_related("actor").order_by("pk")
    return accounts_of(wanted, events, now)
