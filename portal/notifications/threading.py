"""Where a mail stands in the conversation of its ticket."""

from dataclasses import dataclass

from itil.conversation.models import Message
from itil.conversation.threading import receipt_mail_id
from itil.tickets.models import Ticket
from portal.outbox.models import OutgoingMail

# Mail programs need the root and the recent ones; a header of hundreds is refused by some.
MAX_REFERENCES = 20


@dataclass(frozen=True)
class Place:
    """The ids a mail answers, without angle brackets; `references` oldest first."""

    in_reply_to: str = ""
    references: str = ""


def place_of(ticket: Ticket, before: Message | None = None) -> Place:
    """The place of a mail about `ticket`: after its public messages so far, the receipt included.

    With `before`, only what was said earlier than that message counts. Two queries.
    """
    said = Message.objects.filter(ticket_id=ticket.pk).public().exclude(mail_id="")
    said = said.order_by("at", "pk")
    if before is not None:
        said = said.exclude(pk=before.pk).filter(at__lte=before.at)
    ids = list(said.values_list("mail_id", flat=True))
    receipt = receipt_mail_id(ticket.uuid)
    if OutgoingMail.objects.filter(mail_id=receipt).exists():
        # The receipt follows the first message, or begins the thread of a ticket without mail.
        ids.insert(1 if ids and _came_in_by_mail(ticket) else 0, receipt)
    if not ids:
        return Place()
    kept = ids if len(ids) <= MAX_REFERENCES else [ids[0], *ids[-(MAX_REFERENCES - 1) :]]
    return Place(in_reply_to=ids[-1], references=" ".join(kept))


def _came_in_by_mail(ticket: Ticket) -> bool:
    return ticket.channel == "mail"
