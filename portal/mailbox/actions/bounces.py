"""Delivery reports: whom we cannot reach any more (`MAI-8`)."""

from django.utils.translation import gettext as _

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.tickets.models import Channel, Ticket
from portal.mailbox.models import InboundMail
from portal.mailbox.parse import ParsedMail
from portal.mailbox.parse.automatic import Bounce, Failure
from portal.outbox.models import OutgoingMail
from portal.people.models import User

from .outcome import Outcome, State

# So many delays within so many days are as good as a refusal.
_SOFT_LIMIT = 3
_SOFT_DAYS = 7


def note_bounce(
    inbound: InboundMail, mail: ParsedMail, bounce: Bounce, ticket: Ticket | None
) -> Outcome:
    """Write what the report says on the ticket, and stop writing to dead addresses.

    Only a report that returns something nobody could guess (an id or address token of ours) is
    believed; otherwise a stranger could silence our mail to anyone with a forged report.
    """
    if not bounce.failures:
        if ticket is None:
            return Outcome(State.QUARANTINED, _("A delivery report that names no recipient."))
        return Outcome(State.APPENDED, "", ticket, _note(inbound, mail, ticket, mail.text))
    inbound.bounced_address = bounce.failures[0].address[:254]
    summary = "\n".join(_sentence(failure) for failure in bounce.failures)
    is_ours = (
        ticket is not None or OutgoingMail.objects.filter(mail_id__in=bounce.returned_ids).exists()
    )
    if not is_ours:
        return Outcome(
            State.IGNORED, _("A delivery report about no mail of ours.") + f"\n{summary}"
        )
    for failure in bounce.failures:
        if failure.is_hard or _is_third_delay(inbound, failure):
            User.objects.with_address(failure.address).filter(
                mail_undeliverable_at__isnull=True
            ).update(mail_undeliverable_at=inbound.server_date)
    if ticket is None:
        return Outcome(State.IGNORED, summary)
    return Outcome(State.APPENDED, summary, ticket, _note(inbound, mail, ticket, summary))


def _is_third_delay(inbound: InboundMail, failure: Failure) -> bool:
    before: int = (
        InboundMail.objects.bounces_of(failure.address, now=inbound.server_date, days=_SOFT_DAYS)
        .exclude(pk=inbound.pk)
        .count()
    )
    return before + 1 >= _SOFT_LIMIT


def _sentence(failure: Failure) -> str:
    words = (
        _("Mail to %(address)s could not be delivered (%(status)s).")
        if failure.is_hard
        else _("Mail to %(address)s is delayed (%(status)s).")
    )
    return words % {"address": failure.address, "status": failure.status or "?"}


def _note(inbound: InboundMail, mail: ParsedMail, ticket: Ticket, text: str) -> Message:
    return desk.note(
        ticket,
        by=None,
        text=text or _("A delivery report without text."),
        full_text=mail.full_text or mail.text,
        mail_id=mail.mail_id,
        channel=Channel.MAIL,
        is_automatic=True,
        at=inbound.server_date,
    )
