"""The agreement imported incidents are measured by, and their clocks.

The log only says whether a promise was kept, not which promise. The default agreement is an
invented one, the same that the figures beside the log were computed with: day and night for P1
and P2, Monday to Friday 9 to 18 o'clock UTC for P3 and P4.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.sla.clock import replay
from itil.sla.matching import Facts, terms_of
from itil.sla.models import Agreement, Metric, ServiceTarget, SlaClock
from itil.tickets.lifecycle import Phase
from itil.tickets.models import EventKind, Ticket, TicketEvent

from .history import effective_resolution, first_assignment, waits
from .log import Row

AGREEMENT = "Imported log policy"
HOURS, MINUTES = 3600, 60
# Seconds by priority.
ACKNOWLEDGE = {1: 15 * MINUTES, 2: 30 * MINUTES, 3: 4 * HOURS, 4: 8 * HOURS}
RESOLUTION = {1: 4 * HOURS, 2: 8 * HOURS, 3: 24 * HOURS, 4: 40 * HOURS}
DAY_AND_NIGHT_FOR = frozenset({1, 2})


class NoSuchAgreement(Exception):  # noqa: N818 - says what is missing
    """The message is for a person."""


@transaction.atomic
def find_agreement(name: str) -> Agreement:
    """The agreement `name` with its targets loaded; the default one is made when it is missing.

    Raises NoSuchAgreement for any other missing name.
    """
    found = Agreement.objects.filter(name=name).first() or _make_agreement(name)
    prefetch_related_objects([found], "calendar", "targets__calendar", "steps")
    return found


def _make_agreement(name: str) -> Agreement:
    if name != AGREEMENT:
        known = ", ".join(f"“{one}”" for one in Agreement.objects.values_list("name", flat=True))
        raise NoSuchAgreement(
            f"There is no agreement “{name}”. Known: {known or 'none'}; “{AGREEMENT}” is made"
            " when it is missing."
        )
    office = _calendar("Imported log, office hours")
    if not office.openings.exists():
        WeeklyOpening.objects.bulk_create(
            WeeklyOpening(calendar=office, weekday=day, opens=9 * 60, closes=18 * 60)
            for day in range(5)
        )
    always = _calendar("Imported log, day and night", always_open=True)
    # Not active: it measures what was imported and never applies to new tickets by itself.
    agreement = Agreement.objects.create(
        name=name, calendar=office, active=False, vendor_pauses=True
    )
    ServiceTarget.objects.bulk_create(
        ServiceTarget(
            agreement=agreement,
            metric=metric,
            priority=priority,
            seconds=seconds,
            calendar=always if priority in DAY_AND_NIGHT_FOR else None,
        )
        for metric, targets in (
            (Metric.ACKNOWLEDGE, ACKNOWLEDGE),
            (Metric.RESOLUTION, RESOLUTION),
        )
        for priority, seconds in targets.items()
    )
    return agreement


def _calendar(name: str, **fields: Any) -> BusinessCalendar:
    calendar, _made = BusinessCalendar.objects.get_or_create(
        name=name, defaults={"time_zone": "UTC"} | fields
    )
    return calendar


def measured(ticket: Ticket, agreement: Agreement, rows: list[Row]) -> dict[str, Any]:
    """What the clocks of an incident are told: the promise at its last priority, and the steps.

    Every Awaiting state pauses the resolution, whatever is waited for. It stops at the effective
    resolution; what the log tells of later is no longer measured. Acknowledged is the first
    recorded assignee; an incident that never had one is not measured by that.
    """
    steps: list[tuple[datetime, str]] = []
    assigned, resolved = first_assignment(rows), effective_resolution(rows)
    if assigned:
        steps.append((assigned, "acknowledge"))
    for wait in waits(rows):
        steps += ((wait.start, "pause"), (wait.end, "resume"))
    if resolved and ticket.phase == Phase.DONE:
        steps.append((max(resolved, ticket.received_at), "resolve"))
    facts = Facts(
        received_at=ticket.received_at,
        organizations=(),
        service=None,
        location=None,
        requester_is_vip=False,
        ticket_kind=ticket.kind,
        channel=ticket.channel,
        priority=ticket.priority,
    )
    terms = terms_of(agreement, facts)
    if not assigned:
        terms = terms.only(frozenset(terms.targets) - {Metric.ACKNOWLEDGE})
    return {
        "what": "measured",
        "imported": True,
        "terms": terms.as_data(),
        "steps": [[at.isoformat(), what] for at, what in steps],
    }


def clocks_of(ticket: Ticket, told: dict[str, Any]) -> list[SlaClock]:
    """Unsaved clocks of an incident that was told `measured`."""
    event = TicketEvent(kind=EventKind.CLOCK, at=ticket.received_at, data=told)
    return replay(ticket, [event]).clocks
