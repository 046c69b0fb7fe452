"""The warnings and escalation steps of a clock: told, still to come, and left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from itil.sla.models import ClockState, EscalationStep, SlaClock
from itil.tickets.models import EventKind, TicketEvent

from .running import fires_at, promise_of, unfired


class Fate(StrEnum):
    """What became of a warning."""

    TOLD = "told"
    # Told of a target that was changed afterwards.
    FORMER = "former"
    AHEAD = "ahead"
    # A higher step was due by then, so only that one was told (`SLA-24`).
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Notice:
    """A share of the target, the instant at which it is or was used up, and what happens then.

    `at` is the true time, `told_at` when the worker came to it; `is_late` when these are minutes
    apart.
    """

    percent: int
    at: datetime
    text: str
    fate: Fate
    told_at: datetime | None = None
    is_late: bool = False


def notices_of(
    clock: SlaClock, events: Sequence[TicketEvent], retargeted: TicketEvent | None
) -> tuple[Notice, ...]:
    """All of them, in the order of their instants; `retargeted` is the last event that changed
    the target.
    """
    if clock.started_at is None:
        return ()
    told = [event for event in events if _is_about(clock, event)]
    place = {id(event): number for number, event in enumerate(events)}
    since = place[id(retargeted)] if retargeted is not None else -1
    found = [_told(clock, event, is_former=place[id(event)] < since) for event in told]
    present = {(notice.percent, notice.text) for notice in found if notice.fate == Fate.TOLD}
    found += [notice for notice in _expected(clock) if (notice.percent, notice.text) not in present]
    return tuple(sorted(found, key=lambda notice: (notice.at, notice.percent)))


def _is_about(clock: SlaClock, event: TicketEvent) -> bool:
    """True when a line of the history tells of a warning of this clock.

    Such a line names the metric; which run or which team's stay it is, follows from the time.
    """
    data = event.data
    if event.kind != EventKind.CLOCK or data.get("what") not in ("at_risk", "escalated"):
        return False
    if data.get("metric") != clock.metric or clock.started_at is None:
        return False
    if clock.team_id is None:
        end = clock.stopped_at
        return clock.started_at <= event.at and (end is None or event.at <= end)
    return any(
        start <= event.at and (end is None or event.at <= end) for start, end in clock.stretches()
    )


def _told(clock: SlaClock, event: TicketEvent, *, is_former: bool) -> Notice:
    data = event.data
    is_step = data["what"] == "escalated"
    percent = data["percent"] if is_step else promise_of(clock).at_risk_percent
    return Notice(
        percent=percent,
        at=event.at,
        text=_action(data.get("action", "")) if is_step else _("At risk"),
        fate=Fate.FORMER if is_former else Fate.TOLD,
        told_at=parse_datetime(data["noticed_at"]) if is_step else event.recorded_at,
        is_late=bool(data.get("late")),
    )


def _action(action: str) -> str:
    known = EscalationStep.Action
    return str(known(action).label) if action in known.values else action


def _expected(clock: SlaClock) -> list[Notice]:
    """What this target version has in store, or has had without being told."""
    promise = promise_of(clock)
    found = []
    if clock.state == ClockState.RUNNING and clock.at_risk_noticed_at is None:
        at = clock.percent_mark(promise.at_risk_percent)
        if at is not None:
            found.append(Notice(promise.at_risk_percent, at, _("At risk"), Fate.AHEAD))
    if clock.state == ClockState.RUNNING:
        found += [
            Notice(step.percent, at, _action(step.action), Fate.AHEAD)
            for step in unfired(clock)
            if (at := fires_at(clock, step)) is not None
        ]
    done = set(clock.escalated)
    found += [
        Notice(step.percent, at, _action(step.action), Fate.LEFT_OUT)
        for step in promise.steps
        if step.key in done and (at := fires_at(clock, step)) is not None
    ]
    return found
