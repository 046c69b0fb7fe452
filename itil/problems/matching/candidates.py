"""The incidents among which candidates for problems are looked for."""

from collections import defaultdict
from datetime import datetime

from itil.problems.matter import Record
from itil.tickets.models import LinkType, Ticket, TicketItem, TicketLink


def records(since: datetime, until: datetime) -> list[Record]:
    """What was received in `[since, until)` and belongs to no problem yet. Two queries.

    Withdrawn, merged and confidential incidents are left out, and those that follow a parent.
    """
    linked = TicketLink.objects.filter(type=LinkType.CAUSED_BY, target__kind="problem").values(
        "source"
    )
    found = Ticket.objects.filter(
        kind="incident",
        received_at__gte=since,
        received_at__lt=until,
        is_confidential=False,
        merged_into__isnull=True,
        parent__isnull=True,
    ).exclude(status="cancelled")
    incidents = found.exclude(pk__in=linked).order_by("pk")
    items: dict[int, list[int]] = defaultdict(list)
    for ticket, item in TicketItem.objects.filter(ticket__in=incidents).values_list(
        "ticket_id", "item_id"
    ):
        items[ticket].append(item)
    rows = incidents.values_list("pk", "title", "received_at", "service_id")
    return [
        Record(key, title, at, service or 0, tuple(sorted(items.get(key, ()))))
        for key, title, at, service in rows
    ]
