"""Raw bytes to a `ParsedMail`; no database, no settings, no clock."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes

from itil.conversation.files import NewFile

from .automatic import Automatic, Bounce, automatic, bounce
from .bodies import bodies
from .headers import Address, Headers
from .markup import before_quotation, sanitised, text_of
from .verification import dmarc_passed
from .visible import visible

_REFERENCES = 30


@dataclass(frozen=True)
class ParsedMail:
    """What a message says, cleaned; nothing in it is trusted."""

    mail_id: str
    # The mail had no usable id, so `mail_id` was made from its content (`MAI-2`).
    is_mail_id_synthetic: bool
    content_sha256: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address | None
    # Exactly one From address; several are nobody's word (`MAI-4`).
    is_sender_single: bool
    # Our own server found the From address genuine (`MAI-5`).
    is_verified: bool
    reply_to: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    subject: str
    date: datetime | None
    text: str
    full_text: str
    html: str
    files: tuple[NewFile, ...]
    automatic: Automatic
    bounce: Bounce | None

    @property
    def is_automatic(self) -> bool:
        return bool(self.automatic.why)

    @property
    def recipients(self) -> tuple[Address, ...]:
        """To and Cc, each address once."""
        return tuple({one.key: one for one in (*self.to, *self.cc)}.values())


def parse(
    raw: bytes,
    *,
    own_addresses: Collection[str] = (),
    instance: str = "",
    server_id: str = "",
) -> ParsedMail:
    """Read one message.

    `own_addresses` are those of our mailboxes in lower case, `instance` the value of our own
    instance header, `server_id` the name our mail server signs Authentication-Results with.
    """
    message = message_from_bytes(raw)
    headers = Headers(message)
    sender, is_single = _sender(headers)
    address = sender.email if sender else ""
    subject = headers.text("Subject")
    found = bodies(message)
    html = found.html
    full_text = found.text or text_of(html)
    shown = visible(full_text, subject=subject)
    ids = headers.ids("Message-ID")
    content = _content_hash(headers, raw)
    return ParsedMail(
        mail_id=ids[0] if ids else f"{content[:40]}@synthetic.invalid",
        is_mail_id_synthetic=not ids,
        content_sha256=content,
        in_reply_to=tuple(headers.ids("In-Reply-To")),
        references=tuple(headers.ids("References")[-_REFERENCES:]),
        sender=sender,
        is_sender_single=is_single,
        is_verified=bool(sender)
        and is_single
        and dmarc_passed(headers, server_id=server_id, sender=address),
        reply_to=next(iter(headers.addresses("Reply-To")), None),
        to=tuple(headers.addresses("To")),
        cc=tuple(headers.addresses("Cc")),
        delivered_to=tuple(headers.addresses("Delivered-To", "X-Original-To", "Envelope-To")),
        subject=subject,
        date=headers.moment("Date"),
        text=shown.text,
        full_text=full_text.strip() if shown.is_stripped else "",
        html=_shown_html(html, is_stripped=shown.is_stripped),
        files=tuple(found.files),
        automatic=automatic(
            message, headers, sender=address, own_addresses=own_addresses, instance=instance
        ),
        bounce=bounce(message, headers, sender=address),
    )


def _sender(headers: Headers) -> tuple[Address | None, bool]:
    """Who the mail is from, and whether From named exactly one address."""
    written = headers.addresses("From")
    if written:
        return written[0], len(written) == 1 and len(headers.all("From")) == 1
    others = headers.addresses("Sender", "Reply-To", "Return-Path")
    return (others[0] if others else None), False


def _content_hash(headers: Headers, raw: bytes) -> str:
    """Equal for copies of one message that came along different ways (`MAI-2`)."""
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    digest = hashlib.sha256()
    for name in ("From", "Date", "Subject"):
        digest.update(headers.first(name).encode("utf-8", "replace") + b"\n")
    digest.update(body.strip())
    return digest.hexdigest()


def _shown_html(html: str, *, is_stripped: bool) -> str:
    """The HTML of what is shown: above the quotation, or nothing when that cannot be told."""
    if not html:
        return ""
    return sanitised(before_quotation(html) if is_stripped else html)
