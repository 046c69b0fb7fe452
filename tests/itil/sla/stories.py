"""What the tests of clocks tell and look at."""

from datetime import timedelta

from itil.sla.models import Metric, SlaClock
from itil.tickets.models import EventKind, Ticket

# Monday 10:00 in Berlin; due at P3: acknowledge 11:00, response 12:00, resolution Wed 10:00.
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ONE_HOUR = timedelta(hours=1)


def clock_of(ticket, metric=Metric.RESOLUTION) -> SlaClock:
    return (
        SlaClock.objects.live()
        .select_related("calendar", "agreement")
        .get(ticket=ticket, metric=metric)
    )


def columns(ticket) -> tuple:
    return Ticket.objects.values_list("due_at", "at_risk_at", "is_breached").get(pk=ticket.pk)


def told(ticket) -> list[tuple[str, str]]:
    """What the history says about clocks."""
    events = ticket.events.filter(kind=EventKind.CLOCK)
    return [(event.data["metric"], event.data["what"]) for event in events]


def put(ticket, status, phase, hold_reason="") -> None:
    ticket.status, ticket.phase, ticket.hold_reason = status, phase, hold_reason
