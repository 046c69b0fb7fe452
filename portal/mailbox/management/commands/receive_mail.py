"""`manage.py receive_mail < message.eml`: take one mail from a pipe, for example from an MTA."""

import json
import sys
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from itil.conversation.models import Attachment, Message
from portal.mailbox import actions
from portal.mailbox.models import InboundMail, Mailbox

_OUTCOMES = {
    InboundMail.State.DUPLICATE: "ignored",
    InboundMail.State.STORED: "quarantined",
}


class Command(BaseCommand):
    help = (
        "Read one raw mail from standard input, store and process it, and write what became of it"
        " as one line of JSON. The exit status is 0 when the mail is stored, whatever it became."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", metavar="ADDRESS", help="the mailbox it was sent to")
        parser.add_argument(
            "--received-at", metavar="ISO", help="when the mail server took it, with its zone"
        )

    def handle(self, *args: object, **options: str | None) -> None:
        inbound = actions.receive(
            sys.stdin.buffer.read(),
            mailbox=_mailbox(options["mailbox"]),
            server_date=_moment(options["received_at"]),
        )
        self.stdout.write(json.dumps(_described(inbound), ensure_ascii=False))


def _mailbox(address: str | None) -> Mailbox | None:
    if not address:
        return None
    found = Mailbox.objects.with_address(address).first()
    if found is None:
        raise CommandError(f"There is no mailbox {address}.")
    return found


def _moment(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        moment = parse_datetime(value)
    except ValueError:
        moment = None
    if moment is None or is_naive(moment):
        raise CommandError(f"{value} is no moment with a zone, such as 2026-03-02T09:00:00+00:00.")
    return moment


def _described(inbound: InboundMail) -> dict[str, object]:
    message = _message_of(inbound)
    names = Attachment.objects.filter(message=message).values_list("name", flat=True)
    answer: dict[str, object] = {
        "outcome": _OUTCOMES.get(inbound.state, inbound.state),
        "ticket": inbound.ticket.number if inbound.ticket else None,
        "sender": inbound.sender,
        "subject": inbound.subject,
        "text": message.text if message else inbound.excerpt,
        "attachments": list(names) if message else [],
    }
    if inbound.reason:
        answer["reason"] = inbound.reason
    return answer


def _message_of(inbound: InboundMail) -> Message | None:
    """What the mail said on its ticket; a new ticket's first message."""
    if inbound.message is not None or inbound.ticket is None:
        return inbound.message
    if inbound.state != InboundMail.State.CREATED:
        return None
    return Message.objects.filter(mail_id=inbound.mail_id, ticket=inbound.ticket).first()
