"""What the incidents of a log belong to: problems, changes and configuration items.

The log only names these by their codes. So each becomes a record with that name, opened when a
row names it first; what it was about and what became of it stays unknown.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from itil.changes.models import Change
from itil.cmdb.lifecycle import Status as ItemStatus
from itil.cmdb.models import ConfigurationItem, ItemClass
from itil.problems.models import Problem
from itil.tickets.models import (
    Channel,
    EventKind,
    Level,
    LinkType,
    Ticket,
    TicketEvent,
    TicketItem,
    TicketLink,
)
from itil.tickets.numbering import reserve_numbers
from itil.tickets.priority import priority_of
from portal.imports.children import insert_children
from portal.people.models import Organization, User

from .history import person_name, source_reference
from .log import OPTIONAL, Log, Row

# How the columns of the log read from an incident.
COLUMNS: dict[str, tuple[type[Ticket], LinkType]] = {
    "problem_id": (Problem, LinkType.CAUSED_BY),
    "rfc": (Change, LinkType.FIXED_BY),
    "caused_by": (Change, LinkType.CAUSED_BY),
}
ITEM_CLASS = "Imported item"


class Named(NamedTuple):
    """A code in a column of an incident, as its last row has it, and where it stood first."""

    incident: str
    code: str
    first: Row


@transaction.atomic
def write_links(log: Log, organization: Organization) -> Counter[str]:
    """Store what is not there yet; returns how many new rows of each kind were written."""
    named = {name: list(_named(log, name)) for name in (*COLUMNS, "cmdb_ci")}
    references = {source_reference(one.incident) for ones in named.values() for one in ones}
    incidents = dict(
        Ticket.objects.filter(source_reference__in=references).values_list("source_reference", "pk")
    )
    written: Counter[str] = Counter()
    for name, (model, type) in COLUMNS.items():
        keys, made = _records(model, named[name], organization)
        written[f"{model._meta.model_name}s"] += made
        written["links"] += _links(named[name], keys, incidents, type)
    items, made = _items((one.code for one in named["cmdb_ci"]), organization)
    written["items"] = made
    written["links"] += _item_links(named["cmdb_ci"], items, incidents)
    return written


def _named(log: Log, name: str) -> Iterator[Named]:
    place = OPTIONAL.index(name)
    for number, rows in log.incidents.items():
        code = rows[-1].others[place]
        if code:
            first = next(row for row in rows if row.others[place] == code)
            yield Named(number, code, first)


def _records(
    model: type[Ticket], named: Iterable[Named], organization: Organization
) -> tuple[dict[str, int], int]:
    """The keys of the records by their codes, and how many are new."""
    firsts: dict[str, Row] = {}
    for one in named:
        known = firsts.get(one.code)
        if known is None or one.first.at < known.at:
            firsts[one.code] = one.first
    references = {source_reference(code): code for code in firsts}
    rows = Ticket.objects.filter(source_reference__in=references)
    keys = {
        references[reference]: pk for reference, pk in rows.values_list("source_reference", "pk")
    }
    new = sorted(set(firsts) - set(keys))
    if not new:
        return keys, 0
    people = _people({firsts[code].by for code in new})
    numbers = reserve_numbers(model.NUMBER_PREFIX, len(new))
    start = model.LIFECYCLE.start
    tickets = [
        Ticket(
            number=number,
            kind=str(model._meta.model_name),
            title=code,
            status=start,
            phase=model.LIFECYCLE.phases[start],
            impact=Level.LOW,
            urgency=Level.MEDIUM,
            priority=priority_of(Level.LOW, Level.MEDIUM),
            channel=Channel.SYSTEM,
            requester_id=people[firsts[code].by],
            organization=organization,
            received_at=firsts[code].at,
            opened_at=firsts[code].at,
            updated_at=firsts[code].at,
            source_reference=source_reference(code),
        )
        for number, code in zip(numbers, new, strict=True)
    ]
    Ticket.objects.bulk_create(tickets)
    insert_children([model(ticket_ptr=ticket) for ticket in tickets])
    now = timezone.now()
    TicketEvent.objects.bulk_create(_opened(ticket, now) for ticket in tickets)
    return keys | {code: ticket.pk for code, ticket in zip(new, tickets, strict=True)}, len(new)


def _opened(ticket: Ticket, now: datetime) -> TicketEvent:
    """History is not news: it counts as handled."""
    return TicketEvent(
        ticket=ticket,
        kind=EventKind.OPENED,
        actor_id=ticket.requester_id,
        at=ticket.received_at,
        recorded_at=now,
        channel=Channel.SYSTEM,
        handled_at=now,
        data={
            "status": ticket.status,
            "phase": str(ticket.phase),
            "priority": ticket.priority,
            "team": None,
            "channel": Channel.SYSTEM.value,
            "imported": True,
        },
    )


def _people(codes: set[str]) -> dict[str, int]:
    """The keys of the people who saved the rows; the directory has made them."""
    references = {source_reference(person_name(code)): code for code in codes}
    found = User.objects.filter(source_reference__in=references)
    return {
        references[reference]: pk for reference, pk in found.values_list("source_reference", "pk")
    }


def _links(
    named: Iterable[Named], keys: dict[str, int], incidents: dict[str, int], type: LinkType
) -> int:
    wanted = {
        (incidents[source_reference(one.incident)], keys[one.code]): one.first.at for one in named
    }
    known = set(
        TicketLink.objects.filter(
            type=type, target__in={target for _source, target in wanted}
        ).values_list("source_id", "target_id")
    )
    new = [
        TicketLink(source_id=source, target_id=target, type=type, created_at=at)
        for (source, target), at in wanted.items()
        if (source, target) not in known
    ]
    return len(TicketLink.objects.bulk_create(new))


def _items(codes: Iterable[str], organization: Organization) -> tuple[dict[str, int], int]:
    """The keys of the items by their codes, which are their inventory numbers."""
    wanted = set(codes)
    if not wanted:
        return {}, 0
    known = ConfigurationItem.objects.filter(organization=organization, asset_tag__in=wanted)
    keys = dict(known.values_list("asset_tag", "pk"))
    new = sorted(wanted - set(keys))
    if new:
        kind, _made = ItemClass.objects.get_or_create(
            slug="imported-item", defaults={"name": ITEM_CLASS}
        )
        made = ConfigurationItem.objects.bulk_create(
            ConfigurationItem(
                name=code,
                asset_tag=code,
                item_class=kind,
                organization=organization,
                status=ItemStatus.IN_USE,
            )
            for code in new
        )
        keys |= {item.asset_tag: item.pk for item in made}
    return keys, len(new)


def _item_links(named: Iterable[Named], items: dict[str, int], incidents: dict[str, int]) -> int:
    wanted = {
        (incidents[source_reference(one.incident)], items[one.code]): one.first.at for one in named
    }
    known = set(
        TicketItem.objects.filter(item__in={item for _ticket, item in wanted}).values_list(
            "ticket_id", "item_id"
        )
    )
    new = [
        TicketItem(ticket_id=ticket, item_id=item, added_at=at)
        for (ticket, item), at in wanted.items()
        if (ticket, item) not in known
    ]
    return len(TicketItem.objects.bulk_create(new))
