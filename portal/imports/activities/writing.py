"""Stores cases as incidents: in batches, each whole or not at all, none of them twice."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from itil.incidents.models import Incident
from itil.tickets.models import Ticket, TicketEvent
from itil.tickets.numbering import reserve_numbers
from portal.imports.children import insert_children
from portal.imports.past import past_event
from portal.imports.tables import batches
from portal.people.models import Organization, User

from .history import happenings, reference_of, ticket_fields
from .log import Activity, Log

BATCH = 500
# Nobody reads mail at these addresses: `.invalid` can never be a real domain (RFC 2606).
MAIL_DOMAIN = "activities.import.invalid"
UNKNOWN = "Unknown requester"

Case = list[Activity]


def write_log(
    log: Log,
    *,
    source: str,
    organization: Organization,
    progress: Callable[[Iterable[Case]], Iterable[Case]],
) -> Counter[str]:
    """Store what is not there yet; returns how many new rows of each kind were written.

    An interrupted run leaves whole incidents; the next one goes on after them.
    """
    known = set(
        Ticket.objects.filter(source_reference__startswith=reference_of(source, "")).values_list(
            "source_reference", flat=True
        )
    )
    new = [case for number, case in log.cases.items() if reference_of(source, number) not in known]
    written: Counter[str] = Counter(already_there=len(log.cases) - len(new))
    requester = _requester(source, organization)
    now = timezone.now()
    for batch in batches(progress(new), BATCH):
        with transaction.atomic():
            written.update(_write_batch(batch, source, requester, organization, now))
    return written


def _requester(source: str, organization: Organization) -> User:
    """The log does not say who asked: all cases belong to one person."""
    person, _made = User.objects.get_or_create(
        source_reference=reference_of(source, UNKNOWN),
        defaults={
            "email": f"{slugify(source)[:40]}@{MAIL_DOMAIN}",
            "name": UNKNOWN,
            "password": make_password(None),
            "organization": organization,
        },
    )
    return person


def _write_batch(
    batch: list[Case], source: str, requester: User, organization: Organization, now: datetime
) -> dict[str, int]:
    numbers = reserve_numbers(Incident.NUMBER_PREFIX, len(batch))
    tickets = [
        Ticket(
            number=number,
            requester=requester,
            organization=organization,
            **ticket_fields(case, source=source),
        )
        for number, case in zip(numbers, batch, strict=True)
    ]
    Ticket.objects.bulk_create(tickets)
    insert_children([Incident(ticket_ptr=ticket) for ticket in tickets])
    events = [
        past_event(happening, ticket, now=now)
        for ticket, case in zip(tickets, batch, strict=True)
        for happening in happenings(case)
    ]
    TicketEvent.objects.bulk_create(events)
    return {"incidents": len(tickets), "events": len(events)}
