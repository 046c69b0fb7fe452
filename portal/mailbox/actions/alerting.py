"""Telling staff that mail waits for them, and senders that theirs was too large."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.mailbox.models import InboundMail
from portal.outbox import actions as outbox
from portal.outbox.threading import INSTANCE_HEADER, instance_name
from portal.people.models import User

_TOLD = 10


def _headers(kind: str) -> dict[str, str]:
    return {
        "Auto-Submitted": kind,
        "X-Auto-Response-Suppress": "All",
        INSTANCE_HEADER: instance_name(),
    }


def alert_quarantine() -> None:
    """Write to the administrators that mail lies in quarantine, at most once an hour (`MAI-1`).

    The limit also keeps a bouncing alert from causing the next one.
    """
    hour = timezone.now().strftime("%Y%m%d%H")
    people = User.objects.active().filter(is_superuser=True, mail_undeliverable_at__isnull=True)
    for person in people.order_by("pk")[:_TOLD]:
        outbox.post(
            key=f"quarantine:{hour}:{person.pk}",
            to=person.email,
            subject=_("Incoming mail lies in quarantine"),
            text=_(
                "At least one incoming mail could not be processed. Nothing is lost: look at the"
                " list of incoming mail in the admin, then run it again.\n\n%(address)s"
            )
            % {"address": f"{settings.SITE_URL}/admin/"},
            headers=_headers("auto-generated"),
        )


def tell_too_large(inbound: InboundMail, *, size: int) -> None:
    """Tell the sender of a mail over the limit, once for this mail (`MAI-11`)."""
    outbox.post(
        key=f"too-large:{inbound.pk}",
        to=inbound.sender,
        subject=_("Your mail was too large: %(subject)s") % {"subject": inbound.subject},
        text=_(
            "Your mail of %(size)s MB was not read, because we take at most %(limit)s MB. Please"
            " send it again without its attachments."
        )
        % {
            "size": size // (1024 * 1024),
            "limit": settings.MAIL_RAW_MAX_BYTES // (1024 * 1024),
        },
        in_reply_to=inbound.mail_id,
        headers=_headers("auto-replied"),
    )
