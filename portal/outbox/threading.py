"""Addresses that lead an answer back to its ticket, and how we know our own mail (`MAI-3`).

The Message-IDs themselves are made in `itil.conversation.threading`.
"""

import base64
import binascii
import hmac
import uuid
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

# On every mail we send; one that comes back with our own value is a loop (`MAI-6`).
INSTANCE_HEADER = "X-Balie-Instance"
# The line above which people answer. Without words, so that it is the same in every language;
# what stands below it in an answer is quotation (`MAI-9`).
REPLY_MARKER = "##- ^ ^ ^ -##"

_SALT = "portal.outbox.threading"
# 80 bits: not to be guessed, and short enough for the 64 characters left of the @.
_SIGNATURE_BYTES = 10


def instance_name() -> str:
    """The value of INSTANCE_HEADER: the host people know this installation by."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def reply_token(ticket_uuid: uuid.UUID) -> str:
    """42 lower-case letters and digits that stand for the ticket and cannot be made up."""
    signature = _signature(ticket_uuid.bytes, settings.SECRET_KEY)
    return base64.b32encode(ticket_uuid.bytes + signature).decode().rstrip("=").lower()


def ticket_uuid_of(token: str) -> uuid.UUID | None:
    """The ticket of a token, whatever its case; None when we did not make it.

    Tokens made with a secret of SECRET_KEY_FALLBACKS still count.
    """
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        raw = base64.b32decode(padded)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 16 + _SIGNATURE_BYTES:
        return None
    body, signature = raw[:16], raw[16:]
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # A list, not a generator: all are compared, so that time tells nothing.
    if not any([hmac.compare_digest(signature, _signature(body, secret)) for secret in secrets]):  # noqa: C419
        return None
    return uuid.UUID(bytes=body)


def reply_address(ticket_uuid: uuid.UUID) -> str:
    """The address to which answers about the ticket go."""
    local, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    if not settings.REPLY_TOKENS:
        return settings.REPLY_ADDRESS
    return f"{local}+{reply_token(ticket_uuid)}@{domain}"


def sender_named(name: str) -> str:
    """`name` with the desk's address, as a From field; letters are encoded when it is sent."""
    plain = " ".join(name.replace('"', "").replace("\\", "").split())[:120]
    return f'"{plain}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>'


def _signature(body: bytes, secret: str | bytes) -> bytes:
    whole = salted_hmac(_SALT, body, secret=secret, algorithm="sha256").digest()
    return whole[:_SIGNATURE_BYTES]
