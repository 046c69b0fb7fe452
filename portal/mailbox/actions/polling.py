"""Reading a mailbox: at least once from the server, exactly once in effect (`MAI-1`)."""

import hashlib
import logging
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.mailbox.models import InboundMail, Mailbox, RawMail
from portal.mailbox.parse import parse

from .alerting import tell_too_large
from .imap import ConnectionFailure, Listed, Session, connected
from .outcome import State, Surroundings
from .receiving import process_batch, process_waiting

logger = logging.getLogger(__name__)

_BATCH_COUNT = 50
_BATCH_BYTES = 16 * 1024 * 1024


def poll(mailbox: Mailbox) -> int:
    """Fetch and process what is new; returns how many mails. Never raises on what a server does.

    What an earlier run stored but did not process comes first. The position moves on in the
    transaction that stores a batch, so a crash at any point repeats at most the fetching. When the
    server gives the folder a new UIDVALIDITY, all is read again and recognised as known.
    """
    done = process_waiting(mailbox)
    error = ""
    try:
        with connected(mailbox) as session:
            done += _read(mailbox, session)
    except ConnectionFailure as failure:
        error = f"{type(failure).__name__}: {failure}"[:2000]
        logger.warning("mailbox %s cannot be read: %s", mailbox.address, error)
    except IntegrityError:
        # Another process reads the same folder and was faster: it goes on, we stop.
        logger.info("mailbox %s is being read by another process", mailbox.address)
    mailbox.last_polled_at, mailbox.last_error = timezone.now(), error
    mailbox.save(update_fields=["last_polled_at", "last_error"])
    return done


def _read(mailbox: Mailbox, session: Session) -> int:
    mailbox.refresh_from_db(fields=["uid_validity", "last_uid"])
    if mailbox.uid_validity != session.uid_validity:
        mailbox.uid_validity, mailbox.last_uid = session.uid_validity, 0
    around = Surroundings.read()
    done = 0
    for batch in _batches(session.after(mailbox.last_uid)):
        if batch[0].size > settings.MAIL_RAW_MAX_BYTES:
            _refuse(mailbox, session, batch[0], around)
        else:
            contents = session.bytes_of([one.uid for one in batch])
            process_batch(_store_batch(mailbox, batch, contents), around)
        session.mark_seen([one.uid for one in batch])
        done += len(batch)
    return done


def _batches(listed: Sequence[Listed]) -> Iterator[list[Listed]]:
    """Runs of messages that are fetched together; one that is too large stands alone."""
    batch: list[Listed] = []
    size = 0
    for one in listed:
        is_large = one.size > settings.MAIL_RAW_MAX_BYTES
        if batch and (is_large or len(batch) >= _BATCH_COUNT or size + one.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.size
        if is_large:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _store_batch(
    mailbox: Mailbox, batch: Sequence[Listed], contents: dict[int, bytes]
) -> list[tuple[InboundMail, bytes]]:
    """Commit the bytes of a batch and the new position; oldest first by server time."""
    now = timezone.now()
    # A message that vanished between the list and the fetch has no bytes.
    present = [one for one in batch if one.uid in contents]
    pairs = [
        (
            InboundMail(
                mailbox=mailbox,
                uid_validity=mailbox.uid_validity,
                uid=one.uid,
                server_date=min(one.server_date or now, now),
                stored_at=now,
                sha256=hashlib.sha256(contents[one.uid]).hexdigest(),
            ),
            contents[one.uid],
        )
        for one in present
    ]
    with transaction.atomic(durable=True):
        InboundMail.objects.bulk_create(inbound for inbound, _raw in pairs)
        RawMail.objects.bulk_create(RawMail(inbound=inbound, content=raw) for inbound, raw in pairs)
        _move_on(mailbox, batch[-1].uid)
    return sorted(pairs, key=lambda pair: (pair[0].server_date, pair[0].pk))


def _refuse(mailbox: Mailbox, session: Session, listed: Listed, around: Surroundings) -> None:
    """Record a message that is too large by its header, and tell the sender once (`MAI-11`)."""
    header = session.header_of(listed.uid)
    mail = parse(header, own_addresses=around.own_addresses, instance=around.instance)
    now = timezone.now()
    with transaction.atomic(durable=True):
        inbound = InboundMail.objects.create(
            mailbox=mailbox,
            uid_validity=mailbox.uid_validity,
            uid=listed.uid,
            server_date=min(listed.server_date or now, now),
            stored_at=now,
            sha256=hashlib.sha256(header).hexdigest(),
            mail_id=mail.mail_id,
            sender=mail.sender.key if mail.sender else "",
            subject=mail.subject[:250],
            is_automatic=mail.is_automatic,
            state=State.QUARANTINED,
            reason=_("Too large to fetch: %(size)s MB. It is still on the mail server.")
            % {"size": listed.size // (1024 * 1024)},
        )
        RawMail.objects.create(inbound=inbound, content=header)
        if mail.sender is not None and not mail.automatic.wants_no_answer:
            tell_too_large(inbound, size=listed.size)
        _move_on(mailbox, listed.uid)


def _move_on(mailbox: Mailbox, uid: int) -> None:
    mailbox.last_uid = uid
    Mailbox.objects.filter(pk=mailbox.pk).update(
        uid_validity=mailbox.uid_validity, last_uid=mailbox.last_uid
    )
