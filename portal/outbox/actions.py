"""Writing mail to the outbox, and sending what is due."""

import logging
import smtplib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime, make_msgid, parseaddr

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from .models import OutgoingMail
from .threading import INSTANCE_HEADER, instance_name

logger = logging.getLogger(__name__)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# The wait after each failed attempt; after the last one the mail is given up.
WAITS = (
    MINUTE,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    12 * HOUR,
    24 * HOUR,
    24 * HOUR,
)
MAX_ATTEMPTS = len(WAITS) + 1
# How long a mail belongs to the process that sends it. Longer than any one sending takes.
CLAIM = 10 * MINUTE
FORGOTTEN_AT_ONCE = 2000


def post(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    sender: str = "",
    mail_id: str = "",
    in_reply_to: str = "",
    references: str = "",
    headers: dict[str, str] | None = None,
    attachments: list[dict[str, str]] | None = None,
) -> OutgoingMail:
    """Put one mail in the outbox, once per `key`; a second call returns the first row."""
    mail, _made = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "sender": sender or settings.DEFAULT_FROM_EMAIL,
            "subject": " ".join(subject.split())[:300],
            "text": text,
            "html": html,
            "mail_id": mail_id or make_msgid(domain=instance_name()).strip("<>"),
            "in_reply_to": in_reply_to,
            "references": references,
            "headers": headers or {},
            "attachments": attachments or [],
        },
    )
    return mail


def send_due(now: datetime, limit: int = 100) -> int:
    """Send up to `limit` waiting mails whose time has come at `now`; returns how many were tried.

    Each mail is claimed by compare-and-set and committed before it is sent, with no transaction
    open while the mail server talks: several workers share the outbox without waiting for each
    other, on every database. The result is committed right after each mail.

    What a crash can do: a worker killed between the server's acceptance and that commit leaves
    the mail claimed; it is sent again when the claim ends, with the same Message-ID, which readers
    show once. Nothing else can send a mail twice, and nothing can lose one.

    When the mail server cannot be reached the attempt is not counted: an outage, however long,
    gives up no mail. Safe to call at any time; call it outside a transaction.
    """
    due = list(OutgoingMail.objects.due(now)[:limit])
    if not due:
        return 0
    began = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    connection = get_connection()
    tried = 0
    try:
        for mail in due:
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:
                logger.warning("The mail server cannot be reached: %s", error)
                _put_off(due[tried:], error, clock())
                break
            if _claim(mail, clock()):
                _send(mail, connection, clock)
            tried += 1
    finally:
        _close(connection)
    return tried


def try_again(mail: OutgoingMail, now: datetime) -> bool:
    """Put a mail that was given up back in the outbox; False when it is not given up."""
    return (
        OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.FAILED).update(
            state=OutgoingMail.State.WAITING, attempts=0, next_at=now
        )
        == 1
    )


def try_all_again(now: datetime) -> int:
    """Put all that was given up back in the outbox; returns how many."""
    return OutgoingMail.objects.given_up().update(
        state=OutgoingMail.State.WAITING, attempts=0, next_at=now
    )


def forget_sent(before: datetime) -> int:
    """Delete what was sent before an instant; returns how many. Mail that was given up stays.

    In pieces, so that nobody who writes mail waits long. The files of a mail are those of its
    message and stay too.
    """
    old = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT, sent_at__lt=before)
    forgotten = 0
    while keys := list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        forgotten += OutgoingMail.objects.filter(pk__in=keys).delete()[0]
    return forgotten


def _claim(mail: OutgoingMail, now: datetime) -> bool:
    """Take the mail for one attempt; False when another worker was faster."""
    claimed = OutgoingMail.objects.filter(
        pk=mail.pk, state=OutgoingMail.State.WAITING, attempts=mail.attempts, next_at=mail.next_at
    ).update(attempts=F("attempts") + 1, next_at=now + CLAIM)
    mail.attempts += 1
    return claimed == 1


def _put_off(mails: list[OutgoingMail], error: Exception, now: datetime) -> None:
    OutgoingMail.objects.filter(
        pk__in=[mail.pk for mail in mails], state=OutgoingMail.State.WAITING, next_at__lte=now
    ).update(next_at=now + MINUTE, error=_words(error))


def _send(mail: OutgoingMail, connection: BaseEmailBackend, clock: Callable[[], datetime]) -> None:
    """Make the attempt that was claimed, and write down how it ended."""
    try:
        connection.send_messages([_message(mail)])
    except smtplib.SMTPServerDisconnected as error:
        _failed(mail, error, clock(), permanent=False)
        _close(connection)
    except smtplib.SMTPException as error:
        _failed(mail, error, clock(), permanent=_is_permanent(error))
    except (OSError, ValueError) as error:
        # The line broke, an attachment is gone, or a header is not acceptable.
        _failed(mail, error, clock(), permanent=False)
        _close(connection)
    else:
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state=OutgoingMail.State.SENT, sent_at=clock(), error=""
        )


def _failed(mail: OutgoingMail, error: Exception, now: datetime, *, permanent: bool) -> None:
    logger.warning("Mail %s to %s was not sent: %s", mail.key, mail.to, error)
    fields: dict[str, object] = {"error": _words(error)}
    if permanent or mail.attempts >= MAX_ATTEMPTS:
        fields |= {"state": OutgoingMail.State.FAILED}
    else:
        fields |= {"next_at": now + WAITS[mail.attempts - 1]}
    OutgoingMail.objects.filter(pk=mail.pk).update(**fields)


def _is_permanent(error: smtplib.SMTPException) -> bool:
    """The server refused this mail for good (5xx).

    A refused sender is not counted: that is our own set-up, which an administrator can mend.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.debug("The mail server went before it was said goodbye", exc_info=True)


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The mail as it goes out.

    The envelope sender is the address for answers, when there is one, so that a bounce carries
    the ticket's token (`MAI-8`); readers see the From field.
    """
    headers = {
        "Message-ID": f"<{mail.mail_id}>",
        "Date": format_datetime(mail.created_at),
        "From": mail.sender,
        INSTANCE_HEADER: instance_name(),
        **mail.headers,
    }
    if mail.in_reply_to:
        headers["In-Reply-To"] = f"<{mail.in_reply_to}>"
    if mail.references:
        headers["References"] = " ".join(f"<{one}>" for one in mail.references.split())
    envelope = parseaddr(mail.headers.get("Reply-To", ""))[1] or parseaddr(mail.sender)[1]
    message = EmailMultiAlternatives(
        mail.subject, mail.text, from_email=envelope, to=[mail.to], headers=headers
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for file in mail.attachments:
        with default_storage.open(file["path"], "rb") as content:
            message.attach(file["name"], content.read(), file["content_type"])
    return message
