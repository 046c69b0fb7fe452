"""Storing a mail, and giving it its effect exactly once."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from itil.sla.matching import reading_once
from portal.mailbox.models import InboundMail, Mailbox, RawMail
from portal.mailbox.parse import ParsedMail, parse

from .alerting import alert_quarantine
from .deciding import decide, look_ahead
from .outcome import Outcome, State, Surroundings

logger = logging.getLogger(__name__)

_READABLE_STATES = (State.STORED, State.QUARANTINED)
_BATCH = 200
# The database refuses an effect when another process was faster, or ends a deadlock; the next look
# sees what the other did.
_ATTEMPTS = 3


def store(
    raw: bytes,
    *,
    mailbox: Mailbox | None = None,
    uid: int | None = None,
    server_date: datetime | None = None,
) -> InboundMail:
    """Commit the bytes before anything looks into them (`MAI-1`).

    Of a mail over MAIL_RAW_MAX_BYTES only the header is kept. Raises IntegrityError when the UID is
    stored already, and whatever a database without space or connection raises.
    """
    now = timezone.now()
    with transaction.atomic(durable=True):
        inbound = InboundMail.objects.create(
            mailbox=mailbox,
            uid_validity=mailbox.uid_validity if mailbox and uid is not None else None,
            uid=uid,
            server_date=min(server_date or now, now),
            stored_at=now,
            sha256=hashlib.sha256(raw).hexdigest(),
        )
        RawMail.objects.create(inbound=inbound, content=_bounded(raw))
    return inbound


def receive(
    raw: bytes,
    *,
    mailbox: Mailbox | None = None,
    uid: int | None = None,
    server_date: datetime | None = None,
) -> InboundMail:
    """Store and process one mail. Raises only when it cannot be stored."""
    inbound = store(raw, mailbox=mailbox, uid=uid, server_date=server_date)
    return process(inbound, raw=_bounded(raw))


def process(
    inbound: InboundMail, *, raw: bytes | None = None, around: Surroundings | None = None
) -> InboundMail:
    """Read a stored mail and act upon it, in one transaction. Never raises on what a mail holds.

    Whatever goes wrong puts the mail into quarantine with the error; nothing of a half-done effect
    stays. A mail that was processed already is returned as it is.
    """
    if inbound.state not in _READABLE_STATES:
        return inbound
    around = around or Surroundings.read()
    mail = _parsed(inbound, raw, around)
    return _safely(inbound, mail, around) if mail else inbound


def process_batch(mails: Sequence[tuple[InboundMail, bytes]], around: Surroundings) -> None:
    """Process mails in the given order, each in its own transaction, with fewer queries."""
    parsed = [(inbound, _parsed(inbound, raw, around)) for inbound, raw in mails]
    readable = [(inbound, mail) for inbound, mail in parsed if mail is not None]
    if not readable:
        return
    batch = look_ahead(readable)
    with reading_once():
        for inbound, mail in readable:
            batch.add(_safely(inbound, mail, replace(around, batch=batch)))


def _parsed(inbound: InboundMail, raw: bytes | None, around: Surroundings) -> ParsedMail | None:
    """The mail read, or None when it went to quarantine because it cannot be."""
    try:
        if raw is None:
            raw = bytes(RawMail.objects.get(pk=inbound.pk).content)
        return parse(
            raw,
            own_addresses=around.own_addresses,
            instance=around.instance,
            server_id=around.server_id,
        )
    except Exception as error:  # One bad mail may not stop the next (`MAI-1`).
        logger.exception("mail %s goes to quarantine", inbound.pk)
        _quarantine(inbound, f"{type(error).__name__}: {error}")
        return None


def _safely(inbound: InboundMail, mail: ParsedMail, around: Surroundings) -> InboundMail:
    try:
        return _act_once(inbound, mail, around)
    except (OperationalError, InterfaceError):
        # The database's trouble, not the mail's: it stays stored, and the next run takes it.
        logger.exception("mail %s waits for the database", inbound.pk)
        inbound.state, inbound.ticket_id, inbound.message_id = State.STORED, None, None
        return inbound
    except Exception as error:  # One bad mail may not stop the next (`MAI-1`).
        logger.exception("mail %s goes to quarantine", inbound.pk)
        return _quarantine(inbound, f"{type(error).__name__}: {error}")


def reprocess(inbound: InboundMail) -> InboundMail:
    """Try a quarantined mail again, after what stopped it was put right."""
    return process(inbound)


def process_waiting(mailbox: Mailbox | None = None) -> int:
    """Process what a crash left stored, in server-time order (`MAI-13`); returns how many."""
    waiting = InboundMail.objects.waiting()
    if mailbox is not None:
        waiting = waiting.filter(mailbox=mailbox)
    found = list(waiting[:_BATCH])
    around = Surroundings.read() if found else None
    for inbound in found:
        process(inbound, around=around)
    return len(found)


def _bounded(raw: bytes) -> bytes:
    if len(raw) <= settings.MAIL_RAW_MAX_BYTES:
        return raw
    header, gap, _body = raw[:1_000_000].replace(b"\r\n", b"\n").partition(b"\n\n")
    return header + gap


def _act_once(inbound: InboundMail, mail: ParsedMail, around: Surroundings) -> InboundMail:
    """Give the effect and claim the row in one transaction; whoever claims second undoes all."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                _describe(inbound, mail)
                _conclude(inbound, mail, decide(inbound, mail, around))
            return inbound
        except _AlreadyTakenError:
            inbound.refresh_from_db()
            return inbound
        except (IntegrityError, OperationalError):
            if attempt == _ATTEMPTS:
                raise
            # What was read ahead may be what is out of date.
            around = replace(around, batch=None)
    return inbound


