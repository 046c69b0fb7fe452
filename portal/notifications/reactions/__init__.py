"""Who hears of what happened to a ticket.

Requesters and watchers hear what the desk says in public; the assignee hears what they answer and
what is put on the own desk. An escalation step says itself whom it warns. Internal notes are mailed
to nobody. A person never gets a mail about what the same person did.
"""

import logging
from datetime import datetime

from django.utils import timezone

from catalog.requests.models import ServiceRequest
from itil.conversation.models import Message
from itil.desk.recipients import recipients_of
from itil.sla.models import EscalationStep
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from portal.notifications import actions
from portal.notifications.permissions import (
    has_had_enough,
    is_read_by_nobody,
    may_be_mailed,
    repeats_itself,
)
from portal.people.models import Organization, Role, User

from . import approving, families, majors, rating, tasks
from .readers import leads_of, may_see, with_role

logger = logging.getLogger(__name__)

# What the desk's own records have to say to somebody: they have no requester to write to.
_TOLD_TO_STAFF = frozenset({EventKind.ASSIGNED, EventKind.APPROVAL, EventKind.TASK})


def react(event: TicketEvent) -> None:
    """Write the mails that follow from the event; a second call writes nothing new."""
    if event.ticket.record_model.IS_INTERNAL and event.kind not in _TOLD_TO_STAFF:
        return
    match event.kind:
        case EventKind.OPENED:
            _opened(event)
        case EventKind.REPLIED:
            _said(event)
        case EventKind.MOVED:
            _moved(event)
        case EventKind.COMMENTED:
            _commented(event)
        case EventKind.ASSIGNED:
            _assigned(event)
        case EventKind.EDITED:
            _retyped(event)
        case EventKind.MAIL:
            _reminded(event)
        case EventKind.CLOCK:
            _escalated(event)
        case EventKind.APPROVAL:
            approving.react(event)
        case EventKind.TASK:
            tasks.react(event)
        case EventKind.RATED:
            rating.rated(event)
        case EventKind.MAJOR:
            majors.react(event)


def _opened(event: TicketEvent) -> None:
    """A receipt, unless a machine would be answered; one for all that was ordered at once
    (`MAI-7`).
    """
    ticket = event.ticket
    together = _ordered_together(ticket)
    if together and together[0].pk != ticket.pk:
        return
    by_machine = event.data.get("automatic") or event.channel == Channel.SYSTEM
    # X-Auto-Response-Suppress: the sender's mail asked for no automatic answer (`MAI-6`).
    by_machine = by_machine or ticket.custom.get("no_automatic_mail")
    address = ticket.requester.email
    if by_machine or not may_be_mailed(ticket.requester) or is_read_by_nobody(address):
        return
    if has_had_enough(address, timezone.now()) or repeats_itself(ticket):
        logger.warning("No receipt for %s: %s was sent too many", ticket.number, address)
        return
    actions.send_receipt(event, together)


def _ordered_together(ticket: Ticket) -> list[ServiceRequest]:
    """The requests of the order that `ticket` is part of, the first one first; empty when it came
    alone. One query for a request, none for others.
    """
    if ticket.kind != ServiceRequest._meta.model_name:
        return []
    found = ServiceRequest.objects.filter(bundle__requests=ticket.pk)
    return list(found.select_related("bundle").order_by("pk"))


def _said(event: TicketEvent) -> None:
    if families.is_told_with_another(event):
        return
    if event.data.get("update"):
        families.updated(event)
        return
    message = _public_message(event)
    if message is not None:
        actions.send_message(event, message, _participants(event.ticket, event.actor))


