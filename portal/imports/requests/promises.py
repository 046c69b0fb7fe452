"""The due dates that cases were recorded with, and the clocks that follow from them.

A due date is a promise of a date (`SLA-3`): no hours are counted, so the city's own rule is not
needed to tell what was kept. Cases without one were promised nothing.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from itil.calendars.models import BusinessCalendar
from itil.sla.clock import replay
from itil.sla.clock.running import as_text, notice
from itil.sla.matching import Facts, terms_of
from itil.sla.models import Agreement, Form, Metric, Outcome, ServiceTarget, SlaClock
from itil.sla.terms import Terms
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from portal.imports.past import Happening

from .history import KIND, PRIORITY


@transaction.atomic
def find_terms(source: str, *, zone: str, at: datetime) -> Terms:
    """What the cases of `source` are promised, but for their dates; the agreement is made once.

    It is not active: it measures what was imported and never applies to new requests by itself.
    """
    calendar, _made = BusinessCalendar.objects.get_or_create(
        name=f"{source}, every day", defaults={"time_zone": zone, "always_open": True}
    )
    agreement, is_new = Agreement.objects.get_or_create(
        name=f"{source}, recorded due dates",
        defaults={"calendar": calendar, "active": False, "ticket_kind": KIND},
    )
    if is_new:
        ServiceTarget.objects.create(
            agreement=agreement,
            metric=Metric.FULFILMENT,
            priority=PRIORITY,
            form=Form.FIXED_INSTANT,
        )
    prefetch_related_objects([agreement], "calendar", "targets__calendar", "steps")
    return terms_of(agreement, _any_case(at))


def _any_case(at: datetime) -> Facts:
    return Facts(
        received_at=at,
        organizations=(),
        service=None,
        location=None,
        requester_is_vip=False,
        ticket_kind=KIND,
        channel=Channel.API,
        priority=PRIORITY,
        agreed_at=at,
    )


def promised(terms: Terms, target_at: datetime | None) -> list[dict[str, Any]]:
    """`terms` with the date of one case, as its opening tells them; empty without a date."""
    if target_at is None:
        return []
    targets = {
        metric: replace(cell, at=target_at.isoformat()) for metric, cell in terms.targets.items()
    }
    return [replace(terms, targets=targets).as_data()]


def clocks_of(ticket: Ticket, events: list[TicketEvent], now: datetime) -> list[SlaClock]:
    """The unsaved clocks that follow from `events`.

    What was missed by `now` counts as noticed then, so that nobody is warned of old history.
    """
    clocks = replay(ticket, events).clocks
    for clock in clocks:
        notice(clock, now)
        if clock.outcome == Outcome.BREACHED:
            clock.breach_noticed_at = clock.at_risk_noticed_at = now
    return clocks


def missed(clock: SlaClock) -> Happening:
    """The line of the history that tells that the promise of `clock` was missed."""
    due_at = clock.breached_at
    assert due_at is not None  # noqa: S101 - asked of missed clocks only
    data = {
        "metric": str(clock.metric),
        "what": "breached",
        "due_at": as_text(due_at),
        "agreement": clock.terms["name"],
        "imported": True,
    }
    return Happening(EventKind.CLOCK, due_at, data)