class _AlreadyTakenError(Exception):
    """Another process gave the mail its effect meanwhile."""


def _describe(inbound: InboundMail, mail: ParsedMail) -> None:
    inbound.mail_id = mail.mail_id
    inbound.content_sha256 = mail.content_sha256
    inbound.sender = mail.sender.key if mail.sender else ""
    inbound.recipients = " ".join(one.key for one in mail.recipients)
    inbound.subject = mail.subject[:250]
    inbound.excerpt = " ".join(mail.text.split())[:250]
    inbound.is_automatic = mail.is_automatic


# What reading and acting find out; the rest of the row was fixed when it was stored.
_FOUND = (
    "mail_id",
    "content_sha256",
    "sender",
    "recipients",
    "subject",
    "excerpt",
    "is_automatic",
    "bounced_address",
    "state",
    "reason",
    "effect_key",
    "ticket_id",
    "message_id",
)


def _conclude(inbound: InboundMail, mail: ParsedMail, outcome: Outcome) -> None:
    inbound.state = outcome.state
    inbound.reason = outcome.reason
    inbound.ticket_id = outcome.ticket.pk if outcome.ticket else None
    inbound.message = outcome.message
    inbound.effect_key = None
    if outcome.state in (State.CREATED, State.APPENDED, State.IGNORED):
        key = f"{mail.mail_id}\n{mail.content_sha256}".encode("utf-8", "replace")
        inbound.effect_key = hashlib.sha256(key).hexdigest()
    claimed = InboundMail.objects.filter(pk=inbound.pk, state__in=_READABLE_STATES).update(
        **{name: getattr(inbound, name) for name in _FOUND}
    )
    if not claimed:
        raise _AlreadyTakenError


def _quarantine(inbound: InboundMail, reason: str) -> InboundMail:
    with transaction.atomic():
        changed = InboundMail.objects.filter(pk=inbound.pk, state__in=_READABLE_STATES).update(
            state=State.QUARANTINED, reason=reason.replace("\x00", "")[:2000]
        )
        if changed:
            alert_quarantine()
    inbound.refresh_from_db()
    return inbound
