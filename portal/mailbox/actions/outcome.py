"""What processing a mail needs to know, and what it decides."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from itil.conversation.models import Message
from itil.tickets.models import Ticket
from portal.mailbox.models import InboundMail, Mailbox
from portal.outbox.threading import instance_name
from portal.people.models import User

State = InboundMail.State


@dataclass(frozen=True)
class Outcome:
    """What became of a mail; `reason` is a sentence for staff."""

    state: State
    reason: str = ""
    ticket: Ticket | None = None
    message: Message | None = None


@dataclass
class Batch:
    """What the database knew about the senders and ids of mails that are processed together.

    Saves two queries for each mail. Every mail that was processed is added, so that the next one of
    the batch sees it; what other processes do meanwhile is caught by the effect key.
    """

    people: dict[str, User]
    by_id: dict[str, list[InboundMail]] = field(default_factory=dict)
    by_sender: dict[str, list[InboundMail]] = field(default_factory=dict)

    def add(self, inbound: InboundMail) -> None:
        self.by_id.setdefault(inbound.mail_id, []).append(inbound)
        if inbound.state == State.CREATED:
            self.by_sender.setdefault(inbound.sender, []).append(inbound)

    def related_to(self, ids: Iterable[str], *, sender: str, since: datetime) -> list[InboundMail]:
        """The same as the query of that name, the newest first."""
        found = {row.pk: row for mail_id in ids for row in self.by_id.get(mail_id, ())}
        for row in self.by_sender.get(sender, ()):
            if row.server_date >= since:
                found[row.pk] = row
        return sorted(found.values(), key=lambda row: -row.pk)


@dataclass(frozen=True)
class Surroundings:
    """Our own addresses and names. Read once for many mails; one query."""

    mailboxes: tuple[Mailbox, ...]
    own_addresses: frozenset[str]
    instance: str
    server_id: str
    by_address: dict[str, Mailbox] = field(default_factory=dict)
    batch: Batch | None = None

    @classmethod
    def read(cls) -> "Surroundings":
        mailboxes = tuple(Mailbox.objects.select_related("team", "organization"))
        by_address = {mailbox.address.lower(): mailbox for mailbox in mailboxes}
        others = (settings.REPLY_ADDRESS, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
        return cls(
            mailboxes=mailboxes,
            own_addresses=frozenset(by_address) | {one.lower() for one in others if one},
            instance=instance_name(),
            server_id=settings.MAIL_AUTHSERV_ID,
            by_address=by_address,
        )

    def is_own(self, address: str) -> bool:
        """One of our mailboxes, with or without a token behind a plus."""
        local, _at, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}" in self.own_addresses or (
            address.lower() in self.own_addresses
        )

    def mailbox_of(self, inbound: InboundMail, recipients: tuple[str, ...]) -> Mailbox | None:
        """The mailbox whose queue a mail belongs to: the first of ours it names (`MAI-2`)."""
        named = [self.by_address[key] for key in recipients if key in self.by_address]
        named += [one for one in self.mailboxes if one.pk == inbound.mailbox_id]
        return min(named, key=lambda one: (one.order, one.pk), default=None)
