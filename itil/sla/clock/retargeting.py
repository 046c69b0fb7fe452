"""Other terms or another start for a clock that runs already (`SLA-17`, `SLA-18`, `SLA-21`)."""

from datetime import datetime

from itil.sla.models import ClockState, Exclusion, Outcome, SlaClock
from itil.sla.terms import Terms

from .running import (
    as_text,
    cancel,
    due_of,
    is_pausable,
    mark_breach,
    not_before,
    notice,
    open_stretch,
    promise_of,
    put_terms,
    recount,
    whole,
)


def start_earlier(clock: SlaClock, began: datetime, at: datetime) -> bool:
    """Measure from an earlier receipt, as after a merge (`SLA-21`); True when that changed it.

    Clocks that are stopped or missed keep what they have.
    """
    began = whole(began)
    if clock.started_at is None or began >= clock.started_at or not clock.is_live:
        return False
    notice(clock, at)
    if clock.outcome != Outcome.PENDING:
        return False
    # The time up to the former start was active: nobody paused it.
    if clock.intervals and clock.intervals[0][0] == as_text(clock.started_at):
        clock.intervals[0][0] = as_text(began)
    else:
        clock.intervals.insert(0, [as_text(began), as_text(clock.started_at)])
    clock.started_at = began
    _judge_anew(clock, at)
    return True


def drop(clock: SlaClock, at: datetime) -> bool:
    """The agreement that applies now has no such target (`SLA-18`); True when that ended it.

    As with another target, clocks that are stopped or missed keep what they have.
    """
    notice(clock, at)
    if not clock.is_live or clock.outcome == Outcome.BREACHED:
        return False
    return cancel(clock, at, Exclusion.NO_TARGET)


def retarget(clock: SlaClock, terms: Terms, at: datetime) -> bool:
    """Measure by other terms from the original start (`SLA-17`); True when the target is another.

    Clocks that are stopped or missed keep what they have. A shorter target may turn out to have
    been missed in the past.
    """
    if not clock.is_live:
        return False
    at = not_before(clock, at)
    notice(clock, at)
    if clock.outcome == Outcome.BREACHED:
        return False
    before = _measure(clock)
    put_terms(clock, terms)
    if _measure(clock) == before:
        recount(clock)
        return False
    clock.target_version += 1
    # A new target warns anew.
    clock.at_risk_noticed_at = None
    clock.escalated = []
    if clock.state == ClockState.PAUSED and not is_pausable(clock):
        open_stretch(clock, at)
        clock.state = ClockState.RUNNING
    _judge_anew(clock, at)
    return True


def _measure(clock: SlaClock) -> tuple[object, ...]:
    level = (clock.target_key, clock.priority)
    return (clock.agreement_id, *level, clock.calendar_id, *promise_of(clock).measure)


def _judge_anew(clock: SlaClock, at: datetime) -> None:
    """Recount after the target or the start moved; a target used up in the past was missed."""
    recount(clock)
    if clock.state == ClockState.NOT_STARTED:
        return
    due_at = due_of(clock, clock.schedule())
    active_until = at if clock.state == ClockState.RUNNING else clock.last_activity()
    if due_at is not None and active_until is not None and due_at < active_until:
        if clock.outcome == Outcome.PENDING:
            mark_breach(clock, due_at)
        recount(clock)
