"""Stores the incidents of a log: in batches, each whole or not at all, none of them twice."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone

from itil.incidents.models import Incident
from itil.sla.actions import show_due
from itil.sla.models import Agreement, SlaClock
from itil.tickets.models import EventKind, Ticket, TicketEvent
from itil.tickets.numbering import reserve_numbers
from portal.imports.children import insert_children
from portal.imports.past import Happening, past_event
from portal.imports.tables import batches
from portal.people.models import Organization

from .directory import make_directory
from .history import CHANNELS, Keys, happenings, source_reference, ticket_fields
from .links import write_links
from .log import Log, Row
from .promises import clocks_of, measured

BATCH = 500


def write_log(
    log: Log,
    *,
    organization: Organization,
    agreement: Agreement,
    progress: Callable[[Iterable[list[Row]]], Iterable[list[Row]]],
) -> Counter[str]:
    """Store what is not there yet; returns how many new rows of each kind were written.

    An interrupted run leaves whole incidents; the next one goes on after them.
    """
    known = _known_references()
    new = [rows for number, rows in log.incidents.items() if source_reference(number) not in known]
    written: Counter[str] = Counter(already_there=len(log.incidents) - len(new))
    if not new:
        return written + write_links(log, organization)
    with transaction.atomic():
        keys, made = make_directory(chain.from_iterable(new), organization)
    written.update(made)
    now = timezone.now()
    for batch in batches(progress(new), BATCH):
        with transaction.atomic():
            written.update(_write_batch(batch, keys, organization, agreement, now))
    written.update(write_links(log, organization))
    return written


def _known_references() -> set[str]:
    return set(
        Ticket.objects.filter(source_reference__startswith=source_reference("")).values_list(
            "source_reference", flat=True
        )
    )


def _write_batch(
    batch: list[list[Row]],
    keys: Keys,
    organization: Organization,
    agreement: Agreement,
    now: datetime,
) -> dict[str, int]:
    numbers = reserve_numbers(Incident.NUMBER_PREFIX, len(batch))
    tickets: list[Ticket] = []
    clocks: list[SlaClock] = []
    promises: list[dict[str, Any]] = []
    for number, rows in zip(numbers, batch, strict=True):
        ticket = Ticket(number=number, organization=organization, **ticket_fields(rows, keys))
        told = measured(ticket, agreement, rows)
        own = clocks_of(ticket, told)
        show_due(ticket, own)
        tickets.append(ticket)
        promises.append(told)
        clocks.extend(own)
    Ticket.objects.bulk_create(tickets)
    insert_children([Incident(ticket_ptr=ticket) for ticket in tickets])
    for clock in clocks:
        clock.ticket_id = clock.ticket.pk
    SlaClock.objects.bulk_create(clocks)
    events = [
        event
        for ticket, rows, told in zip(tickets, batch, promises, strict=True)
        for event in _events(ticket, rows, told, keys, now)
    ]
    TicketEvent.objects.bulk_create(events)
    return {"incidents": len(tickets), "events": len(events), "clocks": len(clocks)}


def _events(
    ticket: Ticket, rows: list[Row], told: dict[str, Any], keys: Keys, now: datetime
) -> Iterator[TicketEvent]:
    """What the rows tell, and what was measured."""
    channel = CHANNELS.get(rows[0].contact_type, ticket.channel)
    for one in happenings(rows, keys):
        actor = keys.people[one.by] if one.by else None
        yield past_event(one, ticket, now=now, channel=channel, actor=actor)
    # Last, so that what was measured is not measured by the states of the log once more.
    yield past_event(Happening(EventKind.CLOCK, ticket.updated_at, told), ticket, now=now)
