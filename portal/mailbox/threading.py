"""Which ticket a mail belongs to (`MAI-3`); docs/algorithms/mail-threading.md tells the story.

Strongest first: the token in the address it was sent to, the ids it answers, the number in its
subject if the sender takes part. Equal subjects alone mean nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from itil.approvals.models import Vote
from itil.conversation.models import Message
from itil.conversation.threading import own_reference
from itil.tickets.models import Ticket, TicketEvent, Watcher
from portal.outbox.models import OutgoingMail
from portal.outbox.threading import ticket_uuid_of
from portal.people.models import User

_SUBJECT_NUMBER = re.compile(r"\[#([A-Z]{2,8}-\d{3,12})\]", re.IGNORECASE)
_EVENT_KEY = re.compile(r"^event:(\d+)\b")


@dataclass(frozen=True)
class Thread:
    """The ticket a mail belongs to and what led there; both empty for a new one."""

    ticket: Ticket | None = None
    found_by: str = ""
    # Where a weaker sign pointed to, when it was another ticket.
    contradiction: str = ""
    # The approval that the mail answers, by the token in its address.
    vote: Vote | None = None


def find_thread(
    *,
    addresses: Iterable[str],
    own_addresses: Iterable[str],
    answered_ids: Sequence[str],
    received: Mapping[str, int],
    subject: str = "",
    sender: User | None = None,
) -> Thread:
    """Look for the ticket.

    `addresses`: where the mail was sent to, `own_addresses`: those of our mailboxes, both in lower
    case. `answered_ids`: the ids it answers, the strongest first. `received`: the ticket id per
    Message-ID of mail we received. No query when the mail shows no sign at all.
    """
    by_token, vote = _of_token(addresses, own_addresses)
    by_reference = _ticket_id_of_references(answered_ids, received)
    number = _number_in(subject)
    if by_token:
        others = [f"reference to ticket id {by_reference}"] if by_reference else []
        same = by_reference in (None, by_token.pk)
        return Thread(
            Ticket.objects.survivor_of(by_token),
            "token",
            _contradiction(others if not same else [], number, by_token),
            vote,
        )
    if by_reference:
        ticket = Ticket.objects.filter(pk=by_reference).first()
        if ticket:
            return Thread(
                Ticket.objects.survivor_of(ticket), "reference", _contradiction([], number, ticket)
            )
    if number and sender:
        ticket = Ticket.objects.filter(number=number).first()
        if ticket and may_use_number(sender, ticket):
            return Thread(Ticket.objects.survivor_of(ticket), "subject")
    return Thread()


def may_use_number(sender: User, ticket: Ticket) -> bool:
    """True for people to whom the number, which can be guessed, is no secret."""
    if takes_part(sender, ticket):
        return True
    return is_colleague(sender, ticket) and not ticket.is_confidential


def takes_part(person: User, ticket: Ticket) -> bool:
    """Requester, requested for, assignee or watcher. One query at most."""
    concerned = (ticket.requester_id, ticket.requested_for_id, ticket.assignee_id)
    return (
        person.pk in concerned or Watcher.objects.filter(ticket_id=ticket.pk, user=person).exists()
    )


def is_colleague(person: User, ticket: Ticket) -> bool:
    """Belongs to the organization of the ticket."""
    return person.organization_id is not None and person.organization_id == ticket.organization_id


def _of_token(
    addresses: Iterable[str], own_addresses: Iterable[str]
) -> tuple[Ticket | None, Vote | None]:
    """The ticket of a token in one of `addresses`, and the approval when the token is of one."""
    own = {tuple(address.rpartition("@")[::2]) for address in own_addresses}
    uuids = []
    for address in addresses:
        local, _at, domain = address.rpartition("@")
        base, plus, token = local.partition("+")
        if plus and (base, domain) in own:
            found = ticket_uuid_of(token)
            if found:
                uuids.append(found)
    if not uuids:
        return None, None
    ticket = Ticket.objects.filter(uuid__in=uuids).order_by("pk").first()
    if ticket is not None:
        return ticket, None
    vote = Vote.objects.filter(uuid__in=uuids).with_matter().order_by("pk").first()
    return (vote.step.process.ticket, vote) if vote is not None else (None, None)


def _ticket_id_of_references(ids: Sequence[str], received: Mapping[str, int]) -> int | None:
    """The ticket of the first id that belongs to one; two queries, one more for old outbox rows."""
    if not ids:
        return None
    tickets: dict[str, int] = dict(received)
    own = {mail_id: found for mail_id in ids if (found := own_reference(mail_id))}
    of_message = {uuid: mail_id for mail_id, (kind, uuid) in own.items() if kind == "message"}
    of_ticket = {uuid: mail_id for mail_id, (kind, uuid) in own.items() if kind == "ticket"}
    if of_ticket:
        for uuid, pk in Ticket.objects.filter(uuid__in=of_ticket).values_list("uuid", "pk"):
            tickets[of_ticket[uuid]] = pk
    if set(ids) - set(tickets):
        wanted = Q(mail_id__in=ids) | Q(uuid__in=of_message) if of_message else Q(mail_id__in=ids)
        for uuid, mail_id, pk in Message.objects.filter(wanted).values_list(
            "uuid", "mail_id", "ticket_id"
        ):
            tickets.setdefault(mail_id, pk)
            if uuid in of_message:
                tickets.setdefault(of_message[uuid], pk)
    if not any(mail_id in tickets for mail_id in ids):
        tickets |= _tickets_of_outbox(ids)
    return next((tickets[mail_id] for mail_id in ids if mail_id in tickets), None)


def _tickets_of_outbox(ids: Sequence[str]) -> dict[str, int]:
    """Mail about an event (an assignment, a warning): the event knows the ticket."""
    events = {}
    for mail_id, key in OutgoingMail.objects.filter(mail_id__in=ids).values_list("mail_id", "key"):
        found = _EVENT_KEY.match(key)
        if found:
            events[int(found[1])] = mail_id
    if not events:
        return {}
    rows = TicketEvent.objects.filter(pk__in=events).values_list("pk", "ticket_id")
    return {events[pk]: ticket_id for pk, ticket_id in rows}


def _number_in(subject: str) -> str:
    found = _SUBJECT_NUMBER.search(subject)
    return found[1].upper() if found else ""


def _contradiction(others: list[str], number: str, ticket: Ticket) -> str:
    if number and number != ticket.number:
        others = [*others, f"subject names {number}"]
    return "; ".join(others)
