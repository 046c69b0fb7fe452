"""From the tasks to the delivered thing, and what the system does by itself with time."""

from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from catalog.offerings import actions as offerings
from catalog.offerings.actions import Deliveries
from catalog.offerings.models import FIGURE_DAYS, CatalogItem
from catalog.requests.clock import usual, working_days
from catalog.requests.lifecycle import HoldReason, Status
from catalog.requests.models import ServiceRequest
from itil.calendars.hours import Schedule
from itil.calendars.models import BusinessCalendar
from itil.cmdb import actions as items
from itil.cmdb.models import ConfigurationItem
from itil.desk import actions as desk
from itil.desk.actions.changing import locked, refresh_copy
from itil.tasks.models import Task
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Channel, Ticket
from itil.tickets.querysets import constant

# How many requests one run of a timed job works through; the next run takes the rest.
BATCH = 500


@transaction.atomic
def tasks_done(request: ServiceRequest, *, at: datetime) -> ServiceRequest:
    """Deliver a request whose mandatory tasks are all done or skipped; else nothing happens."""
    present = cast(ServiceRequest, locked(request))
    tasks = Task.objects.of(present)
    if (
        present.status == Status.IN_FULFILMENT
        and tasks.exists()
        and Task.objects.all_mandatory_done(present)
    ):
        desk.move(present, "fulfil", by=None, at=at, channel=Channel.SYSTEM)
    refresh_copy(request, present)
    return request


@transaction.atomic
def taken_back(request: ServiceRequest, *, at: datetime) -> ServiceRequest:
    """What came back with a delivered request is held by nobody any more and in stock.

    Nothing happens when the person gave it to somebody else, or it came back before.
    """
    thing = request.takes_back
    if request.phase == Phase.DONE and thing is not None:
        held = ConfigurationItem.objects.select_for_update(of=("self",)).get(pk=thing.pk)
        if held.held_by_id == request.beneficiary.pk:
            items.take_back(held, by=None, note=request.number, at=at)
    return request


@transaction.atomic
def task_failed(request: ServiceRequest, number: str, *, at: datetime) -> ServiceRequest:
    """A mandatory task failed: the request waits for a lead; it is not rejected (`REQ-4`)."""
    present = cast(ServiceRequest, locked(request))
    if present.status == Status.IN_FULFILMENT and Task.objects.failed(present).exists():
        values = {"hold_reason": HoldReason.TASK_FAILED, "reference": number}
        desk.move(present, "hold", by=None, values=values, at=at, channel=Channel.SYSTEM)
    refresh_copy(request, present)
    return request


def close_delivered(now: datetime) -> int:
    """Close what was delivered and nobody missed: calendar days after the latest delivery.

    Returns how many. Safe to run twice: each request is moved under its own lock.
    """
    limit = now - timedelta(days=settings.TICKET_AUTO_CLOSE_DAYS)
    # Only requests are ever delivered, so that the base table has it all, by an index of its own.
    due = Ticket.objects.filter(status=constant(Status.FULFILLED), resolved_at__lte=limit)
    return sum(desk.try_move(one, "close", at=now) for one in due.order_by("resolved_at")[:BATCH])


def count_deliveries(now: datetime) -> int:
    """Count what the last 90 days were like, for the cards of the catalog; returns how many items.

    Deliveries are those of the period, orders those that were received in it (`KPI-1`).
    """
    since = now - timedelta(days=FIGURE_DAYS)
    counted = ServiceRequest.objects.filter(item__isnull=False).exclude(status=Status.CANCELLED)
    ordered = dict(
        counted.filter(received_at__gte=since, received_at__lt=now)
        .values_list("item")
        .annotate(count=Count("pk"))
        .order_by()
    )
    delivered: dict[int, list[tuple[datetime, datetime, datetime | None]]] = {}
    rows = counted.filter(
        resolved_at__gte=since, resolved_at__lt=now, approved_at__isnull=False
    ).values_list("item", "approved_at", "resolved_at", "agreed_at")
    for item, start, end, promised in rows.iterator(chunk_size=2000):
        delivered.setdefault(item, []).append((start, end, promised))
    calendar_of = dict(
        CatalogItem.objects.filter(pk__in=delivered).values_list("pk", "calendar_id")
    )
    calendars = BusinessCalendar.objects.in_bulk(set(calendar_of.values()) - {None})
    found = {}
    for item in {*ordered, *delivered}:
        calendar = calendars.get(calendar_of.get(item))
        found[item] = _counted(
            ordered.get(item, 0), delivered.get(item, []), calendar and calendar.schedule()
        )
    offerings.keep_figures(found, at=now)
    return len(found)


def _counted(
    ordered: int,
    rows: list[tuple[datetime, datetime, datetime | None]],
    schedule: Schedule | None,
) -> Deliveries:
    days = [working_days(schedule, start, end) for start, end, _at in rows] if schedule else []
    middle, nine = usual(days)
    return Deliveries(
        ordered=ordered,
        delivered=len(rows),
        promised=sum(promised is not None for _start, _end, promised in rows),
        kept=sum(promised is not None and end <= promised for _start, end, promised in rows),
        median_days=middle,
        p90_days=nine,
    )
