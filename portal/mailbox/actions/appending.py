"""A mail that belongs to a ticket: who wrote decides what it becomes (`MAI-4` to `MAI-6`)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from itil.conversation.models import Message, Visibility
from itil.desk import actions as desk
from itil.desk.permissions import works_on
from itil.incidents.actions import follow_up
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused
from itil.tickets.models import Channel, EventKind, Ticket
from portal.mailbox.models import InboundMail
from portal.mailbox.parse import ParsedMail
from portal.mailbox.parse.headers import Address
from portal.mailbox.threading import Thread, is_colleague, takes_part
from portal.people.models import User

from .opening import bystanders
from .outcome import Outcome, State, Surroundings
from .senders import people_of


def append(
    inbound: InboundMail,
    mail: ParsedMail,
    around: Surroundings,
    thread: Thread,
    person: User | None,
    address: Address,
) -> Outcome:
    """Add the mail to the ticket of `thread`, or open its follow-up when that is closed."""
    ticket = thread.ticket
    assert ticket is not None  # noqa: S101 - the caller asked.
    if thread.contradiction:
        _record_contradiction(inbound, thread, ticket)
    if mail.is_automatic:
        return _automatic(inbound, mail, ticket, person, address)
    if person is None or not mail.is_sender_single:
        if _was_on_thread(ticket, address) and mail.is_sender_single:
            person = people_of([address])[0]
        else:
            return _unverified(inbound, mail, ticket, address)
    is_requester = person.pk in (ticket.requester_id, ticket.requested_for_id)
    if person.grants.is_staff and not is_requester:
        return _from_staff(inbound, mail, ticket, person, address)
    if is_requester or takes_part(person, ticket) or _may_join(person, ticket, address):
        return _from_participant(inbound, mail, around, ticket, person, address)
    return _unverified(inbound, mail, ticket, address)


def _may_join(person: User, ticket: Ticket, address: Address) -> bool:
    """Not yet a participant, but a colleague or on the thread before (`MAI-4`)."""
    if is_colleague(person, ticket) and not ticket.is_confidential:
        return True
    return _was_on_thread(ticket, address)


def _was_on_thread(ticket: Ticket, address: Address) -> bool:
    """Named in To or Cc by a mail that we took as a public part of the conversation."""
    is_public = Q(message__isnull=True) | Q(message__visibility=Visibility.PUBLIC)
    rows = InboundMail.objects.filter(
        is_public, ~Q(sender=address.key), ticket=ticket, recipients__contains=address.key
    )
    return any(address.key in found.split() for found in rows.values_list("recipients", flat=True))


def _from_participant(
    inbound: InboundMail,
    mail: ParsedMail,
    around: Surroundings,
    ticket: Ticket,
    person: User,
    address: Address,
) -> Outcome:
    if _is_final(ticket):
        return _follow_up(inbound, mail, ticket, person)
    try:
        message = desk.comment(ticket, by=person, **_content(inbound, mail))
    except Refused:
        # Closed or merged between our look and the verb's lock.
        ticket.refresh_from_db()
        if ticket.merged_into_id is not None:
            return append(
                inbound, mail, around, Thread(Ticket.objects.survivor_of(ticket)), person, address
            )
        if not _is_final(ticket):
            raise
        return _follow_up(inbound, mail, ticket, person)
    _watch(ticket, mail, around, address)
    return Outcome(State.APPENDED, "", ticket, message)


def _follow_up(inbound: InboundMail, mail: ParsedMail, ticket: Ticket, person: User) -> Outcome:
    """After the end a message opens a new incident (`INC-2`)."""
    incident = follow_up(
        ticket,
        by=person,
        title=mail.subject or ticket.title,
        text=mail.text,
        requester=person,
        channel=Channel.MAIL,
        received_at=inbound.server_date,
        html=mail.html,
        full_text=mail.full_text,
        mail_id=mail.mail_id,
        attachments=mail.files,
    )
    reason = _("%(number)s is closed: a follow-up was opened.") % {"number": ticket.number}
    return Outcome(State.CREATED, reason, incident)


def _from_staff(
    inbound: InboundMail, mail: ParsedMail, ticket: Ticket, person: User, address: Address
) -> Outcome:
    """The desk's own people: an answer only when our server vouches for them (`MAI-5`)."""
    if not mail.is_verified:
        return _unverified(inbound, mail, ticket, address)
    content = _content(inbound, mail)
    if works_on(person, ticket) and not _is_final(ticket):
        content.pop("full_text")
        try:
            message = desk.reply(ticket, by=person, **content)
            return Outcome(State.APPENDED, "", ticket, message)
        except Refused as refusal:
            reason = str(refusal)
    else:
        reason = _("Kept as an internal note: the ticket is not open to an answer by this person.")
    message = _note(inbound, mail, ticket, by=person)
    return Outcome(State.APPENDED, reason, ticket, message)


