"""What happens to the clocks of a ticket. Every verb runs in the transaction of its caller.

Each one loads the clocks, lets `clock` compute, writes them back and copies the next due time to
the ticket. A clock that is found to be missed on the way is noticed there and then.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Coalesce

from itil.tickets.actions import record
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Channel, EventKind, Ticket

from . import clock as clocks_of
from .clock import Cell, whole
from .matching import Match, find
from .models import Agreement, ClockState, Outcome, SlaClock

# The most clocks one run of `tick` looks at; the next run takes the rest.
BATCH = 500
# Statuses that end a ticket without a result.
WITHOUT_RESULT = frozenset({"cancelled", "rejected"})

CHANGED = [
    "agreement", "agreement_version", "reason", "calendar", "calendar_version", "priority",
    "target_seconds", "target_version", "state", "outcome", "intervals", "due_at", "at_risk_at",
    "elapsed_seconds", "stopped_at", "breached_at", "outcome_at", "exclusion",
    "at_risk_noticed_at", "breach_noticed_at",
]  # fmt: skip


def pauses_for(hold_reason: str, agreement: Agreement | None = None) -> bool:
    """True when waiting for this reason pauses the resolution clock (domain 2.1)."""
    return clocks_of.pauses(hold_reason, agreement or Agreement())


# --- Verbs ---------------------------------------------------------------------------------------


def start_clocks(ticket: Ticket, *, at: datetime) -> list[SlaClock]:
    """Choose the agreement and start its clocks at `ticket.received_at` (`SLA-5`, `SLA-9`).

    What the ticket's own times say was done already is met at once. No agreement, no clocks: the
    ticket is unmeasured. Three statements, one more when a target has a calendar of its own.
    """
    match = find(ticket)
    if match is None:
        return []
    made = _made(ticket, match, _cells(match), at)
    SlaClock.objects.bulk_create(made)
    _copy_to_ticket(ticket, made)
    return made


def follow_phase(ticket: Ticket, *, at: datetime, pauses: bool | None = None) -> None:
    """Let the clocks follow the status the ticket has now: run, stand still, stop, reopen.

    `pauses` says whether the hold reason pauses; by default the reason and the agreement do.
    """
    with transaction.atomic(savepoint=False):
        clocks = _load(ticket)
        changed = False
        for clock in clocks:
            for what in _wanted(ticket, clock, pauses=pauses):
                changed |= clocks_of.apply([clock], what, at)
        if changed:
            _store(ticket, clocks, at)


def _wanted(ticket: Ticket, clock: SlaClock, *, pauses: bool | None) -> tuple[str, ...]:
    """What the present status of the ticket asks of one of its clocks."""
    if ticket.phase == Phase.WAITING:
        if pauses is None:
            pauses = clocks_of.pauses(ticket.hold_reason, clock.agreement)
        return ("pause",) if pauses else ("resume",)
    if ticket.phase == Phase.DONE:
        return ("cancel",) if ticket.status in WITHOUT_RESULT else ("resolve",)
    return ("reopen", "resume")


def acknowledge(ticket: Ticket, *, at: datetime) -> None:
    """A human took the ticket: the acknowledge clock stops (`SLA-2`)."""
    _happen(ticket, "acknowledge", at)


def first_response(ticket: Ticket, *, at: datetime) -> None:
    """A human wrote publicly to the requester: response and acknowledge clocks stop (`SLA-2`)."""
    _happen(ticket, "respond", at)


def resolve(ticket: Ticket, *, at: datetime) -> None:
    """The work is done: every clock that still runs stops (`SLA-2`)."""
    _happen(ticket, "resolve", at)


def reopen(ticket: Ticket, *, at: datetime) -> None:
    """The resolution clock goes on where it stopped (`SLA-19`)."""
    _happen(ticket, "reopen", at)


def cancel(ticket: Ticket, *, at: datetime) -> None:
    """The ticket ends without a result: its clocks count nowhere (`SLA-28`)."""
    _happen(ticket, "cancel", at)


def retarget(ticket: Ticket, *, at: datetime) -> None:
    """Priority or conditions changed: choose again and measure from the start (`SLA-17`, `18`).

    Metrics that only the new agreement promises get a clock since the ticket was received
    (`SLA-22`); those it does not promise are cancelled. Stopped and missed clocks stay.
    """
    with transaction.atomic(savepoint=False):
        match = find(ticket)
        cells = _cells(match) if match else {}
        clocks = _load(ticket)
        for clock in clocks:
            former_due, former_target = clock.due_at, clock.target_seconds
            cell = cells.get(clock.metric)
            if match is None or cell is None:
                if clocks_of.drop(clock, at):
                    _record(clock, "dropped", at)
            elif clocks_of.retarget(
                clock,
                cell,
                at,
                priority=ticket.priority,
                agreement=match.agreement,
                reason=match.reason,
            ):
                _record(
                    clock, "retargeted", at,
                    former_due_at=_iso(former_due), former_target_seconds=former_target,
                )  # fmt: skip
        made: list[SlaClock] = []
        if match is not None:
            known = {clock.metric for clock in clocks}
            missing = {metric: cell for metric, cell in cells.items() if metric not in known}
            made = _made(ticket, match, missing, at)
        _store(ticket, clocks, at, made=made)


def recount(*, limit: int = BATCH) -> int:
    """Recompute running clocks whose calendar was edited (`SLA-18`); the number changed.

    Stopped clocks are left as they were counted (`SLA-7`).
    """
    with transaction.atomic():
        clocks = list(
            SlaClock.objects.counted_by_an_older_calendar()
            .select_related("ticket", "agreement", "calendar")
            .select_for_update(of=("self",), skip_locked=True)[:limit]
        )
        for clock in clocks:
            clocks_of.recount(clock)
        SlaClock.objects.bulk_update(clocks, CHANGED)
        for ticket in {clock.ticket_id: clock.ticket for clock in clocks}.values():
            _copy_to_ticket(ticket, list(ticket.clocks.live()))
    return len(clocks)


# --- The scheduler's verb ---------------------------------------------------------------------


def tick(now: datetime) -> dict[str, int]:
    """Notice what was missed or is at risk at `now`; how many of each (`SLA-23`, `SLA-24`).

    At most `BATCH` clocks a run. A clock is noticed once, however often and late this runs, and
    of a clock that is late already only the breach is told. Missed at exactly the due time is not
    missed.
    """
    now = whole(now)
    with transaction.atomic(savepoint=False):
        late = _lock(SlaClock.objects.falling_due(now).order_by("due_at"), BATCH)
        missed = _notice(
            late,
            SlaClock.objects.falling_due(now),
            outcome=Outcome.BREACHED,
            breached_at=models.F("due_at"),
            outcome_at=models.F("due_at"),
            breach_noticed_at=now,
            at_risk_noticed_at=Coalesce("at_risk_noticed_at", now),
        )
        if missed:
            Ticket.objects.filter(pk__in={clock.ticket_id for clock in late}).update(
                is_breached=True
            )
        for clock in late:
            _record(clock, "breached", clock.due_at or now)
        room = BATCH - len(late)
        risky = _lock(SlaClock.objects.becoming_at_risk(now).order_by("at_risk_at"), room)
        _notice(risky, SlaClock.objects.becoming_at_risk(now), at_risk_noticed_at=now)
        for clock in risky:
            _record(clock, "at_risk", clock.at_risk_at or now)
    return {"breached": len(late), "at_risk": len(risky)}


def _lock(due: models.QuerySet[SlaClock], limit: int) -> list[SlaClock]:
    """The first clocks of a queryset, locked; those another worker holds are left to it."""
    return list(
        due.select_related("ticket", "agreement").select_for_update(of=("self",), skip_locked=True)[
            :limit
        ]
    )


def _notice(clocks: list[SlaClock], still_due: models.QuerySet[SlaClock], **changes: Any) -> int:
    """Write `changes` to those of `clocks` that nobody noticed meanwhile."""
    if not clocks:
        return 0
    return still_due.filter(pk__in=[clock.pk for clock in clocks]).update(**changes)


# --- Reading and writing ------------------------------------------------------------------------


def _cells(match: Match) -> dict[str, Cell]:
    return {metric: Cell(*target) for metric, target in match.targets.items()}


def _load(ticket: Ticket) -> list[SlaClock]:
    """The clocks of a ticket that are not cancelled, locked until the transaction ends."""
    clocks = list(
        SlaClock.objects.live()
        .filter(ticket_id=ticket.pk)
        .select_related("agreement", "calendar")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for clock in clocks:
        clock.ticket = ticket
        clock.facts_as_stored = _facts(clock)
    return clocks


def _facts(clock: SlaClock) -> str:
    """Everything that may change about a clock, in a form that does not change with it."""
    return repr([getattr(clock, name) for name in CHANGED])


def _happen(ticket: Ticket, what: str, at: datetime) -> None:
    with transaction.atomic(savepoint=False):
        clocks = _load(ticket)
        if clocks_of.apply(clocks, what, at):
            _store(ticket, clocks, at)


def _made(ticket: Ticket, match: Match, cells: dict[str, Cell], at: datetime) -> list[SlaClock]:
    """Unsaved clocks since the ticket was received, with what it already went through.

    A ticket opened in a conversation is answered when it is made (`SLA-2`); one that is matched
    late may have been answered, put on hold or resolved.
    """
    made = clocks_of.start_all(
        ticket, match.agreement, cells, priority=ticket.priority, reason=match.reason
    )
    happened = [
        ("acknowledge", ticket.acknowledged_at),
        ("respond", ticket.first_response_at),
        ("resolve", ticket.resolved_at if ticket.phase == Phase.DONE else None),
    ]
    for what, when in happened:
        if when is not None:
            clocks_of.apply(made, what, when)
    if ticket.phase == Phase.WAITING and clocks_of.pauses(ticket.hold_reason, match.agreement):
        clocks_of.apply(made, "pause", ticket.on_hold_since or at)
    return made


def _store(
    ticket: Ticket, clocks: list[SlaClock], at: datetime, *, made: Iterable[SlaClock] = ()
) -> None:
    """Write the clocks back, tell breaches that nobody told yet, copy the next due time."""
    every = [*clocks, *made]
    for clock in every:
        if clock.outcome == Outcome.BREACHED and clock.breach_noticed_at is None:
            clock.breach_noticed_at = whole(at)
            clock.at_risk_noticed_at = clock.at_risk_noticed_at or whole(at)
            _record(clock, "breached", clock.breached_at or at)
    if made:
        SlaClock.objects.bulk_create(made)
    # A ticket has a handful of clocks of which one or two change: plain updates are cheaper than
    # one statement with a case for each column.
    for clock in clocks:
        if _facts(clock) != clock.facts_as_stored:
            clock.save(update_fields=CHANGED)
    _copy_to_ticket(ticket, every)


def _copy_to_ticket(ticket: Ticket, clocks: Iterable[SlaClock]) -> None:
    """Copy the clock that is due next, and whether any was missed, to the ticket's columns."""
    running = [
        (clock.due_at, clock.at_risk_at)
        for clock in clocks
        if clock.state == ClockState.RUNNING and clock.due_at is not None
    ]
    soonest = min(running, key=lambda dates: dates[0], default=(None, None))
    ticket.due_at, ticket.at_risk_at = soonest
    ticket.is_breached = any(clock.outcome == Outcome.BREACHED for clock in clocks)
    Ticket.objects.filter(pk=ticket.pk).update(
        due_at=ticket.due_at, at_risk_at=ticket.at_risk_at, is_breached=ticket.is_breached
    )


def _record(clock: SlaClock, what: str, at: datetime, **more: Any) -> None:
    """Write one line of the ticket's history; `at` is the true time, not that of a late job."""
    about = {
        "metric": clock.metric,
        "what": what,
        "due_at": _iso(clock.breached_at or clock.due_at),
        "agreement": clock.agreement.name,
    }
    record(clock.ticket, EventKind.CLOCK, by=None, at=at, data=about | more, channel=Channel.SYSTEM)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
