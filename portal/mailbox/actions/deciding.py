"""The way of one mail through the rules of the mail channel (domain section 9)."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from itil.desk import actions as desk
from itil.tickets.models import Channel, Ticket
from portal.mailbox.models import InboundMail, Mailbox
from portal.mailbox.parse import ParsedMail
from portal.mailbox.parse.headers import Address
from portal.mailbox.threading import Thread, find_thread
from portal.people.models import User

from .appending import append
from .approving import decide_by_answer
from .bounces import note_bounce
from .opening import open_from
from .outcome import Batch, Outcome, State, Surroundings
from .senders import known, known_among

logger = logging.getLogger(__name__)

# More new tickets than this with one subject from one sender in so short a time are one matter.
FLOOD_LIMIT = 3
FLOOD_TIME = timedelta(minutes=10)
_IDS = 40


def decide(inbound: InboundMail, mail: ParsedMail, around: Surroundings) -> Outcome:
    """Give the mail its effect; call it in the transaction that stores the outcome."""
    related = _related(inbound, mail, around)
    same = [row for row in related if row.mail_id == mail.mail_id and row.state in _EFFECTIVE]
    copy = next((row for row in same if row.content_sha256 == mail.content_sha256), None)
    if copy is not None:
        return _duplicate(inbound, mail, copy, around)
    outcome = _effect(inbound, mail, around, related)
    if same and outcome.state != State.QUARANTINED:
        flag = _("An earlier mail had the same Message-ID and other content.")
        return Outcome(
            outcome.state, f"{outcome.reason}\n{flag}".strip(), outcome.ticket, outcome.message
        )
    return outcome


_EFFECTIVE = (State.CREATED, State.APPENDED, State.IGNORED)


def _effect(
    inbound: InboundMail, mail: ParsedMail, around: Surroundings, related: list[InboundMail]
) -> Outcome:
    if mail.automatic.is_own:
        logger.warning("mail %s is our own coming back: a loop", inbound.pk)
        return Outcome(State.IGNORED, _("Our own mail came back: a loop."))
    if mail.sender is None:
        return Outcome(State.QUARANTINED, _("The mail names no sender."))
    mailbox = around.mailbox_of(inbound, tuple(one.key for one in mail.recipients))
    if mailbox is not None and mailbox.uses_reply_to and mail.reply_to is not None:
        address = mail.reply_to
    else:
        address = mail.sender
    person = None if mail.bounce else _person(address, around)
    thread = _thread(mail, around, related, person)
    if mail.bounce is not None:
        return note_bounce(inbound, mail, mail.bounce, thread.ticket)
    decided = decide_by_answer(inbound, mail, thread.vote, person) if thread.vote else None
    if decided is not None:
        outcome = decided
    elif thread.ticket is not None:
        outcome = append(inbound, mail, around, thread, person, address)
    else:
        outcome = _without_thread(inbound, mail, around, related, person, mailbox)
    return outcome


def _without_thread(
    inbound: InboundMail,
    mail: ParsedMail,
    around: Surroundings,
    related: list[InboundMail],
    person: User | None,
    mailbox: Mailbox | None,
) -> Outcome:
    if mail.is_automatic:
        if mail.automatic.is_answer:
            return Outcome(
                State.IGNORED, _("An automatic answer to no ticket: %(why)s.") % _why(mail)
            )
        if mailbox is None or not mailbox.accepts_automatic or around.is_own(inbound.sender):
            return Outcome(
                State.IGNORED, _("Automatic mail opens no ticket here: %(why)s.") % _why(mail)
            )
    flood = [row for row in related if _is_same_matter(row, inbound)]
    if len(flood) >= FLOOD_LIMIT and flood[0].ticket is not None:
        return _group(inbound, mail, Ticket.objects.survivor_of(flood[0].ticket), person)
    return open_from(inbound, mail, around, person, mailbox)


def _why(mail: ParsedMail) -> dict[str, str]:
    return {"why": mail.automatic.why}


def look_ahead(mails: Sequence[tuple[InboundMail, ParsedMail]]) -> Batch:
    """Read what is known about mails that are to be processed together. Two queries."""
    ids = {one for _inbound, mail in mails for one in _ids(mail)}
    senders = {mail.sender.key for _inbound, mail in mails if mail.sender}
    replies = {mail.reply_to.key for _inbound, mail in mails if mail.reply_to}
    batch = Batch(known_among(senders | replies))
    since = min(inbound.server_date for inbound, _mail in mails) - FLOOD_TIME
    for row in InboundMail.objects.related_to(ids, senders=senders, since=since):
        batch.add(row)
    return batch


def _related(inbound: InboundMail, mail: ParsedMail, around: Surroundings) -> list[InboundMail]:
    """Earlier mail that matters for this one, the newest first. One query outside a batch."""
    since = inbound.server_date - FLOOD_TIME
    if around.batch is not None:
        rows = around.batch.related_to(_ids(mail), sender=inbound.sender, since=since)
        return [row for row in rows if row.pk != inbound.pk]
    found = InboundMail.objects.related_to(_ids(mail), senders=[inbound.sender], since=since)
    return list(found.exclude(pk=inbound.pk).order_by("-pk")[:200])


def _ids(mail: ParsedMail) -> list[str]:
    return [mail.mail_id, *_answered(mail)][:_IDS]


def _person(address: Address, around: Surroundings) -> User | None:
    """The person who wrote; nobody for our own addresses. One query outside a batch."""
    if around.is_own(address.key):
        return None
    found = around.batch.people.get(address.key) if around.batch else None
    return found or known(address.key)


def _answered(mail: ParsedMail) -> list[str]:
    """The ids a mail answers, the strongest first; a delivery report answers what it returns."""
    returned = mail.bounce.returned_ids if mail.bounce else ()
    return list(dict.fromkeys([*returned, *mail.in_reply_to, *reversed(mail.references)]))


def _thread(
    mail: ParsedMail, around: Surroundings, related: list[InboundMail], person: User | None
) -> Thread:
    received = {
        row.mail_id: row.ticket_id
        for row in related
        if row.ticket_id and row.mail_id != mail.mail_id
    }
    return find_thread(
        addresses=[one.key for one in (*mail.recipients, *mail.delivered_to)],
        own_addresses=around.own_addresses,
        answered_ids=_answered(mail),
        received=received,
        subject="" if mail.bounce or not mail.is_sender_single else mail.subject,
        sender=person,
    )


def _duplicate(
    inbound: InboundMail, mail: ParsedMail, first: InboundMail, around: Surroundings
) -> Outcome:
    """A copy has no effect; one that came to another of our mailboxes leaves a note (`MAI-2`)."""
    reason = _("A copy of a mail that was processed already.")
    if inbound.mailbox_id in (None, first.mailbox_id) or first.ticket is None:
        return Outcome(State.DUPLICATE, reason, first.ticket)
    name = next((str(one) for one in around.mailboxes if one.pk == inbound.mailbox_id), "")
    message = desk.note(
        first.ticket,
        by=None,
        text=_("This mail also reached %(mailbox)s.") % {"mailbox": name},
        channel=Channel.MAIL,
        is_automatic=True,
        at=inbound.server_date,
    )
    return Outcome(State.DUPLICATE, reason, first.ticket, message)


def _is_same_matter(row: InboundMail, inbound: InboundMail) -> bool:
    return (
        row.state == State.CREATED
        and row.sender == inbound.sender
        and row.subject == inbound.subject
        and abs(inbound.server_date - row.server_date) <= FLOOD_TIME
    )


def _group(inbound: InboundMail, mail: ParsedMail, ticket: Ticket, person: User | None) -> Outcome:
    """Too many of one kind: the rest goes to the newest ticket and is answered by nothing."""
    logger.warning("mail %s: a flood of one subject, grouped in %s", inbound.pk, ticket.number)
    message = desk.comment(
        ticket,
        by=person or ticket.requester,
        text=mail.text or _("(no text)"),
        full_text=mail.full_text,
        html=mail.html,
        attachments=mail.files,
        mail_id=mail.mail_id,
        channel=Channel.MAIL,
        is_automatic=True,
        at=inbound.server_date,
    )
    reason = _("Many mails with one subject in a few minutes: grouped in one ticket.")
    return Outcome(State.APPENDED, reason, ticket, message)