def _automatic(
    inbound: InboundMail, mail: ParsedMail, ticket: Ticket, person: User | None, address: Address
) -> Outcome:
    """Kept on the ticket, without reopening, resuming or an answer (`MAI-6`)."""
    if person is not None and not person.grants.is_staff and takes_part(person, ticket):
        message = desk.comment(ticket, by=person, is_automatic=True, **_content(inbound, mail))
    else:
        text = f"{_from_line(address)}\n\n{mail.text}"
        message = _note(inbound, mail, ticket, text=text, is_automatic=True)
    reason = _("Automatic mail: %(why)s.") % {"why": mail.automatic.why}
    return Outcome(State.APPENDED, reason, ticket, message)


def _unverified(
    inbound: InboundMail, mail: ParsedMail, ticket: Ticket, address: Address
) -> Outcome:
    """Someone we cannot be sure of: an internal note, for an agent to act upon (`MAI-4`)."""
    warning = _("Not verified: whether this person wrote it, or may write here, is not known.")
    text = f"{_from_line(address)}\n{warning}\n\n{mail.text}"
    message = _note(inbound, mail, ticket, text=text)
    return Outcome(State.APPENDED, _("Unverified: kept as an internal note."), ticket, message)


def _from_line(address: Address) -> str:
    named = f"{address.name} <{address.email}>" if address.name else address.email
    return _("From: %(sender)s") % {"sender": named}


def _note(
    inbound: InboundMail,
    mail: ParsedMail,
    ticket: Ticket,
    *,
    by: User | None = None,
    text: str = "",
    is_automatic: bool = False,
) -> Message:
    return desk.note(
        ticket,
        by=by,
        text=text or mail.text or _("(no text)"),
        full_text=mail.full_text,
        attachments=mail.files,
        mail_id=mail.mail_id,
        channel=Channel.MAIL,
        is_automatic=is_automatic,
        at=inbound.server_date,
    )


def _content(inbound: InboundMail, mail: ParsedMail) -> dict[str, Any]:
    """What the verbs that add a public message are given."""
    return {
        "text": mail.text or _("(no text)"),
        "html": mail.html,
        "full_text": mail.full_text,
        "attachments": mail.files,
        "mail_id": mail.mail_id,
        "channel": Channel.MAIL,
        "at": inbound.server_date,
    }


def _is_final(ticket: Ticket) -> bool:
    """No move leads back from here: closed or cancelled."""
    return not ticket.is_open and ticket.lifecycle.find("reopen", ticket.status) is None


def _watch(ticket: Ticket, mail: ParsedMail, around: Surroundings, sender: Address) -> None:
    """People newly in To or Cc take part from now on; one query when nobody is."""
    others = bystanders(mail, around, sender)
    if not others:
        return
    present = set(ticket.watchers.values_list("user_id", flat=True))
    for person in people_of(others):
        if person.pk not in present:
            tickets.watch(ticket, person)


def _record_contradiction(inbound: InboundMail, thread: Thread, ticket: Ticket) -> None:
    tickets.record(
        ticket,
        EventKind.MAIL,
        by=None,
        at=inbound.server_date,
        channel=Channel.MAIL,
        data={
            "what": "contradiction",
            "found_by": thread.found_by,
            "other": thread.contradiction,
        },
    )
