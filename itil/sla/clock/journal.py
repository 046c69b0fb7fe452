"""What each event of a ticket did to each of its clocks: the causes of pauses and due times.

The events are followed once more, by the same functions as when they happened, and the clocks are
compared before and after each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from itil.sla.models import ClockState, SlaClock
from itil.sla.terms import Promise
from itil.tickets.models import EventKind, Ticket, TicketEvent

from .following import Watch
from .running import whole
from .standing import Standing

_STARTED = (ClockState.RUNNING, ClockState.PAUSED, ClockState.STOPPED)
# The events that start, pause, resume and stop clocks.
_MOVING = (
    EventKind.OPENED,
    EventKind.MOVED,
    EventKind.ASSIGNED,
    EventKind.REPLIED,
    EventKind.COMMENTED,
    EventKind.SUPPLIER,
)


class Turned(StrEnum):
    """Why a due time became another one, or ceased to be."""

    TARGET = "target"
    CALENDAR = "calendar"
    START = "start"
    PROMISED = "promised"
    EXCLUDED = "excluded"
    CANCELLED = "cancelled"


class Facts(NamedTuple):
    """What a clock was before or after an event."""

    state: str
    exclusion: str
    stopped_at: datetime | None
    started_at: datetime | None
    due_at: datetime | None
    target_seconds: int
    target_version: int
    agreement: tuple[int, int]
    calendar: tuple[int, int]
    priority: int
    terms: dict[str, Any]
    intervals: tuple[tuple[str, str | None], ...]

    @classmethod
    def of(cls, clock: SlaClock) -> "Facts":
        return cls(
            state=clock.state,
            exclusion=clock.exclusion,
            stopped_at=clock.stopped_at,
            started_at=clock.started_at,
            due_at=clock.due_at,
            target_seconds=clock.target_seconds,
            target_version=clock.target_version,
            agreement=(clock.agreement_id, clock.agreement_version),
            calendar=(clock.calendar_id, clock.calendar_version),
            priority=clock.priority,
            terms=clock.terms,
            intervals=tuple((start, end) for start, end in clock.intervals),
        )

    @property
    def promise(self) -> Promise:
        return Promise.from_data(self.terms)


@dataclass(frozen=True)
class Turn:
    """An event that gave a clock another target, calendar or start, or left it out."""

    what: Turned
    event: TicketEvent
    before: Facts
    after: Facts


@dataclass
class Journal:
    """What the events did to one clock, as they were followed once more."""

    clock: SlaClock
    started: TicketEvent | None = None
    # The event that began each active stretch, and the one that ended it, by instant.
    begun: dict[datetime, TicketEvent] = field(default_factory=dict)
    ended: dict[datetime, TicketEvent] = field(default_factory=dict)
    # What stopped it, and did not only pause it, by instant.
    stops: dict[datetime, TicketEvent] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)

    def note(self, event: TicketEvent, before: Facts | None, after: Facts) -> None:
        """Remember what `event` changed; `before` None when it made the clock."""
        if before == after:
            return
        if self.started is None and after.started_at is not None:
            self.started = event
        had = dict(before.intervals) if before else {}
        for start, end in after.intervals:
            if start not in had:
                self.begun.setdefault(datetime.fromisoformat(start), event)
            if end is not None and had.get(start) != end:
                self.ended[datetime.fromisoformat(end)] = event
        if after.stopped_at is not None and (before is None or before.state != after.state):
            self.stops[after.stopped_at] = event
        if before is not None and before.state in _STARTED:
            self._note_turn(event, before, after)

    def _note_turn(self, event: TicketEvent, before: Facts, after: Facts) -> None:
        what = None
        if after.state == ClockState.CANCELLED != before.state:
            what = Turned.CANCELLED
        elif after.target_version != before.target_version or after.agreement != before.agreement:
            what = Turned.TARGET
        elif after.calendar != before.calendar:
            what = Turned.CALENDAR
        elif after.started_at != before.started_at:
            what = Turned.START
        elif after.exclusion and not before.exclusion:
            what = Turned.EXCLUDED
        if what is not None:
            self.turns.append(Turn(what, event, before, after))


def journals_of(ticket: Ticket, events: Iterable[TicketEvent]) -> list[Journal]:
    """The journals of all clocks that the events, in the order they were written, brought about."""
    past: list[TicketEvent] = []
    watch = Watch(ticket, [], Standing(received_at=ticket.received_at), lambda: list(past))
    found: dict[int, Journal] = {}
    known: dict[int, Facts] = {}
    for event in events:
        watch.standing.after(event)
        watch.follow(event)
        for clock in watch.clocks:
            facts = Facts.of(clock)
            journal = found.setdefault(id(clock), Journal(clock))
            journal.note(event, known.get(id(clock)), facts)
            known[id(clock)] = facts
        past.append(event)
    for journal in found.values():
        _look_back(journal, past)
    return list(found.values())


def _look_back(journal: Journal, events: Sequence[TicketEvent]) -> None:
    """Lay what happened before a clock was promised to the events of that time.

    Such a clock comes about with all its stretches at once (`SLA-22`), so the journal lays them to
    the event that promised it.
    """
    for causes in (journal.begun, journal.ended, journal.stops):
        for at, event in causes.items():
            if at < whole(event.at):
                causes[at] = next((one for one in events if _may_move(one, at)), event)
    promise = journal.started
    if promise is None or not journal.begun or not _is_choice(promise):
        return
    journal.started = journal.begun[min(journal.begun)]
    facts = Facts.of(journal.clock)
    journal.turns.insert(0, Turn(Turned.PROMISED, promise, facts, facts))


def _is_choice(event: TicketEvent) -> bool:
    """True when another agreement was chosen for a ticket that was there already."""
    return event.kind == EventKind.EDITED or event.data.get("what") == "terms"


def _may_move(event: TicketEvent, at: datetime) -> bool:
    return whole(event.at) == at and event.kind in _MOVING


def journal_for(clock: SlaClock, journals: Iterable[Journal]) -> Journal | None:
    """The journal of a stored clock; of cancelled namesakes the one that is most alike."""
    namesakes = [
        one
        for one in journals
        if (one.clock.metric, one.clock.team_id, one.clock.supplier_id, one.clock.cycle)
        == (clock.metric, clock.team_id, clock.supplier_id, clock.cycle)
    ]
    return max(
        namesakes,
        key=lambda one: (
            one.clock.state == clock.state,
            one.clock.intervals == clock.intervals,
            one.clock.started_at == clock.started_at,
        ),
        default=None,
    )
