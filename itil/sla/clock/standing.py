"""Where a ticket stands after each of its events, as far as clocks ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self, TypeVar

from itil.tickets.lifecycle import Phase
from itil.tickets.models import EventKind, Ticket


class Event(Protocol):
    """What is read of a ticket's event; a `TicketEvent` or one that is not stored yet."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def actor_id(self) -> int | None: ...


Told = TypeVar("Told", bound=Event)
# The step that puts a ticket back which was merged: the verb in the data of its event.
UNMERGE = "unmerge"


@dataclass
class Standing:
    """Where the ticket stands when an event has happened."""

    received_at: datetime
    phase: str = Phase.OPEN
    hold_reason: str = ""
    team: int | None = None
    acknowledged: bool = False
    answered: bool = False

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """As the columns of the ticket have it."""
        return cls(
            received_at=ticket.received_at,
            phase=ticket.phase,
            hold_reason=ticket.hold_reason,
            team=ticket.team_id,
            acknowledged=ticket.acknowledged_at is not None,
            answered=ticket.first_response_at is not None,
        )

    def after(self, event: Event) -> None:
        """As the events have it; the same as the columns after each of them."""
        data = event.data
        if event.kind == EventKind.OPENED:
            self.phase, self.team = data.get("phase", Phase.OPEN), data.get("team")
            self.acknowledged = self.answered = bool(data.get("live"))
        elif event.kind == EventKind.MOVED:
            self.phase = data["to_phase"]
            waits = self.phase == Phase.WAITING
            self.hold_reason = data.get("hold_reason", "") if waits else ""
            self.acknowledged |= takes_up(event)
            self.answered |= answers(event)
        elif event.kind == EventKind.ASSIGNED:
            if data.get("what") == "team":
                self.team = data["to"]
            self.acknowledged |= takes_up(event)
        elif changes_type(event):
            self.phase, self.hold_reason = data["phase"], ""
        elif event.kind == EventKind.REPLIED or (
            event.kind == EventKind.CLOCK and data.get("answered_at")
        ):
            self.acknowledged = self.answered = True
        self.acknowledged |= self.answered


def without_undone(events: Iterable[Told]) -> list[Told]:
    """The events but for merges that were undone: clocks run as if those had never been.

    The end of the ticket that was merged goes and what put it back, and of the other one that it
    took the clocks of the first along.
    """
    kept: list[Told] = []
    for event in events:
        data = event.data
        if event.kind == EventKind.MOVED and data.get("verb") == UNMERGE:
            continue
        if event.kind == EventKind.MERGED and data.get("undone"):
            _drop_last(kept, EventKind.MOVED, "merged_into", data.get("to"))
            _drop_last(kept, EventKind.CLOCK, "from", data.get("from"))
        kept.append(event)
    return kept


def _drop_last(events: list[Told], kind: str, name: str, number: str | None) -> None:
    """Take the last event of the kind away that names `number`; nothing when there is none."""
    for place in range(len(events) - 1, -1, -1):
        found = events[place]
        if number and found.kind == kind and found.data.get(name) == number:
            del events[place]
            return


def changes_type(event: Event) -> bool:
    """True when the ticket became one of another type, whose life begins anew (`VOC-1`)."""
    return event.kind == EventKind.EDITED and "phase" in event.data


def answers(event: Event) -> bool:
    """True when a person of the desk wrote in public: the response of `SLA-2`."""
    if event.kind == EventKind.REPLIED:
        return True
    data = event.data
    return (
        event.kind == EventKind.MOVED
        and data.get("side") == "staff"
        and data.get("said") == "public"
    )


def takes_up(event: Event) -> bool:
    """True for the first human acts that acknowledge: take, assign, answer (`SLA-2`)."""
    if event.kind == EventKind.ASSIGNED:
        by_hand = event.actor_id is not None
        return by_hand and event.data.get("what") == "person" and bool(event.data.get("to"))
    if event.kind == EventKind.MOVED:
        return event.data.get("side") == "staff" and (
            event.data.get("verb") == "start" or answers(event)
        )
    return event.kind == EventKind.REPLIED
