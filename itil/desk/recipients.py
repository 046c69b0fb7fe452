"""Who hears of what the desk says in public on a ticket, or on several at once."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from itil.tickets.models import Ticket
from portal.outbox.permissions import is_read_by_nobody, may_be_mailed
from portal.people.models import User


@dataclass(frozen=True)
class Recipient:
    """One mail: to whom, and about which tickets of theirs; the first one is where it belongs."""

    person: User
    tickets: tuple[Ticket, ...]

    @property
    def ticket(self) -> Ticket:
        return self.tickets[0]

    @property
    def others(self) -> tuple[Ticket, ...]:
        return self.tickets[1:]


def participants(ticket: Ticket) -> list[User]:
    """Requester, the person it is for and watchers, each once."""
    people = [ticket.requester, ticket.requested_for]
    watchers = ticket.watchers.all()
    people += [watcher.user for watcher in sorted(watchers, key=lambda watcher: watcher.pk)]
    return list(dict.fromkeys(person for person in people if person is not None))


def is_reached(person: User) -> bool:
    """A mail to this person arrives where somebody reads it."""
    return may_be_mailed(person) and not is_read_by_nobody(person.email)


def recipients_of(
    tickets: Collection[Ticket], *, without: User | None = None
) -> tuple[list[Recipient], list[User]]:
    """One mail for each person who takes part in any of `tickets`, and who cannot be mailed.

    `without` wrote it. A confidential ticket has a mail of its own, for it is named in no other.
    At most six queries, however many tickets there are.
    """
    ready = list(tickets)
    prefetch_related_objects(
        ready,
        "requester__organization",
        "requester__location",
        "requested_for__organization",
        "requested_for__location",
        "watchers__user__organization",
        "watchers__user__location",
    )
    found: dict[tuple[int, int], list[Ticket]] = {}
    people: dict[int, User] = {}
    unreached: dict[int, User] = {}
    for ticket in ready:
        for person in participants(ticket):
            if without is not None and person.pk == without.pk:
                continue
            if not is_reached(person):
                unreached.setdefault(person.pk, person)
                continue
            people.setdefault(person.pk, person)
            apart = ticket.pk if ticket.is_confidential else 0
            found.setdefault((person.pk, apart), []).append(ticket)
    mails = [Recipient(people[key], tuple(of)) for (key, _apart), of in found.items()]
    return mails, list(unreached.values())
