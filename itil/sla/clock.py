"""How a clock runs: due times, pauses, re-targets, reopening and the outcome (`SLA-15` to `19`).

Pure: the functions change `SlaClock` objects in memory and ask the database nothing, provided that
their calendars are loaded. The verbs of `actions` and the replay of a history go through the same
functions. Instants are cut to whole seconds; durations are seconds of business time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from itil.calendars.hours import between
from itil.calendars.models import BusinessCalendar
from itil.tickets.models import Ticket

from .models import Agreement, ClockState, Exclusion, Metric, Outcome, SlaClock

# First response and acknowledge are never paused (domain 2.1).
PAUSABLE = frozenset({Metric.RESOLUTION})
# Neither stopped nor cancelled.
LIVE = frozenset({ClockState.RUNNING, ClockState.PAUSED})
# What each human act stops. A resolution carries a public note, so it ends everything.
STOPS: Mapping[str, frozenset[str]] = {
    "acknowledge": frozenset({Metric.ACKNOWLEDGE}),
    "respond": frozenset({Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE}),
    "resolve": frozenset({Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE, Metric.RESOLUTION}),
}
# Hold reasons that pause; `awaiting_vendor` does if the agreement says so (domain 2.1).
PAUSING_REASONS = frozenset(
    {"awaiting_requester", "scheduled", "awaiting_approval", "force_majeure"}
)


class Cell(NamedTuple):
    """One cell of the target table: business seconds on a calendar."""

    seconds: int
    calendar: BusinessCalendar


Cells = Mapping[str, Cell]


class Step(NamedTuple):
    """Something that happened to a ticket: a verb of `apply`, and the priority of a retarget."""

    at: datetime
    what: str
    priority: int | None = None


def whole(at: datetime) -> datetime:
    """The instant without its fraction of a second."""
    return at.replace(microsecond=0)


def pauses(hold_reason: str, agreement: Agreement) -> bool:
    """True when waiting for this reason stops the resolution clock of `agreement`."""
    if hold_reason == "awaiting_vendor":
        return agreement.vendor_pauses
    return hold_reason in PAUSING_REASONS


def cells_of(agreement: Agreement, priority: int) -> dict[str, Cell]:
    """The targets of one priority. No query when `targets` and their calendars are prefetched."""
    return {
        target.metric: Cell(target.seconds, target.calendar or agreement.calendar)
        for target in agreement.targets.all()
        if target.priority == priority
    }


# --- One clock -------------------------------------------------------------------------------


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _close_stretch(clock: SlaClock, at: datetime) -> None:
    """End the open stretch; one without length leaves no trace (`SLA-16`)."""
    start = datetime.fromisoformat(clock.intervals[-1][0])
    if at > start:
        clock.intervals[-1][1] = _text(at)
    else:
        clock.intervals.pop()


def _open_stretch(clock: SlaClock, at: datetime) -> None:
    """Begin a stretch, or go on with the last one when it ended at this very instant."""
    if clock.intervals and clock.intervals[-1][1] == _text(at):
        clock.intervals[-1][1] = None
    else:
        clock.intervals.append([_text(at), None])


def recount(clock: SlaClock) -> None:
    """Derive elapsed time, due time and warning time from the stretches."""
    schedule = clock.calendar.schedule()
    clock.calendar_version = clock.calendar.version
    clock.elapsed_seconds = sum(
        between(schedule, start, end) for start, end in clock.stretches() if end is not None
    )
    if clock.state == ClockState.RUNNING:
        clock.due_at = clock.breached_at or clock.reached_at(clock.target_seconds)
        clock.at_risk_at = clock.percent_mark(clock.agreement.at_risk_percent)
    elif clock.state == ClockState.PAUSED:
        # While it stands still there is no due time (`SLA-16`).
        clock.due_at = clock.at_risk_at = None


def mark_breach(clock: SlaClock, due_at: datetime) -> None:
    """Record that the clock was missed at `due_at`, whenever that is noticed (`SLA-24`)."""
    clock.outcome = Outcome.BREACHED
    clock.breached_at = clock.outcome_at = due_at


def notice(clock: SlaClock, now: datetime) -> bool:
    """Mark a running clock as missed once its due time has passed; True when that was news."""
    if clock.state != ClockState.RUNNING or clock.outcome != Outcome.PENDING:
        return False
    if clock.due_at is None or whole(now) <= clock.due_at:
        return False
    mark_breach(clock, clock.due_at)
    return True


def start(
    ticket: Ticket,
    agreement: Agreement,
    metric: str,
    cell: Cell,
    *,
    priority: int,
    reason: str = "",
) -> SlaClock:
    """An unsaved clock that runs since the ticket was received (`SLA-9`, `SLA-10`)."""
    began = whole(ticket.received_at)
    clock = SlaClock(
        ticket=ticket,
        agreement=agreement,
        agreement_version=agreement.version,
        reason=reason,
        calendar=cell.calendar,
        metric=metric,
        priority=priority,
        target_seconds=cell.seconds,
        started_at=began,
        intervals=[[_text(began), None]],
    )
    recount(clock)
    return clock


def pause(clock: SlaClock, at: datetime) -> bool:
    """Let a running clock stand still. A breach stays (`SLA-16`)."""
    if clock.state != ClockState.RUNNING or clock.metric not in PAUSABLE:
        return False
    at = max(whole(at), clock.last_activity())
    notice(clock, at)
    _close_stretch(clock, at)
    clock.state = ClockState.PAUSED
    recount(clock)
    return True


def resume(clock: SlaClock, at: datetime) -> bool:
    """Let a paused clock go on: due is what was left, counted from now (`SLA-16`)."""
    if clock.state != ClockState.PAUSED:
        return False
    _open_stretch(clock, max(whole(at), clock.last_activity()))
    clock.state = ClockState.RUNNING
    recount(clock)
    return True


def stop(clock: SlaClock, at: datetime) -> bool:
    """The promised thing was done: met if not later than due, decided on instants (`SLA-15`)."""
    if clock.state not in LIVE:
        return False
    at = max(whole(at), clock.last_activity())
    notice(clock, at)
    if clock.state == ClockState.RUNNING:
        _close_stretch(clock, at)
    clock.state = ClockState.STOPPED
    clock.stopped_at = at
    if clock.outcome == Outcome.PENDING:
        clock.outcome = Outcome.MET
        clock.outcome_at = at
    recount(clock)
    return True


def reopen(clock: SlaClock, at: datetime) -> bool:
    """The stopped clock goes on; the gap is not counted, a breach stays (`SLA-19`)."""
    if clock.state != ClockState.STOPPED or clock.metric != Metric.RESOLUTION:
        return False
    _open_stretch(clock, max(whole(at), clock.last_activity()))
    clock.state = ClockState.RUNNING
    clock.stopped_at = None
    if clock.outcome == Outcome.MET:
        clock.outcome = Outcome.PENDING
        clock.outcome_at = None
    recount(clock)
    return True


def cancel(clock: SlaClock, at: datetime, exclusion: str = Exclusion.CANCELLED) -> bool:
    """End the clock without a result; it counts neither as met nor as missed (`SLA-28`)."""
    if clock.state == ClockState.CANCELLED:
        return False
    at = max(whole(at), clock.last_activity())
    if clock.state == ClockState.RUNNING:
        _close_stretch(clock, at)
    clock.state = ClockState.CANCELLED
    clock.outcome = Outcome.EXCLUDED
    clock.exclusion = exclusion
    clock.outcome_at = at
    clock.due_at = clock.at_risk_at = None
    recount(clock)
    return True


def drop(clock: SlaClock, at: datetime) -> bool:
    """The agreement that applies now has no such target (`SLA-18`); True when that ended it.

    As with another target, clocks that are stopped or missed keep what they have.
    """
    notice(clock, at)
    if clock.state not in LIVE or clock.outcome == Outcome.BREACHED:
        return False
    cancel(clock, at, Exclusion.NO_TARGET)
    return True


def retarget(
    clock: SlaClock, cell: Cell, at: datetime, *, priority: int, agreement: Agreement, reason: str
) -> bool:
    """Measure by another target from the original start (`SLA-17`); True when that changed it.

    Clocks that are stopped or missed keep what they have. A shorter target may turn out to have
    been missed in the past.
    """
    if clock.state not in LIVE:
        return False
    at = max(whole(at), clock.last_activity())
    notice(clock, at)
    if clock.outcome == Outcome.BREACHED:
        return False
    before = (clock.agreement_id, clock.target_seconds, clock.calendar_id, clock.priority)
    if before == (agreement.pk, cell.seconds, cell.calendar.pk, priority):
        return False
    clock.agreement, clock.agreement_version, clock.reason = agreement, agreement.version, reason
    clock.calendar, clock.target_seconds, clock.priority = cell.calendar, cell.seconds, priority
    clock.target_version += 1
    # A new target warns anew.
    clock.at_risk_noticed_at = None
    due_at = clock.reached_at(clock.target_seconds)
    active_until = at if clock.state == ClockState.RUNNING else clock.last_activity()
    if due_at is not None and due_at < active_until:
        mark_breach(clock, due_at)
    recount(clock)
    return True


# --- All clocks of a ticket ---------------------------------------------------------------------


def start_all(
    ticket: Ticket, agreement: Agreement, cells: Cells, *, priority: int, reason: str = ""
) -> list[SlaClock]:
    """Unsaved clocks for every metric that has a target."""
    return [
        start(ticket, agreement, metric, cells[metric], priority=priority, reason=reason)
        for metric in Metric.values
        if metric in cells
    ]


def apply(clocks: Iterable[SlaClock], what: str, at: datetime) -> bool:
    """Let one thing happen to all clocks of a ticket; True when it changed any.

    `what`: acknowledge, respond, resolve, pause, resume, reopen or cancel. KeyError for others.
    """
    if what in STOPS:
        changed = [stop(clock, at) for clock in clocks if clock.metric in STOPS[what]]
    else:
        change = {"pause": pause, "resume": resume, "reopen": reopen, "cancel": cancel}[what]
        changed = [change(clock, at) for clock in clocks]
    return any(changed)


def replay(
    ticket: Ticket,
    agreement: Agreement,
    steps: Sequence[Step | tuple[datetime, str] | tuple[datetime, str, int]],
    *,
    priority: int | None = None,
    reason: str = "",
) -> list[SlaClock]:
    """The clocks of a ticket as its history left them, unsaved.

    `steps` are (instant, verb) or (instant, "retarget", priority) in order of time; `priority` is
    the first one, by default that of the ticket. `agreement.targets` should be prefetched.
    """
    present = ticket.priority if priority is None else priority
    clocks = start_all(
        ticket, agreement, cells_of(agreement, present), priority=present, reason=reason
    )
    for step in steps:
        at, what, value = Step(*step)
        if what != "retarget":
            apply(clocks, what, at)
            continue
        present = present if value is None else value
        cells = cells_of(agreement, present)
        for clock in clocks:
            if clock.metric in cells:
                retarget(
                    clock,
                    cells[clock.metric],
                    at,
                    priority=present,
                    agreement=agreement,
                    reason=reason,
                )
            else:
                drop(clock, at)
    return clocks


# --- Why this deadline ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Explanation:
    """How a due time came about, for people. Durations are business seconds of the calendar."""

    clock: SlaClock
    target_seconds: int
    calendar_name: str
    started_at: datetime
    # Business time between the start and now (or the stop) that was not counted.
    paused_seconds: int
    due_at: datetime | None
    elapsed_seconds: int
    # Negative once the target is used up.
    remaining_seconds: int
    # Rounded down: 100 is only shown when everything is used up.
    percent: int

    @property
    def overdue_seconds(self) -> int:
        """Business seconds beyond the target; 0 while it is kept."""
        return max(0, -self.remaining_seconds)

    @property
    def shown_percent(self) -> int:
        """The share of a bar that is filled, 0 to 100."""
        return min(100, self.percent)


def explain(clock: SlaClock, now: datetime) -> Explanation:
    """The parts of the due time of `clock` as they stand at `now`."""
    elapsed = clock.elapsed_at(now)
    until = clock.stopped_at or max(whole(now), clock.last_activity())
    open_time = between(clock.calendar.schedule(), clock.started_at, until)
    return Explanation(
        clock=clock,
        target_seconds=clock.target_seconds,
        calendar_name=clock.calendar.name,
        started_at=clock.started_at,
        paused_seconds=max(0, open_time - elapsed),
        due_at=clock.due_at,
        elapsed_seconds=elapsed,
        remaining_seconds=clock.target_seconds - elapsed,
        percent=elapsed * 100 // clock.target_seconds,
    )
