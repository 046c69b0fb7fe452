"""Stores cases as service requests: in batches, each whole or not at all, none of them twice."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from catalog.offerings.actions import reference_of
from catalog.offerings.models import CatalogItem
from catalog.requests.models import ServiceRequest
from itil.sla.actions import show_due
from itil.sla.models import Outcome, SlaClock
from itil.sla.terms import Terms
from itil.tickets.models import Ticket, TicketEvent
from itil.tickets.numbering import reserve_numbers
from portal.imports.children import insert_children
from portal.imports.past import past_event
from portal.imports.tables import batches
from portal.people.models import Organization

from .cases import Case
from .directory import make_directory
from .history import Keys, happenings, request_fields, ticket_fields
from .promises import clocks_of, find_terms, missed, promised

BATCH = 500


@dataclass(frozen=True, slots=True)
class _Record:
    """What is stored of one case."""

    case: Case
    ticket: Ticket
    events: list[TicketEvent]
    clocks: list[SlaClock]


def write_cases(
    cases: list[Case],
    items: dict[str, CatalogItem],
    *,
    source: str,
    zone: str,
    organization: Organization,
    progress: Callable[[Iterable[Case]], Iterable[Case]],
) -> Counter[str]:
    """Store what is not there yet; returns how many new rows of each kind were written.

    An interrupted run leaves whole requests; the next one goes on after them.
    """
    known = _known_references(source)
    new = [case for case in cases if reference_of(source, case.number) not in known]
    written: Counter[str] = Counter(already_there=len(cases) - len(new))
    if not new:
        return written
    now = timezone.now()
    with transaction.atomic():
        keys, made = make_directory(new, items, source=source, organization=organization, at=now)
        terms = find_terms(source, zone=zone, at=now)
    written.update(made)
    for batch in batches(progress(new), BATCH):
        with transaction.atomic():
            written.update(_write_batch(batch, keys, terms, source, now))
    return written


def _known_references(source: str) -> set[str]:
    return set(
        Ticket.objects.filter(source_reference__startswith=reference_of(source, "")).values_list(
            "source_reference", flat=True
        )
    )


def _write_batch(
    batch: list[Case], keys: Keys, terms: Terms, source: str, now: datetime
) -> dict[str, int]:
    numbers = reserve_numbers(ServiceRequest.NUMBER_PREFIX, len(batch))
    records = [
        _record(case, keys, terms, now, number=number, reference=reference_of(source, case.number))
        for number, case in zip(numbers, batch, strict=True)
    ]
    Ticket.objects.bulk_create(record.ticket for record in records)
    insert_children(
        [
            ServiceRequest(ticket_ptr=record.ticket, **request_fields(record.case, keys))
            for record in records
        ]
    )
    for record in records:
        for part in (*record.clocks, *record.events):
            part.ticket_id = record.ticket.pk
    clocks = SlaClock.objects.bulk_create(clock for record in records for clock in record.clocks)
    events = TicketEvent.objects.bulk_create(event for record in records for event in record.events)
    return {"requests": len(records), "events": len(events), "clocks": len(clocks)}


def _record(
    case: Case, keys: Keys, terms: Terms, now: datetime, *, number: str, reference: str
) -> _Record:
    ticket = Ticket(number=number, source_reference=reference, **ticket_fields(case, keys))
    told = promised(terms, case.target_at)
    events = [past_event(one, ticket, now=now) for one in happenings(case, keys, told)]
    clocks = clocks_of(ticket, events, now) if told else []
    show_due(ticket, clocks)
    events += [
        past_event(missed(clock), ticket, now=now)
        for clock in clocks
        if clock.outcome == Outcome.BREACHED
    ]
    return _Record(case, ticket, events, clocks)
