"""What happened to a clock, without holes: its segments of time and the points between them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from itil.sla.models import ClockState, Outcome, SlaClock
from itil.tickets.models import TicketEvent

from .causes import Cause, Teller
from .journal import Journal, Turn, Turned
from .running import whole
from .stretches import Doing, Segment
from .wording import target_in_words

# A breach that is noticed later than this is worth a word.
AT_ONCE = timedelta(minutes=5)


class Point(StrEnum):
    """An instant at which something changed, as against a stretch of time."""

    START = "start"
    TARGET = "target"
    CALENDAR = "calendar"
    EARLIER = "earlier"
    PROMISED = "promised"
    EXCLUDED = "excluded"
    DUE = "due"
    NOW = "now"
    STOP = "stop"
    CANCELLED = "cancelled"


# Of several at one instant this comes first.
ORDER = list(Point)
_POINTS = {
    Turned.TARGET: Point.TARGET,
    Turned.CALENDAR: Point.CALENDAR,
    Turned.START: Point.EARLIER,
    Turned.PROMISED: Point.PROMISED,
    Turned.EXCLUDED: Point.EXCLUDED,
}


@dataclass(frozen=True)
class Milestone:
    """A point of the account. The former due time and target are given when they changed.

    `total` is what was used up by then, in business seconds.
    """

    what: Point
    at: datetime
    cause: Cause | None = None
    former_due_at: datetime | None = None
    due_at: datetime | None = None
    former_target: str = ""
    target: str = ""
    total: int = 0
    # When a breach was noticed, where that was later than a few minutes.
    noticed_at: datetime | None = None


def until(clock: SlaClock, now: datetime) -> datetime:
    """Up to when there is something to tell: the end of the clock, or now."""
    if clock.stopped_at is not None:
        return clock.stopped_at
    last = clock.last_activity() or clock.started_at or whole(now)
    if clock.state == ClockState.CANCELLED and clock.outcome_at is not None:
        return max(last, whole(clock.outcome_at))
    return max(last, whole(now))


class Story:
    """The parts of an account that follow from a clock and its journal."""

    def __init__(self, clock: SlaClock, journal: Journal | None, teller: Teller, now: datetime):
        self.clock = clock
        self.journal = journal or Journal(clock)
        self.teller = teller
        self.now = now
        self.until = until(clock, now)

    @property
    def retargeted(self) -> TicketEvent | None:
        """The last event that changed the target."""
        turns = [turn for turn in self.journal.turns if turn.what == Turned.TARGET]
        return turns[-1].event if turns else None

    @property
    def passed_due(self) -> datetime | None:
        """The instant from which on the clock was late."""
        return self.clock.breached_at if self.clock.outcome == Outcome.BREACHED else None

    # --- what it did ----------------------------------------------------------------------------

    def segments(self) -> list[Segment]:
        """The time from the start to now, the stop or the due instant, without holes."""
        clock = self.clock
        if clock.started_at is None:
            return []
        found: list[Segment] = []
        at = clock.started_at
        for start, end in clock.stretches():
            found += self._standing(at, start)
            cause = self.teller.cause(self.journal.begun.get(start))
            at = end or self.until
            found += self._running(start, at, cause)
        found += self._standing(at, self.until)
        if clock.state == ClockState.RUNNING and clock.due_at and clock.due_at > self.until:
            found.append(Segment(self.until, clock.due_at, Doing.RUNNING, is_ahead=True))
        return found

    def _running(self, start: datetime, end: datetime, cause: Cause | None) -> list[Segment]:
        due_at = self.passed_due
        if due_at is None or due_at >= end:
            return [Segment(start, end, Doing.RUNNING, cause)] if start < end else []
        if due_at <= start:
            return [Segment(start, end, Doing.RUNNING, cause, is_late=True)] if start < end else []
        return [
            Segment(start, due_at, Doing.RUNNING, cause),
            Segment(due_at, end, Doing.RUNNING, cause, is_late=True),
        ]

    def _standing(self, start: datetime, end: datetime) -> list[Segment]:
        """A time that is not counted; a stop within a pause begins another one."""
        if start >= end:
            return []
        stops = {at: event for at, event in self.journal.stops.items() if start <= at < end}
        first = self.journal.ended.get(start) or self.journal.started
        found: list[Segment] = []
        doing, at, event = Doing.PAUSED, start, first
        for stop in sorted(stops):
            if stop > at:
                found.append(Segment(at, stop, doing, self.teller.cause(event)))
            doing, at, event = Doing.STOPPED, stop, stops[stop]
        return [*found, Segment(at, end, doing, self.teller.cause(event))]

    # --- the points of it -----------------------------------------------------------------------

    def milestones(self) -> list[Milestone]:
        clock, journal = self.clock, self.journal
        if clock.started_at is None:
            return []
        # A merge may have moved the start to an earlier receipt.
        started = journal.begun.get(clock.started_at) or journal.started
        found = [Milestone(Point.START, clock.started_at, self.teller.cause(started))]
        found += [self._turn(turn) for turn in journal.turns if turn.what in _POINTS]
        if clock.due_at is not None and clock.state != ClockState.CANCELLED:
            found.append(self._due(clock.due_at))
        if clock.stopped_at is not None:
            cause = self.teller.cause(journal.stops.get(clock.stopped_at))
            found.append(Milestone(Point.STOP, clock.stopped_at, cause))
        elif clock.state == ClockState.CANCELLED:
            ends = [turn for turn in journal.turns if turn.what == Turned.CANCELLED]
            cause = self.teller.cause(ends[-1].event) if ends else None
            found.append(Milestone(Point.CANCELLED, self.until, cause))
        else:
            found.append(Milestone(Point.NOW, self.until))
        return found

    def _due(self, due_at: datetime) -> Milestone:
        clock = self.clock
        noticed = clock.breach_noticed_at
        late = noticed is not None and self.passed_due and noticed - self.passed_due > AT_ONCE
        return Milestone(
            Point.DUE,
            self.passed_due or due_at,
            due_at=due_at,
            noticed_at=noticed if late else None,
        )

    def _turn(self, turn: Turn) -> Milestone:
        before, after = turn.before, turn.after
        former, present = target_in_words(before.promise), target_in_words(after.promise)
        return Milestone(
            _POINTS[turn.what],
            whole(turn.event.at),
            self.teller.cause(turn.event),
            former_due_at=before.due_at,
            due_at=after.due_at,
            former_target=former if former != present else "",
            target=present,
        )
