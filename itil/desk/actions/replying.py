"""What is said on a ticket: the desk's answer, the requester's message, the internal note."""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.conversation import actions as conversation
from itil.conversation.files import NewFile
from itil.conversation.models import Message, Visibility
from itil.desk import permissions
from itil.sla import actions as sla
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.lifecycle import Mark
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from portal.people.models import User

from .changing import ensure, ensure_free, locked, refresh_copy, touch
from .moving import answered, move


def _text_of(text: str, attachments: list[NewFile]) -> str:
    if not text.strip() and not attachments:
        raise MissingValue("text", _("Write a message first."))
    return text.strip()


@transaction.atomic
def reply(
    ticket: Ticket,
    *,
    by: User,
    text: str,
    html: str = "",
    attachments: Iterable[NewFile] = (),
    mail_id: str = "",
    channel: str = Channel.DESK,
    at: datetime | None = None,
) -> Message:
    """A public answer by the desk; the first one stops the first-response clock (`SLA-2`)."""
    at = at or timezone.now()
    attachments = list(attachments)
    text = _text_of(text, attachments)
    present = locked(ticket)
    ensure(permissions.may_reply(by, present), _("You cannot answer this ticket."))
    ensure_free(present, by, at)
    if _is_final(present):
        raise Refused(
            _("%(number)s is closed. Open a new ticket to write to the requester.")
            % {"number": present.number}
        )
    message = say_to_requester(
        present,
        by=by,
        text=text,
        html=html,
        attachments=attachments,
        mail_id=mail_id,
        at=at,
        channel=channel,
    )
    refresh_copy(ticket, present)
    return message


def say_to_requester(
    present: Ticket,
    *,
    by: User | None,
    text: str,
    at: datetime,
    html: str = "",
    attachments: Iterable[NewFile] = (),
    mail_id: str = "",
    channel: str = Channel.DESK,
    told: Mapping[str, Any] | None = None,
    cause: TicketEvent | None = None,
) -> Message:
    """A public message of the desk on a ticket that the caller has locked and may answer.

    `told` is what else its event says, `cause` the event that it follows. The first one stops the
    first-response clock (`SLA-2`).
    """
    message = conversation.say(
        present,
        author=by,
        visibility=Visibility.PUBLIC,
        text=text,
        html=html,
        attachments=attachments,
        mail_id=mail_id,
        at=at,
        channel=channel,
        is_staff_side=True,
    )
    answered(present, at=at)
    event = tickets.record(
        present,
        EventKind.REPLIED,
        by=by,
        at=at,
        channel=channel,
        data={"message": message.pk, **(told or {})},
        cause=cause,
    )
    sla.follow(present, event)
    touch(present, at=at)
    return message


@transaction.atomic
def comment(
    ticket: Ticket,
    *,
    by: User,
    text: str,
    html: str = "",
    full_text: str = "",
    attachments: Iterable[NewFile] = (),
    mail_id: str = "",
    channel: str = Channel.PORTAL,
    is_automatic: bool = False,
    at: datetime | None = None,
) -> Message:
    """A public message from the requester's side.

    It ends a wait for the requester and reopens a resolved ticket, at the time it was said;
    an automatic message does neither (`MAI-6`). Only the requester's own, or that of whom the
    ticket is for, starts a next response (`SLA-2`). Raises Refused once the ticket is closed: a new
    ticket follows it up then (`INC-2`).
    """
    at = at or timezone.now()
    attachments = list(attachments)
    text = _text_of(text, attachments)
    present = locked(ticket)
    ensure(
        channel == Channel.MAIL or permissions.may_comment(by, present),
        _("You cannot write on this request."),
    )
    if _is_final(present) and not is_automatic:
        raise Refused(
            _("%(number)s is closed. Report the problem again; we will link the two.")
            % {"number": present.number}
        )
    message = conversation.say(
        present,
        author=by,
        visibility=Visibility.PUBLIC,
        text=text,
        html=html,
        full_text=full_text,
        attachments=attachments,
        mail_id=mail_id,
        at=at,
        channel=channel,
        is_staff_side=False,
        is_automatic=is_automatic,
    )
    event = tickets.record(
        present,
        EventKind.COMMENTED,
        by=by,
        at=at,
        channel=channel,
        data=said_by_requester(present, message),
    )
    sla.follow(present, event)
    if not is_automatic:
        _answer_moves(present, by=by, at=at, channel=channel)
    touch(present, at=at)
    refresh_copy(ticket, present)
    return message


def said_by_requester(ticket: Ticket, message: Message) -> dict[str, Any]:
    """What the event of a message from the requester's side tells the clocks."""
    return {
        "message": message.pk,
        "automatic": message.is_automatic,
        "by_requester": message.author_id in (ticket.requester_id, ticket.requested_for_id),
    }


def _answer_moves(ticket: Ticket, *, by: User, at: datetime, channel: str) -> None:
    """The requester's answer resumes or reopens; the message itself is the reason.

    What the record refuses stays as it is, with the message on it: a major incident is reopened
    by its manager only (`INC-7`).
    """
    if ticket.is_waiting and ticket.hold_reason == "awaiting_requester":
        move(ticket, "resume", by=None, at=at, channel=channel)
    elif ticket.lifecycle.find("reopen", ticket.status):
        reason = {"reason": _("The requester answered.")}
        with contextlib.suppress(NotAllowed):
            move(ticket, "reopen", by=None, values=reason, at=at, channel=channel)


@transaction.atomic
def note(
    ticket: Ticket,
    *,
    by: User | None,
    text: str,
    attachments: Iterable[NewFile] = (),
    mail_id: str = "",
    full_text: str = "",
    channel: str = Channel.DESK,
    is_automatic: bool = False,
    cause: TicketEvent | None = None,
    at: datetime | None = None,
) -> Message:
    """An internal note; the requester never sees it and no clock hears of it.

    `cause` is the event that a rule answers with it.
    """
    at = at or timezone.now()
    attachments = list(attachments)
    text = _text_of(text, attachments)
    if channel != Channel.MAIL:
        ensure(permissions.may_note(by, ticket), _("You cannot add a note to this ticket."))
    message = conversation.say(
        ticket,
        author=by,
        visibility=Visibility.INTERNAL,
        text=text,
        full_text=full_text,
        attachments=attachments,
        mail_id=mail_id,
        at=at,
        channel=channel,
        is_staff_side=True,
        is_automatic=is_automatic,
    )
    tickets.record(
        ticket,
        EventKind.NOTED,
        by=by,
        at=at,
        channel=channel,
        data={"message": message.pk},
        cause=cause,
    )
    touch(ticket, at=at)
    return message


def _is_final(ticket: Ticket) -> bool:
    """Closed or cancelled: no move leads back (`LIF-2`)."""
    return not ticket.is_open and not any(
        row.marks == Mark.REOPENED for row in ticket.lifecycle.moves_from(ticket.status)
    )