def _moved(event: TicketEvent) -> None:
    """The solution, or the question that comes with a hold; other moves are the desk's business."""
    is_solution = event.data.get("marks") == "resolved"
    if is_solution and families.resolved(event):
        return
    message = _public_message(event)
    readers = _participants(event.ticket, event.actor)
    if is_solution:
        if message is None or message.is_automatic:
            now = timezone.now()
            readers = [person for person in readers if not has_had_enough(person.email, now)]
        actions.send_resolution(event, message, readers)
    elif message is not None and message.is_staff_side:
        actions.send_message(event, message, readers)


def _commented(event: TicketEvent) -> None:
    message = _public_message(event)
    assignee = event.ticket.assignee
    if message and assignee and assignee != event.actor and may_be_mailed(assignee):
        actions.send_comment(event, message, assignee)


def _assigned(event: TicketEvent) -> None:
    """The new assignee hears it, if still the assignee and not by the own hand."""
    if event.data.get("what") != "person" or event.data.get("to") is None:
        return
    assignee = event.ticket.assignee
    if assignee is None or assignee.pk != event.data["to"] or assignee == event.actor:
        return
    if may_be_mailed(assignee):
        actions.send_assignment(event, assignee)


def _retyped(event: TicketEvent) -> None:
    """The requester hears that it is handled as another type from now on (`VOC-1`)."""
    person = event.ticket.requester
    if "kind" not in event.data.get("changes", ()) or person == event.actor:
        return
    if event.ticket.custom.get("no_automatic_mail") or is_read_by_nobody(person.email):
        return
    if may_be_mailed(person):
        actions.send_retyped(event)


def _reminded(event: TicketEvent) -> None:
    """The requester is asked again, unless the question was answered in the meantime."""
    ticket = event.ticket
    if event.data.get("what") != "reminder" or not _still_waits(ticket, event.data["asked_at"]):
        return
    person, by_machine = ticket.requester, ticket.custom.get("no_automatic_mail")
    if by_machine or not may_be_mailed(person) or is_read_by_nobody(person.email):
        return
    if has_had_enough(person.email, timezone.now()):
        logger.warning("No reminder of %s: %s was sent too many", ticket.number, person.email)
        return
    question = (
        Message.objects.filter(ticket=ticket.pk, is_staff_side=True, at__lte=event.at)
        .public()
        .order_by("at", "pk")
        .last()
    )
    actions.send_reminder(event, question)


def _still_waits(ticket: Ticket, asked_at: str) -> bool:
    since = ticket.on_hold_since
    return bool(ticket.is_waiting and since and since == datetime.fromisoformat(asked_at))


def _escalated(event: TicketEvent) -> None:
    """The warning of an escalation step, to those it names who may see the ticket (`VIS-1`).

    Nobody is warned of a ticket that was done meanwhile.
    """
    ticket = event.ticket
    if event.data.get("what") != "escalated" or not ticket.is_open:
        return
    readers = [
        person
        for person in _warned(ticket, event.data.get("action", ""))
        if may_be_mailed(person) and may_see(person, ticket)
    ]
    if readers:
        actions.send_escalation(event, readers)


def _warned(ticket: Ticket, action: str) -> list[User]:
    """Whom a step of an escalation tells; nobody when it does something else."""
    match action:
        case EscalationStep.Action.NOTIFY_ASSIGNEE:
            return [ticket.assignee] if ticket.assignee else leads_of(ticket)
        case EscalationStep.Action.NOTIFY_LEAD:
            return leads_of(ticket)
        case EscalationStep.Action.NOTIFY_MANAGER:
            ours = {"organization__kind": Organization.Kind.PROVIDER}
            return with_role(Role.MANAGER, **ours)
    return []


def _public_message(event: TicketEvent) -> Message | None:
    """The public message the event is about, or None."""
    if not event.data.get("message"):
        return None
    return Message.objects.public().filter(pk=event.data["message"]).first()


def _participants(ticket: Ticket, author: User | None) -> list[User]:
    """Requester, the person it is for and watchers, each once, without the author."""
    mails, _unreached = recipients_of([ticket], without=author)
    return [mail.person for mail in mails]
