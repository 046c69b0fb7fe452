"""Message-IDs that tell which ticket or message a mail belongs to (`MAI-3`).

They are made from unguessable UUIDs, so that an answer finds its thread even when the row of the
outgoing mail has long been pruned.
"""

import re
import uuid
from urllib.parse import urlsplit

from django.conf import settings

_OWN = re.compile(r"^(?P<kind>[mr])\.(?P<hex>[0-9a-f]{32})@")


def mail_host() -> str:
    """The host part of our Message-IDs."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def message_mail_id(message_uuid: uuid.UUID) -> str:
    """The Message-ID, without angle brackets, under which a public message is mailed."""
    return f"m.{message_uuid.hex}@{mail_host()}"


def receipt_mail_id(ticket_uuid: uuid.UUID) -> str:
    """The Message-ID, without angle brackets, of a ticket's receipt."""
    return f"r.{ticket_uuid.hex}@{mail_host()}"


def own_reference(mail_id: str) -> tuple[str, uuid.UUID] | None:
    """('message' or 'ticket', its UUID) when `mail_id` has the form of one of ours, else None."""
    found = _OWN.match(mail_id.strip().strip("<>").lower())
    if not found:
        return None
    return ("message" if found["kind"] == "m" else "ticket"), uuid.UUID(hex=found["hex"])
