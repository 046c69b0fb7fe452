"""Mail that no person wrote: automatic messages and delivery reports (`MAI-6`, `MAI-8`)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from email.message import Message

from flufl.bounce import all_failures

from portal.outbox.threading import INSTANCE_HEADER

from .charsets import decode
from .headers import Headers, canonical

_ROBOTS = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})
_NO_ANSWER = re.compile(r"^(?:no-?reply|do-?not-?reply|noreply\W.*)$", re.IGNORECASE)


@dataclass(frozen=True)
class Automatic:
    """Why a message counts as automatic, and what follows from it."""

    # Empty for a message of a person.
    why: str = ""
    # An answer a machine gave (out of office, read receipt): opens a ticket in no mailbox.
    is_answer: bool = False
    # A post to a list: its recipients are no participants.
    is_list: bool = False
    # We sent it ourselves (`MAI-6`, loop).
    is_own: bool = False
    # The sender asks for no automatic answer, whether the message is automatic or not.
    wants_no_answer: bool = False


@dataclass(frozen=True)
class Failure:
    """What a delivery report says about one recipient."""

    address: str
    is_hard: bool
    status: str = ""


@dataclass(frozen=True)
class Bounce:
    """A delivery report: the recipients it names, and the ids of the mail that came back."""

    failures: tuple[Failure, ...]
    returned_ids: tuple[str, ...]


def is_robot(address: str) -> bool:
    """True for addresses behind which nobody reads."""
    local = address.rpartition("@")[0].lower()
    return local in _ROBOTS or bool(_NO_ANSWER.match(local))


def automatic(
    message: Message,
    headers: Headers,
    *,
    sender: str,
    own_addresses: Collection[str],
    instance: str,
) -> Automatic:
    """Judge a message by its header alone; any one sign is enough."""
    submitted = headers.first("Auto-Submitted").partition(";")[0].partition("(")[0].strip().lower()
    precedence = headers.first("Precedence").lower()
    local = sender.rpartition("@")[0].lower()
    is_list = any(headers.has(name) for name in ("List-Id", "List-Post", "List-Unsubscribe"))
    is_own = bool(instance) and headers.first(INSTANCE_HEADER) == instance
    report_type = str(message.get_param("report-type") or "").lower()
    signs = (
        (is_own, "sent by this desk"),
        (submitted not in ("", "no"), f"Auto-Submitted: {submitted}"),
        (headers.first("Return-Path").replace(" ", "") == "<>", "null return path"),
        (precedence in ("bulk", "list", "junk", "auto_reply"), f"Precedence: {precedence}"),
        (is_list, "mailing list"),
        (headers.has("X-Autoreply"), "X-Autoreply"),
        (headers.has("X-Autorespond"), "X-Autorespond"),
        (message.get_content_type() == "multipart/report", "multipart/report"),
        (sender.lower() in own_addresses, "sent from one of our mailboxes"),
        (local in _ROBOTS, f"sent by {local}"),
    )
    why = next((reason for holds, reason in signs if holds), "")
    return Automatic(
        why=why,
        is_answer=submitted == "auto-replied"
        or precedence == "auto_reply"
        or headers.has("X-Autoreply")
        or headers.has("X-Autorespond")
        or report_type == "disposition-notification",
        is_list=is_list,
        is_own=is_own,
        wants_no_answer=bool(why) or headers.has("X-Auto-Response-Suppress") or is_robot(sender),
    )


def bounce(message: Message, headers: Headers, *, sender: str) -> Bounce | None:
    """The delivery report that `message` is; None when it is none."""
    report_type = str(message.get_param("report-type") or "").lower()
    is_report = message.get_content_type() == "multipart/report" and report_type in (
        "delivery-status",
        "",
    )
    local = sender.rpartition("@")[0].lower()
    if not is_report and local not in _ROBOTS and not headers.has("X-Failed-Recipients"):
        return None
    failures = _reported(message)
    if failures is None:
        temporary, permanent = all_failures(message)
        failures = [Failure(_address(one), is_hard=False) for one in temporary]
        failures += [Failure(_address(one), is_hard=True) for one in permanent]
        named = headers.addresses("X-Failed-Recipients")
        known = {failure.address for failure in failures}
        failures += [Failure(a.key, is_hard=True) for a in named if a.key not in known]
        # Mail of a postmaster that reports nothing is mail of a person called postmaster.
        if not failures and not is_report:
            return None
    return Bounce(tuple(failure for failure in failures if failure.address), _returned_ids(message))


def _address(value: bytes | str) -> str:
    return canonical(
        value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    ).lower()


def _reported(message: Message) -> list[Failure] | None:
    """The recipients of the delivery-status parts (RFC 3464); None when there is no such part."""
    found: list[Failure] | None = None
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        found = found or []
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            fields = Headers(block)
            recipient = fields.first("Original-Recipient") or fields.first("Final-Recipient")
            action = fields.first("Action").lower()
            if recipient and action in ("failed", "delayed"):
                status = fields.first("Status")[:20]
                hard = action == "failed" and not status.startswith("4")
                found.append(Failure(_address(recipient.rpartition(";")[2]), hard, status))
    return found


def _returned_ids(message: Message) -> tuple[str, ...]:
    """Message ids of the mail that came back, and the ids that it answered."""
    ids: list[str] = []
    for part in message.walk():
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            fields = Headers(part.get_payload()[0])
            ids += fields.ids("Message-ID") + fields.ids("In-Reply-To")
        elif part.get_content_type() == "text/rfc822-headers":
            text = decode(part.get_payload(decode=True) or b"")
            found = re.findall(
                r"^(?:Message-ID|In-Reply-To):\s*<([^<>\s]+)>", text, re.IGNORECASE | re.MULTILINE
            )
            ids += found
    return tuple(dict.fromkeys(ids))
