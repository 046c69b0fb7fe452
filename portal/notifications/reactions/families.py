"""What is said or solved for several tickets at once: one mail for each person.

The events of the children name that of their parent as their cause; they are told with it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from itil.conversation.models import Message
from itil.desk.recipients import recipients_of
from itil.tickets.lifecycle import Mark
from itil.tickets.models import EventKind, TicketEvent
from portal.notifications import actions
from portal.notifications.permissions import has_had_enough


def is_told_with_another(event: TicketEvent) -> bool:
    """The same happened to its parent, whose event tells everybody concerned."""
    cause = event.cause
    if cause is None or cause.kind != event.kind or cause.ticket_id == event.ticket_id:
        return False
    return bool(cause.data.get("marks") == event.data.get("marks"))


def resolved(event: TicketEvent) -> bool:
    """Tell of a ticket that was resolved together with others; False when it was alone."""
    below = TicketEvent.objects.filter(cause=event, kind=EventKind.MOVED, data__marks=Mark.RESOLVED)
    children = list(below.select_related("ticket").order_by("ticket_id"))
    is_child = is_told_with_another(event)
    if not children:
        return is_child
    _tell(event, children if is_child else [event, *children], is_solution=True)
    return True


def updated(event: TicketEvent) -> None:
    """Tell how a major incident stands to everybody concerned in it and in its children."""
    below = TicketEvent.objects.filter(cause=event, kind=EventKind.REPLIED)
    children = below.select_related("ticket").order_by("ticket_id")
    next_at = parse_datetime(event.data.get("next_at") or "")
    _tell(event, [event, *children], is_solution=False, next_at=next_at)


def _tell(
    event: TicketEvent,
    family: Iterable[TicketEvent],
    *,
    is_solution: bool,
    next_at: datetime | None = None,
) -> None:
    """One mail for each person, about the first of their tickets; it names the others."""
    of_ticket = {one.ticket_id: one for one in family}
    keys = [one.data.get("message") for one in of_ticket.values()]
    messages = Message.objects.public().select_related("author").in_bulk([k for k in keys if k])
    mails, _unreached = recipients_of(
        [one.ticket for one in of_ticket.values()], without=event.actor
    )
    now = timezone.now()
    # A person who resolves many was shown who gets a mail: each of them gets it.
    by_person = event.actor is not None or (event.cause and event.cause.actor is not None)
    for mail in mails:
        about = of_ticket[mail.ticket.pk]
        message = messages.get(about.data.get("message") or 0)
        is_automatic = not by_person and (message is None or message.is_automatic)
        if is_automatic and has_had_enough(mail.person.email, now):
            continue
        if is_solution:
            actions.send_resolution(about, message, [mail.person], also=mail.others)
        elif message is not None:
            actions.send_message(about, message, [mail.person], also=mail.others, next_at=next_at)
