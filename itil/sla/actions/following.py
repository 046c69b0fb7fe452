"""An event happened to a ticket: its clocks follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from itil.sla.clock import Standing, Watch
from itil.sla.clock.running import as_text, whole
from itil.sla.models import BY_LEAD, METRICS_OF, Agreement, ClockState, Outcome, SlaClock
from itil.tickets.actions import record
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from portal.people.models import User

CHANGED = [
    "agreement", "agreement_version", "reason", "calendar", "calendar_version", "calendar_edition",
    "target_key", "priority", "target_seconds", "terms", "target_version", "state", "outcome",
    "started_at", "intervals", "due_at", "at_risk_at", "elapsed_seconds", "stopped_at",
    "breached_at", "outcome_at", "exclusion", "at_risk_noticed_at", "breach_noticed_at",
    "escalates_at", "escalated",
]  # fmt: skip
# The same columns by the names that hold no more than a key, so that looking costs no query.
_KEPT = [field.attname for field in SlaClock._meta.concrete_fields if field.name in CHANGED]
# Only these show in the ticket's own columns; a team's clock never alters the SLA (`SLA-1`).
SHOWN = frozenset(METRICS_OF[Agreement.Kind.SLA])


@dataclass(frozen=True)
class Happening:
    """An event as the clocks read it, before or without being stored."""

    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    actor_id: int | None = None


def begin(ticket: Ticket, *, at: datetime, data: Mapping[str, Any]) -> list[SlaClock]:
    """The clocks of a ticket that is about to be stored; its due columns are set.

    `data` is that of its opening event, with the `terms` that `matching.find` gave. No queries.
    """
    watch = Watch(ticket, [], Standing.of(ticket), tuple)
    watch.follow(Happening(EventKind.OPENED, at, data))
    show_due(ticket, watch.clocks)
    return watch.clocks


def start(ticket: Ticket, clocks: list[SlaClock]) -> None:
    """Store what `begin` gave, once the ticket is stored. One statement."""
    for clock in clocks:
        clock.ticket = ticket
    SlaClock.objects.bulk_create(clocks)


def follow(ticket: Ticket, event: TicketEvent) -> None:
    """Let the clocks of `ticket` follow `event`, which its columns show already."""
    with transaction.atomic(savepoint=False):
        watch = watch_of(ticket, event)
        if not watch.clocks and not event.data.get("terms"):
            return
        watch.follow(event)
        _store(watch, event.at)


def absorb(survivor: Ticket, source: Ticket, *, at: datetime) -> None:
    """`source` was merged into `survivor`: the earliest receipt of both counts (`SLA-21`).

    `survivor` is as its caller has locked it. An answer that the requester of `source` has had
    counts as the first response. Nothing happens when the two belong to different organizations.
    """
    if survivor.organization_id != source.organization_id:
        return
    # What was merged into the source before counts as well.
    before = source.events.filter(kind=EventKind.CLOCK, data__what="absorbed")
    receipts = [datetime.fromisoformat(event.data["received_at"]) for event in before]
    received_at, answered_at = min([source.received_at, *receipts]), source.first_response_at
    data = {
        "what": "absorbed",
        "from": source.number,
        "received_at": iso(received_at),
        "answered_at": iso(answered_at),
    }
    event = record(survivor, EventKind.CLOCK, by=None, at=at, data=data, channel=Channel.SYSTEM)
    for name in ("acknowledged_at", "first_response_at"):
        if answered_at and getattr(survivor, name) is None:
            setattr(survivor, name, answered_at)
            Ticket.objects.filter(pk=survivor.pk).update(**{name: answered_at})
    follow(survivor, event)


def exclude(
    ticket: Ticket, *, reason: str, note: str, by: User, at: datetime, clock: SlaClock | None = None
) -> None:
    """Leave one clock, or all of the ticket, out of the compliance figure (`SLA-28`).

    `reason` is one of `BY_LEAD`; whether `by` may is the caller's to ask. ValueError for others.
    """
    if reason not in BY_LEAD:
        raise ValueError(reason)
    data: dict[str, Any] = {"what": "excluded", "reason": str(reason), "note": note}
    if clock is not None:
        data |= {"clock": [clock.metric, clock.team_id, clock.cycle], "metric": clock.metric}
    with transaction.atomic():
        present = Ticket.objects.select_for_update().get(pk=ticket.pk)
        follow(present, record(present, EventKind.CLOCK, by=by, at=at, data=data))
    for name in ("due_at", "at_risk_at", "is_breached"):
        setattr(ticket, name, getattr(present, name))


# --- Reading and writing ------------------------------------------------------------------------


def watch_of(ticket: Ticket, event: TicketEvent | None = None) -> Watch:
    """The clocks of a ticket that are not cancelled, locked until the transaction ends.

    Their history reaches up to `event`, or to the last one.
    """
    clocks = list(
        SlaClock.objects.live()
        .filter(ticket_id=ticket.pk)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for clock in clocks:
        clock.ticket = ticket
        clock.facts_as_stored = _facts(clock)

    def history() -> Iterable[TicketEvent]:
        events = ticket.events.order_by("pk")
        return events.filter(pk__lt=event.pk) if event else events

    return Watch(ticket, clocks, Standing.of(ticket), history)


def _facts(clock: SlaClock) -> str:
    """Everything that may change about a clock, in a form that does not change with it."""
    return repr([getattr(clock, name) for name in _KEPT])


def _store(watch: Watch, at: datetime) -> None:
    """Write the clocks back, tell what was moved or missed, copy the next due time."""
    for clock, what, due_at, target in watch.moved:
        tell(clock, what, at, former_due_at=iso(due_at), former_target_seconds=target)
    for clock in watch.clocks:
        if clock.outcome == Outcome.BREACHED and clock.breach_noticed_at is None:
            clock.breach_noticed_at = whole(at)
            clock.at_risk_noticed_at = clock.at_risk_noticed_at or whole(at)
            tell(clock, "breached", clock.breached_at or at)
    made = [clock for clock in watch.clocks if clock.pk is None]
    if made:
        SlaClock.objects.bulk_create(made)
    # A ticket has a handful of clocks of which one or two change: plain updates are cheaper than
    # one statement with a case for each column.
    changed = [
        clock
        for clock in watch.clocks
        if clock not in made and _facts(clock) != clock.facts_as_stored
    ]
    for clock in changed:
        clock.save(update_fields=CHANGED)
    if made or changed:
        copy_to_ticket(watch.ticket, watch.clocks)


def show_due(ticket: Ticket, clocks: Iterable[SlaClock]) -> None:
    """Set the due columns of the ticket: the clock that is due next, and whether any was missed."""
    shown = [
        clock for clock in clocks if clock.metric in SHOWN and clock.outcome != Outcome.EXCLUDED
    ]
    running = [
        (clock.due_at, clock.at_risk_at)
        for clock in shown
        if clock.state == ClockState.RUNNING and clock.due_at is not None
    ]
    soonest = min(running, key=lambda dates: dates[0], default=(None, None))
    ticket.due_at, ticket.at_risk_at = soonest
    ticket.is_breached = any(clock.outcome == Outcome.BREACHED for clock in shown)


def copy_to_ticket(ticket: Ticket, clocks: Iterable[SlaClock]) -> None:
    """Write the due columns of the ticket, when they are other ones."""
    before = (ticket.due_at, ticket.at_risk_at, ticket.is_breached)
    show_due(ticket, clocks)
    if before != (ticket.due_at, ticket.at_risk_at, ticket.is_breached):
        Ticket.objects.filter(pk=ticket.pk).update(
            due_at=ticket.due_at, at_risk_at=ticket.at_risk_at, is_breached=ticket.is_breached
        )


def tell(clock: SlaClock, what: str, at: datetime, **more: Any) -> None:
    """Write one line of the ticket's history; `at` is the true time, not that of a late job."""
    about = {
        "metric": clock.metric,
        "what": what,
        "due_at": iso(clock.breached_at or clock.due_at),
        "agreement": clock.terms.get("name", ""),
    }
    record(clock.ticket, EventKind.CLOCK, by=None, at=at, data=about | more, channel=Channel.SYSTEM)


def iso(at: datetime | None) -> str | None:
    return as_text(at) if at else None
