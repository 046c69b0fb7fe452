"""Computing clocks again from their events, and comparing (`GEN-6`, `SLA-30`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from itil.sla.clock import replay
from itil.sla.clock.running import notice, recount
from itil.sla.models import Outcome, SlaClock
from itil.tickets.models import Ticket, TicketEvent
from itil.tickets.querysets import TicketQuerySet

from .following import Happening, copy_to_ticket

# Everything that follows from the events.
DERIVED = (
    "metric", "team_id", "supplier_id", "cycle", "agreement_id", "agreement_version", "target_key",
    "priority", "calendar_id", "calendar_version", "target_seconds", "target_version", "state",
    "outcome", "started_at", "intervals", "due_at", "at_risk_at", "elapsed_seconds", "stopped_at",
    "breached_at", "outcome_at", "exclusion",
)  # fmt: skip
BATCH = 500


@dataclass(frozen=True)
class Difference:
    """Where a stored clock differs from what its events say; `stored` empty when it is missing."""

    number: str
    metric: str
    field: str
    stored: Any
    computed: Any

    def __str__(self) -> str:
        return (
            f"{self.number} {self.metric} {self.field}: {self.stored!s} stored,"
            f" {self.computed!s} by its events"
        )


def differences(
    tickets: TicketQuerySet, now: datetime
) -> Iterator[tuple[Ticket, list[Difference]]]:
    """Each ticket with what its clocks should have been at `now`; an empty list when all is right.

    A breach that nobody has noticed yet is no difference.
    """
    rows = tickets.order_by("pk").prefetch_related(
        Prefetch("clocks", SlaClock.objects.order_by("pk"))
    )
    for batch in _batches(rows.iterator(chunk_size=BATCH)):
        history = _history(batch)
        for ticket in batch:
            clocks = replay(ticket, history.get(ticket.pk, ())).clocks
            yield ticket, list(_compare(ticket, clocks, now))


def _batches(tickets: Iterator[Ticket]) -> Iterator[list[Ticket]]:
    while batch := list(islice(tickets, BATCH)):
        yield batch


def _history(batch: list[Ticket]) -> dict[int, list[Happening]]:
    """The events of these tickets in the order they were written; rows are all that is needed."""
    found: dict[int, list[Happening]] = {}
    rows = TicketEvent.objects.filter(ticket__in=batch).order_by("pk")
    for ticket, *event in rows.values_list("ticket_id", "kind", "at", "data", "actor_id"):
        found.setdefault(ticket, []).append(Happening(*event))
    return found


def _compare(ticket: Ticket, clocks: list[SlaClock], now: datetime) -> Iterator[Difference]:
    stored, computed = _settled(ticket.clocks.all(), now), _settled(clocks, now)
    for key in sorted({*stored, *computed}, key=repr):
        ours, theirs = stored.get(key), computed.get(key)
        if ours is None or theirs is None:
            yield Difference(
                ticket.number, key[0], "clock", ours and ours.state, theirs and theirs.state
            )
            continue
        for name in DERIVED:
            if getattr(ours, name) != getattr(theirs, name):
                yield Difference(
                    ticket.number, key[0], name, getattr(ours, name), getattr(theirs, name)
                )


def _settled(clocks: Iterable[SlaClock], now: datetime) -> dict[tuple[Any, ...], SlaClock]:
    """The clocks by what names them; cancelled ones of the same name one after the other."""
    found: dict[tuple[Any, ...], SlaClock] = {}
    for clock in clocks:
        notice(clock, now)
        key = (clock.metric, clock.team_id, clock.cycle, 0)
        while key in found:
            key = (*key[:3], key[3] + 1)
        found[key] = clock
    return found


def rewrite(ticket: Ticket) -> None:
    """Replace the stored clocks of `ticket` by those its events say.

    What the worker has told of them already is kept, so that nobody is told twice.
    """
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
        told = {
            (clock.metric, clock.team_id, clock.cycle, clock.target_version): clock
            for clock in SlaClock.objects.filter(ticket_id=ticket.pk)
        }
        clocks = replay(ticket, ticket.events.order_by("pk")).clocks
        for clock in clocks:
            known = told.get((clock.metric, clock.team_id, clock.cycle, clock.target_version))
            if known is not None:
                _keep_told(clock, known)
        SlaClock.objects.filter(ticket_id=ticket.pk).delete()
        SlaClock.objects.bulk_create(clocks)
        copy_to_ticket(ticket, clocks)


def _keep_told(clock: SlaClock, known: SlaClock) -> None:
    """What was told of the stored clock counts as told of the computed one, if it holds for it."""
    clock.at_risk_noticed_at = known.at_risk_noticed_at
    clock.escalated = known.escalated
    recount(clock)
    if known.breach_noticed_at is not None:
        notice(clock, known.breach_noticed_at)
        if clock.outcome == Outcome.BREACHED:
            clock.breach_noticed_at = known.breach_noticed_at
