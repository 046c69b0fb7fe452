"""A mail that belongs to no ticket opens one."""

from typing import Any

from django.utils.translation import gettext as _

from itil.incidents.actions import open_incident
from itil.tickets.models import Channel
from portal.mailbox.models import InboundMail, Mailbox
from portal.mailbox.parse import ParsedMail
from portal.mailbox.parse.automatic import is_robot
from portal.mailbox.parse.headers import Address
from portal.people.models import User

from .outcome import Outcome, State, Surroundings
from .senders import people_of, sender_of


def open_from(
    inbound: InboundMail,
    mail: ParsedMail,
    around: Surroundings,
    person: User | None,
    mailbox: Mailbox | None,
) -> Outcome:
    """Open an incident for the sender; To and Cc become watchers (`MAI-10`)."""
    address = (mailbox and mailbox.uses_reply_to and mail.reply_to) or mail.sender
    assert address is not None  # noqa: S101 - decided before: mail without a sender is quarantined.
    sender = sender_of(person, address, mailbox)
    incident = open_incident(
        by=sender.user,
        title=mail.subject or _("(no subject)"),
        text=mail.text,
        requester=sender.user,
        channel=Channel.MAIL,
        organization=sender.organization,
        received_at=inbound.server_date,
        team=mailbox.team if mailbox else None,
        html=mail.html,
        full_text=mail.full_text,
        mail_id=mail.mail_id,
        attachments=mail.files,
        is_automatic=mail.is_automatic,
        watchers=people_of(bystanders(mail, around, address)),
        custom=_flags(mail, is_unconfirmed=sender.is_unconfirmed),
    )
    return Outcome(State.CREATED, "", incident)


def bystanders(mail: ParsedMail, around: Surroundings, sender: Address) -> list[Address]:
    """Who else the mail went to; nobody for automatic mail, lists and robots (`MAI-10`)."""
    if mail.is_automatic:
        return []
    return [
        one
        for one in mail.recipients
        if one.key != sender.key and not around.is_own(one.key) and not is_robot(one.key)
    ]


def _flags(mail: ParsedMail, *, is_unconfirmed: bool) -> dict[str, Any]:
    """What later readers must know: who the sender is may be wrong, and whom not to answer."""
    flags = {
        "unverified_sender": is_unconfirmed or not mail.is_sender_single,
        "no_automatic_mail": mail.automatic.wants_no_answer,
    }
    return {name: True for name, holds in flags.items() if holds}
