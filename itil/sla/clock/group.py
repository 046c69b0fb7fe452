"""The clocks of one ticket, found by what they measure."""

from datetime import datetime

from itil.sla.models import BY_LEAD, METRICS_OF, Agreement, ClockState, Metric, SlaClock
from itil.sla.terms import PAUSING_SUPPLIERS, PAUSING_TEAMS
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Ticket

from . import running
from .running import promise_of
from .standing import Standing

UC_METRICS = frozenset(METRICS_OF[Agreement.Kind.UC])
RUNNING_OR_PAUSED = frozenset({ClockState.RUNNING, ClockState.PAUSED})


class Group:
    """All clocks of a ticket that stands as `standing` says; nothing is saved."""

    def __init__(self, ticket: Ticket, clocks: list[SlaClock], standing: Standing):
        self.ticket = ticket
        self.clocks = clocks
        self.standing = standing

    def _of(self, *metrics: str) -> list[SlaClock]:
        return [
            clock
            for clock in self.clocks
            if clock.metric in metrics and clock.state != ClockState.CANCELLED
        ]

    def _last(self, metric: str) -> SlaClock | None:
        return max(self._of(metric), key=lambda clock: clock.cycle, default=None)

    def _stop(self, at: datetime, *metrics: str) -> None:
        for clock in self._of(*metrics):
            running.stop(clock, at)

    def _run(self, clock: SlaClock, at: datetime) -> None:
        """Start a clock now; when the ticket waits, it stands still at once."""
        running.start(clock, at)
        if self._is_paused(clock):
            running.pause(clock, at)

    def _begin(self, metric: str, at: datetime) -> None:
        """Start the next run of a metric that repeats, unless one is under way."""
        last = self._last(metric)
        if last is None or last.state in RUNNING_OR_PAUSED:
            return
        if last.state == ClockState.STOPPED:
            last = running.again(last)
            self._add(last, at)
        self._run(last, at)

    def _begin_first(self, metric: str, at: datetime) -> None:
        last = self._last(metric)
        open_still = self.standing.phase != Phase.DONE
        if open_still and last is not None and last.state == ClockState.NOT_STARTED:
            self._run(last, at)

    def _add(self, clock: SlaClock, at: datetime) -> None:
        """One clock more; left out as well when a lead left out the whole ticket (`SLA-28`)."""
        reasons = {one.exclusion for one in self._of(*Metric.values)}
        self.clocks.append(clock)
        if len(reasons) == 1 and reasons < set(BY_LEAD):
            running.exclude(clock, at, reasons.pop())

    def _is_paused(self, clock: SlaClock) -> bool:
        """True when the present wait pauses this clock (domain 2.1)."""
        if self.standing.phase != Phase.WAITING:
            return False
        if clock.metric == Metric.OLA_RESOLUTION:
            return self.standing.hold_reason in PAUSING_TEAMS
        if clock.metric in UC_METRICS:
            return self.standing.hold_reason in PAUSING_SUPPLIERS
        return self.standing.hold_reason in promise_of(clock).pausing

    def _follow_wait(self, at: datetime) -> None:
        for clock in self.clocks:
            if self._is_paused(clock):
                running.pause(clock, at)
            elif self.standing.phase != Phase.DONE:
                running.resume(clock, at)
