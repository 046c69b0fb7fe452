"""Whom we may write to, and whom we had better not answer by machine (`MAI-7`)."""

import re
from datetime import datetime, timedelta

from django.conf import settings

from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail
from portal.people.models import User

# Addresses behind which nobody reads.
_NOBODY = re.compile(
    r"^(no-?_?reply|do-?_?not-?_?reply|mailer-daemon|postmaster|bounces?|nobody)([+._-].*)?$",
    re.IGNORECASE,
)
AUTOMATIC_PER_HOUR = 5
SAME_SUBJECT = 3
SAME_SUBJECT_WITHIN = timedelta(minutes=10)


def may_be_mailed(person: User) -> bool:
    """True for people whose mail arrives: active, with an address that did not bounce."""
    return bool(person.is_active and person.email and person.mail_undeliverable_at is None)


def is_read_by_nobody(address: str) -> bool:
    """True for no-reply senders, mail systems and our own address."""
    local = address.rpartition("@")[0]
    ours_local, _at, ours_domain = settings.REPLY_ADDRESS.lower().rpartition("@")
    ours = re.fullmatch(
        rf"{re.escape(ours_local)}(\+[^@]*)?@{re.escape(ours_domain)}", address.lower()
    )
    return bool(_NOBODY.match(local) or ours)


def has_had_enough(address: str, now: datetime) -> bool:
    """True when the address was sent as many automatic mails as one may in an hour.

    Two machines that answer each other end here.
    """
    sent = OutgoingMail.objects.automatic_to(address).filter(
        created_at__gt=now - timedelta(hours=1)
    )
    return bool(sent.count() >= AUTOMATIC_PER_HOUR)


def repeats_itself(ticket: Ticket) -> bool:
    """True for the third ticket of one requester with one subject within ten minutes.

    Counted over what came before it, so that the answer stays the same later.
    """
    same = Ticket.objects.filter(
        requester_id=ticket.requester_id,
        title=ticket.title,
        pk__lte=ticket.pk,
        opened_at__gt=ticket.opened_at - SAME_SUBJECT_WITHIN,
    )
    return same.count() >= SAME_SUBJECT
