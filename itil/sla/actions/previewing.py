"""What a change would do to the clocks of a ticket, before it is saved."""

from collections.abc import Mapping
from copy import copy, deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itil.sla.clock import Standing, Watch
from itil.sla.clock.running import notice
from itil.sla.matching import find
from itil.sla.models import ClockState, Outcome, SlaClock
from itil.sla.terms import Terms
from itil.tickets.models import EventKind, Ticket

from .following import Happening


@dataclass(frozen=True)
class Effect:
    """One clock before and after a change; a side is empty when there is no such clock then."""

    before: SlaClock | None
    after: SlaClock | None

    @property
    def clock(self) -> SlaClock:
        """The clock as it would be, else as it was."""
        found = self.after or self.before
        if found is None:
            raise ValueError("An effect has a clock on one side at least.")
        return found

    @property
    def ends(self) -> bool:
        """True when nothing is promised any more."""
        return self.after is None

    @property
    def begins(self) -> bool:
        return self.before is None

    @property
    def breaches(self) -> bool:
        """True when the change makes the clock missed."""
        was = self.before is not None and self.before.outcome == Outcome.BREACHED
        return not was and self.after is not None and self.after.outcome == Outcome.BREACHED

    @property
    def moves(self) -> bool:
        """True when the due time or the target is another one."""
        if self.before is None or self.after is None:
            return True
        return (self.before.due_at, self.before.target_seconds, self.before.outcome) != (
            self.after.due_at,
            self.after.target_seconds,
            self.after.outcome,
        )


def effects(
    ticket: Ticket, *, at: datetime, told: Mapping[str, Any] | None = None, **changes: Any
) -> list[Effect]:
    """What changing these columns of `ticket` would do to its clocks; nothing is saved.

    `told` is what else the event of the change says. Only clocks that would move are given. Two to
    four queries.
    """
    changed = copy(ticket)
    for name, value in changes.items():
        setattr(changed, name, value)
    return effects_of(changed, list(ticket.clocks.live()), find(changed), at=at, told=told)


def effects_of(
    ticket: Ticket,
    clocks: list[SlaClock],
    terms: list[Terms],
    *,
    at: datetime,
    told: Mapping[str, Any] | None = None,
) -> list[Effect]:
    """What these terms would do to these clocks; no query unless a metric begins."""
    befores = {clock.pk: clock for clock in clocks}
    for clock in clocks:
        notice(clock, at)
    watch = Watch(
        ticket,
        [deepcopy(clock) for clock in clocks],
        Standing.of(ticket),
        lambda: ticket.events.order_by("pk"),
    )
    data = {"terms": [one.as_data() for one in terms], **(told or {})}
    watch.follow(Happening(EventKind.EDITED, at, data))
    found = []
    for after in watch.clocks:
        notice(after, at)
        gone = after.state == ClockState.CANCELLED
        found.append(Effect(befores.get(after.pk), None if gone else after))
    return [effect for effect in found if effect.moves]
