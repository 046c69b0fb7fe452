"""One clock: due times, pauses, re-targets, reopening and the outcome (`SLA-15` to `SLA-19`)."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from itil.calendars.hours import (
    SAME_TIME,
    NeverOpenError,
    Schedule,
    add,
    between,
    business_days,
    cutoff,
    next_opening,
    snap_to_closing,
)
from itil.calendars.models import schedule_of
from itil.sla.models import ClockState, Exclusion, Form, Metric, Outcome, SlaClock, reached
from itil.sla.terms import Promise, Step, Terms
from itil.tickets.models import Ticket

# First response and acknowledge are never paused (domain 2.1).
UNPAUSABLE = frozenset({Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE})
# Their due time is an instant and no stretch of time (`SLA-25`).
DATED_FORMS = frozenset({Form.CUTOFF, Form.FIXED_INSTANT})


def whole(at: datetime) -> datetime:
    """The instant without its fraction of a second."""
    return at.replace(microsecond=0)


def promise_of(clock: SlaClock) -> Promise:
    """The rules that `clock` runs by."""
    return Promise.from_data(clock.terms)


def is_pausable(clock: SlaClock) -> bool:
    return clock.metric not in UNPAUSABLE and clock.form not in DATED_FORMS


# --- Stretches ---------------------------------------------------------------------------------


def as_text(at: datetime) -> str:
    """An instant as the stretches have it."""
    return at.astimezone(UTC).isoformat()


def _close_stretch(clock: SlaClock, at: datetime) -> None:
    """End the open stretch; one without length leaves no trace (`SLA-16`)."""
    start = datetime.fromisoformat(clock.intervals[-1][0])
    if at > start:
        clock.intervals[-1][1] = as_text(at)
    else:
        clock.intervals.pop()


def open_stretch(clock: SlaClock, at: datetime) -> None:
    """Begin a stretch, or go on with the last one when it ended at this very instant."""
    if clock.intervals and clock.intervals[-1][1] == as_text(at):
        clock.intervals[-1][1] = None
    else:
        clock.intervals.append([as_text(at), None])


def not_before(clock: SlaClock, at: datetime) -> datetime:
    """`at`, or the last recorded instant when a message arrives late."""
    last = clock.last_activity()
    return whole(at) if last is None else max(whole(at), last)


# --- What follows from them --------------------------------------------------------------------


def recount(clock: SlaClock) -> None:
    """Derive elapsed time, target, due time and warning times from the stretches."""
    if clock.state == ClockState.NOT_STARTED:
        clock.due_at = clock.at_risk_at = clock.escalates_at = None
        return
    schedule = clock.schedule()
    clock.elapsed_seconds = sum(
        between(schedule, start, end) for start, end in clock.stretches() if end is not None
    )
    due_at = due_of(clock, schedule)
    clock.at_risk_at = clock.escalates_at = None
    if clock.state == ClockState.RUNNING:
        promise = promise_of(clock)
        clock.due_at = clock.breached_at or due_at
        clock.at_risk_at = clock.percent_mark(promise.at_risk_percent)
        clock.escalates_at = _next_step(clock, promise)
    elif clock.state == ClockState.PAUSED:
        # While it stands still there is no due time (`SLA-16`).
        clock.due_at = None


def due_of(clock: SlaClock, schedule: Schedule) -> datetime | None:
    """When the target is or was used up; sets `target_seconds` of forms that are no duration.

    None when the closed stretches of a clock that stands still do not get that far.
    """
    began = clock.started_at
    if began is None:
        return None
    promise = promise_of(clock)
    if promise.form in DATED_FORMS:
        dated = _dated(schedule, promise, began)
        clock.target_seconds = between(schedule, began, dated)
        return dated
    if promise.form == Form.BUSINESS_DAYS:
        return _due_in_days(clock, schedule, promise, began)
    return reached(schedule, clock.stretches(), clock.target_seconds)


def _dated(schedule: Schedule, promise: Promise, began: datetime) -> datetime:
    if promise.form == Form.CUTOFF:
        return cutoff(schedule, began, promise.cutoff or 0)
    return whole(datetime.fromisoformat(str(promise.at)))


def _due_in_days(
    clock: SlaClock, schedule: Schedule, promise: Promise, began: datetime
) -> datetime | None:
    """`SLA-26`: what is left after a pause is counted on, to the end of a day if so agreed."""
    days, snap = promise.days or 1, promise.snap
    due_at = business_days(schedule, began, days, snap)
    target, used = between(schedule, began, due_at), 0
    end = None
    for start, end in clock.stretches():
        if start != began:
            due_at = add(schedule, start, target - used)
            if snap != SAME_TIME:
                due_at = snap_to_closing(schedule, due_at)
                target = used + between(schedule, start, due_at)
        clock.target_seconds = target
        # Used up at the very end of a stretch: the next one begins with nothing left.
        if end is None or due_at < end:
            return due_at
        used += between(schedule, start, end)
    clock.target_seconds = target
    return due_at if end == due_at else None


def unfired(clock: SlaClock) -> list[Step]:
    """The escalation steps that this target version has not had, lowest first."""
    done = set(clock.escalated)
    left = [step for step in promise_of(clock).steps if step.key not in done]
    return sorted(left, key=lambda step: step.percent)


def fires_at(clock: SlaClock, step: Step) -> datetime | None:
    """When `step` is due: at its share of the target, or once its own calendar opens."""
    mark = clock.percent_mark(step.percent)
    if mark is None or step.edition is None:
        return mark
    return next_opening(schedule_of(UUID(step.edition)), mark)


def _next_step(clock: SlaClock, promise: Promise) -> datetime | None:
    if clock.outcome == Outcome.EXCLUDED or not promise.steps:
        return None
    instants = [fires_at(clock, step) for step in unfired(clock)]
    return min((at for at in instants if at is not None), default=None)


def mark_breach(clock: SlaClock, due_at: datetime) -> None:
    """Record that the clock was missed at `due_at`, whenever that is noticed (`SLA-24`)."""
    clock.outcome = Outcome.BREACHED
    clock.breached_at = clock.outcome_at = due_at


def notice(clock: SlaClock, now: datetime) -> bool:
    """Settle a running clock as it is at `now`; True when it was found to be missed.

    Something that happened in time and is heard of late takes a breach back: a reply by mail
    counts from when the mail server had it (`MAI-13`).
    """
    if clock.state != ClockState.RUNNING or clock.due_at is None:
        return False
    is_late = whole(now) > clock.due_at
    if is_late and clock.outcome == Outcome.PENDING:
        mark_breach(clock, clock.due_at)
        return True
    if not is_late and clock.outcome == Outcome.BREACHED:
        clock.outcome = Outcome.PENDING
        clock.breached_at = clock.outcome_at = clock.breach_noticed_at = None
    return False


# --- What happens to it ------------------------------------------------------------------------


def make(ticket: Ticket, terms: Terms, metric: str, *, cycle: int = 1) -> SlaClock:
    """An unsaved clock that has not started."""
    clock = SlaClock(
        ticket=ticket,
        metric=metric,
        cycle=cycle,
        state=ClockState.NOT_STARTED,
        team_id=terms.team,
        supplier_id=terms.supplier,
    )
    put_terms(clock, terms)
    return clock


def imagined(terms: Terms, metric: str, at: datetime) -> SlaClock:
    """An unsaved clock of no ticket that runs from `at` on; never due when it never opens."""
    clock = make(Ticket(), terms, metric)
    with suppress(NeverOpenError):
        start(clock, at)
    return clock


def put_terms(clock: SlaClock, terms: Terms) -> None:
    """Let `clock` run by `terms` from now on."""
    cell = terms.targets[clock.metric]
    clock.agreement_id, clock.agreement_version = terms.agreement, terms.version
    clock.reason = terms.reason
    clock.priority, clock.target_key = terms.priority, terms.target_key
    clock.terms = Promise.of(terms, clock.metric).as_data()
    clock.target_seconds = cell.seconds or 0
    put_calendar(clock, cell.calendar, cell.calendar_version, cell.edition)


def put_calendar(clock: SlaClock, calendar: int, version: int, edition: str) -> None:
    """Count by these opening hours; `recount` afterwards."""
    clock.calendar_id, clock.calendar_version = calendar, version
    clock.calendar_edition = UUID(edition)


def again(clock: SlaClock) -> SlaClock:
    """The next run of a metric that repeats, on the same terms, not started."""
    return SlaClock(
        ticket=clock.ticket,
        metric=clock.metric,
        cycle=clock.cycle + 1,
        state=ClockState.NOT_STARTED,
        team_id=clock.team_id,
        supplier_id=clock.supplier_id,
        agreement_id=clock.agreement_id,
        agreement_version=clock.agreement_version,
        reason=clock.reason,
        priority=clock.priority,
        target_key=clock.target_key,
        terms=clock.terms,
        target_seconds=clock.terms.get("seconds") or 0,
        calendar_id=clock.calendar_id,
        calendar_version=clock.calendar_version,
        calendar_edition=clock.calendar_edition,
    )


def start(clock: SlaClock, at: datetime) -> bool:
    """Let a new clock run from `at` on, which may lie outside opening hours (`SLA-10`)."""
    if clock.state != ClockState.NOT_STARTED:
        return False
    clock.started_at = whole(at)
    clock.intervals = [[as_text(clock.started_at), None]]
    clock.state = ClockState.RUNNING
    recount(clock)
    return True


def put_back(clock: SlaClock) -> None:
    """Let an unsaved clock wait for its start again; what it counted so far counts no more."""
    clock.state, clock.outcome, clock.exclusion = ClockState.NOT_STARTED, Outcome.PENDING, ""
    clock.started_at = clock.stopped_at = clock.breached_at = clock.outcome_at = None
    clock.intervals, clock.elapsed_seconds = [], 0
    clock.target_seconds = clock.terms.get("seconds") or 0
    recount(clock)


def pause(clock: SlaClock, at: datetime) -> bool:
    """Let a running clock stand still. A breach stays (`SLA-16`)."""
    if clock.state != ClockState.RUNNING or not is_pausable(clock):
        return False
    at = not_before(clock, at)
    notice(clock, at)
    _close_stretch(clock, at)
    clock.state = ClockState.PAUSED
    recount(clock)
    return True


def resume(clock: SlaClock, at: datetime) -> bool:
    """Let a paused clock go on: due is what was left, counted from now (`SLA-16`)."""
    if clock.state != ClockState.PAUSED:
        return False
    open_stretch(clock, not_before(clock, at))
    clock.state = ClockState.RUNNING
    recount(clock)
    return True


def stop(clock: SlaClock, at: datetime) -> bool:
    """The promised thing was done: met if not later than due, decided on instants (`SLA-15`).

    A clock that stood still is due as if it had gone on at that instant.
    """
    if clock.state not in (ClockState.RUNNING, ClockState.PAUSED):
        return False
    at = not_before(clock, at)
    resume(clock, at)
    notice(clock, at)
    _close_stretch(clock, at)
    clock.state = ClockState.STOPPED
    clock.stopped_at = at
    if clock.outcome == Outcome.PENDING:
        clock.outcome = Outcome.MET
        clock.outcome_at = at
    recount(clock)
    return True


def reopen(clock: SlaClock, at: datetime, *, count_gap: bool = False) -> bool:
    """The stopped clock goes on, a breach stays (`SLA-19`).

    The time since it stopped is not counted unless `count_gap`.
    """
    if clock.state != ClockState.STOPPED:
        return False
    began = clock.stopped_at if count_gap and clock.stopped_at else not_before(clock, at)
    open_stretch(clock, began)
    clock.state = ClockState.RUNNING
    clock.stopped_at = None
    if clock.outcome == Outcome.MET:
        clock.outcome = Outcome.PENDING
        clock.outcome_at = None
    recount(clock)
    notice(clock, at)
    return True


def cancel(clock: SlaClock, at: datetime, exclusion: str = Exclusion.CANCELLED) -> bool:
    """End the clock without a result; it counts neither as met nor as missed (`SLA-28`). That it
    was missed before stays known, whether or not a job has noticed.
    """
    if clock.state == ClockState.CANCELLED:
        return False
    at = not_before(clock, at)
    notice(clock, at)
    if clock.state == ClockState.RUNNING:
        _close_stretch(clock, at)
    clock.state = ClockState.CANCELLED
    clock.outcome = Outcome.EXCLUDED
    clock.exclusion = exclusion
    clock.outcome_at = at
    recount(clock)
    clock.due_at = None
    return True


def exclude(clock: SlaClock, at: datetime, exclusion: str) -> bool:
    """Leave the clock out of the compliance figure; it goes on, but warns no more (`SLA-28`). What
    was missed before stays in the period in which it was, whether or not a job has noticed.
    """
    if clock.state == ClockState.CANCELLED or clock.outcome == Outcome.EXCLUDED:
        return False
    notice(clock, at)
    clock.outcome = Outcome.EXCLUDED
    clock.exclusion = exclusion
    clock.outcome_at = clock.outcome_at or whole(at)
    recount(clock)
    return True
