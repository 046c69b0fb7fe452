"""Whom we may write to, and whom we had better not answer by machine (`MAI-7`)."""

from datetime import datetime, timedelta

from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail
from portal.outbox.permissions import is_read_by_nobody, may_be_mailed

__all__ = ["has_had_enough", "is_read_by_nobody", "may_be_mailed", "repeats_itself"]

AUTOMATIC_PER_HOUR = 5
SAME_SUBJECT = 3
SAME_SUBJECT_WITHIN = timedelta(minutes=10)


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
