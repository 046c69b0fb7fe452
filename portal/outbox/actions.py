"""Writing mail to the outbox, and sending what is due."""

from email.utils import make_msgid

from django.conf import settings

from .models import OutgoingMail


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
    attachments: list[dict] | None = None,
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
            "mail_id": mail_id or make_msgid(domain="balie.invalid").strip("<>"),
            "in_reply_to": in_reply_to,
            "references": references,
            "headers": headers or {},
            "attachments": attachments or [],
        },
    )
    return mail
