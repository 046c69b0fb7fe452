"""Why a deadline is what it is: the short figures, and the whole account with its causes."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from itil.calendars.hours import Schedule, between, is_open, next_opening
from itil.sla.models import ClockState, Outcome, SlaClock
from itil.sla.terms import Promise
from itil.tickets.models import TicketEvent

from .causes import Teller
from .journal import Journal, journal_for, journals_of
from .notices import Notice, notices_of
from .running import DATED_FORMS, notice, promise_of, resume, whole
from .standing import without_undone
from .story import ORDER, Milestone, Story, until
from .stretches import Segment, Stretch, lines_of
from .wording import hours_in_words, target_in_words, title_of, to_the_minute


@dataclass(frozen=True)
class Explanation:
    """How a due time came about, for people. Durations are business seconds of the calendar."""

    clock: SlaClock
    target_seconds: int
    calendar_name: str
    started_at: datetime | None
    # Business time between the start and now (or the stop) that was not counted.
    paused_seconds: int
    due_at: datetime | None
    elapsed_seconds: int
    # Negative once the target is used up.
    remaining_seconds: int
    # Rounded down: 100 is only shown when everything is used up.
    percent: int

    # When the desk opens again, while the clock runs and it is closed.
    opens_at: datetime | None = None
    # When a paused clock would be due if it went on now.
    due_if_resumed: datetime | None = None

    @property
    def overdue_seconds(self) -> int:
        """Business seconds beyond the target; 0 while it is kept."""
        return max(0, -self.remaining_seconds)

    @property
    def shown_percent(self) -> int:
        """The share of a bar that is filled, 0 to 100."""
        return min(100, self.percent)

    # In words: whole minutes, and hours however many, because a day has no agreed length.

    @property
    def title(self) -> str:
        return title_of(self.clock)

    @property
    def promised(self) -> str:
        """The target as it was agreed."""
        return target_in_words(promise_of(self.clock))

    @property
    def target(self) -> str:
        return to_the_minute(self.target_seconds)

    @property
    def used(self) -> str:
        return to_the_minute(self.elapsed_seconds)

    @property
    def left(self) -> str:
        return to_the_minute(max(0, self.remaining_seconds))

    @property
    def overdue(self) -> str:
        return to_the_minute(self.overdue_seconds)

    @property
    def paused(self) -> str:
        return to_the_minute(self.paused_seconds)

    @property
    def paused_since(self) -> datetime | None:
        return self.clock.last_activity() if self.clock.state == ClockState.PAUSED else None


def explain(clock: SlaClock, now: datetime) -> Explanation:
    """The parts of the due time of `clock` as they stand at `now`. No queries."""
    elapsed = clock.elapsed_at(now)
    open_time = 0
    if clock.started_at is not None:
        open_time = between(clock.schedule(), clock.started_at, until(clock, now))
    return Explanation(
        clock=clock,
        target_seconds=clock.target_seconds,
        calendar_name=clock.calendar.name,
        started_at=clock.started_at,
        paused_seconds=max(0, open_time - elapsed),
        due_at=clock.due_at,
        elapsed_seconds=elapsed,
        remaining_seconds=_remaining(clock, until(clock, now), elapsed),
        percent=elapsed * 100 // max(1, clock.target_seconds),
        opens_at=_opens_at(clock, now),
        due_if_resumed=due_if_resumed(clock, now),
    )


def _opens_at(clock: SlaClock, now: datetime) -> datetime | None:
    if clock.state != ClockState.RUNNING or is_open(clock.schedule(), now):
        return None
    return next_opening(clock.schedule(), now)


def _remaining(clock: SlaClock, at: datetime, elapsed: int) -> int:
    """Business seconds to the due time, negative beyond it.

    A date is as far away as it is; of a duration is left what was not used up (`SLA-25`).
    """
    if clock.form not in DATED_FORMS or clock.due_at is None:
        return clock.target_seconds - elapsed
    schedule = clock.schedule()
    return between(schedule, at, clock.due_at) - between(schedule, clock.due_at, at)


def due_if_resumed(clock: SlaClock, now: datetime) -> datetime | None:
    """When a paused clock would be due if it went on now; None of any other."""
    if clock.state != ClockState.PAUSED:
        return None
    going = copy(clock)
    going.intervals = [list(pair) for pair in clock.intervals]
    resume(going, now)
    return going.due_at


# --- The whole account --------------------------------------------------------------------------


Line = Stretch | Milestone


@dataclass(frozen=True)
class Account:
    """Everything that made the due time of one clock, as it stands at `now`.

    Durations are business seconds of the calendar. The counted seconds of the lines up to now add
    up to `elapsed_seconds`, exactly.
    """

    clock: SlaClock
    now: datetime
    promise: Promise
    schedule: Schedule
    # In words, for people.
    target: str
    hours: tuple[str, ...]
    lines: tuple[Line, ...]
    segments: tuple[Segment, ...]
    notices: tuple[Notice, ...]
    elapsed_seconds: int
    # Negative once it is late.
    remaining_seconds: int
    # Open time of pauses: it passed and was not counted.
    left_out_seconds: int
    # Empty while it is paused; then `due_if_resumed` says what it would be.
    due_at: datetime | None
    due_if_resumed: datetime | None
    # False when the events tell another story than the clock that is stored.
    agrees: bool

    @property
    def zone(self) -> str:
        """The zone of the calendar; all wall times of the account are read in it."""
        return self.schedule.zone

    @property
    def overdue_seconds(self) -> int:
        """Business seconds beyond the due time; also 0 where late was a matter of minutes
        outside opening hours.
        """
        return max(0, -self.remaining_seconds)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        return tuple(line for line in self.lines if isinstance(line, Stretch))

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        return tuple(line for line in self.lines if isinstance(line, Milestone))

    @property
    def is_late(self) -> bool:
        return self.clock.outcome == Outcome.BREACHED


def account_of(clock: SlaClock, events: Iterable[TicketEvent], now: datetime) -> Account:
    """The account of one clock; see `accounts_of`."""
    return accounts_of([clock], events, now)[0]


def accounts_of(
    clocks: Sequence[SlaClock], events: Iterable[TicketEvent], now: datetime
) -> list[Account]:
    """The accounts of clocks of one ticket at `now`.

    `events` are all events of the ticket, in the order they were written, with their actors. No
    queries, apart from the first use of an edition of a calendar; texts are in the present
    language.
    """
    if not clocks:
        return []
    told = without_undone(events)
    ticket = clocks[0].ticket
    journals = journals_of(ticket, told)
    return [_account(clock, journal_for(clock, journals), told, now) for clock in clocks]


def _account(
    stored: SlaClock, journal: Journal | None, events: Sequence[TicketEvent], now: datetime
) -> Account:
    now = whole(now).astimezone(UTC)
    clock = copy(stored)
    notice(clock, now)
    schedule = clock.schedule()
    promise = promise_of(clock)
    story = Story(clock, journal, Teller(clock.ticket, events), now)
    points = story.milestones()
    segments = story.segments()
    lines = lines_of(schedule, segments, {point.at for point in points})
    elapsed = clock.elapsed_at(now)
    began = clock.started_at or now
    return Account(
        clock=clock,
        now=now,
        promise=promise,
        schedule=schedule,
        target=target_in_words(promise),
        hours=hours_in_words(schedule, began, max(began, clock.due_at or began, story.until)),
        lines=_woven(lines, points),
        segments=tuple(segments),
        notices=notices_of(clock, events, story.retargeted),
        elapsed_seconds=elapsed,
        remaining_seconds=_remaining(clock, story.until, elapsed),
        left_out_seconds=sum(line.left_out for line in lines),
        due_at=clock.due_at,
        due_if_resumed=due_if_resumed(clock, now),
        agrees=journal is not None and _agrees(clock, journal.clock, now),
    )


def _agrees(stored: SlaClock, followed: SlaClock, now: datetime) -> bool:
    """True when the events, followed once more, give the clock that is stored."""
    again = copy(followed)
    notice(again, now)
    names = (
        "state", "outcome", "started_at", "stopped_at", "due_at", "breached_at", "intervals",
        "elapsed_seconds", "target_seconds", "agreement_id", "agreement_version", "calendar_id",
        "calendar_version",
    )  # fmt: skip
    return all(getattr(stored, name) == getattr(again, name) for name in names)


def _woven(lines: Iterable[Stretch], points: Iterable[Milestone]) -> tuple[Line, ...]:
    """Stretches and points in the order of time; a point stands before what begins with it."""
    total = 0
    woven: list[Line] = []
    waiting = sorted(points, key=lambda point: (point.at, ORDER.index(point.what)))
    for line in lines:
        while waiting and waiting[0].at <= line.start:
            woven.append(_counted(waiting.pop(0), total))
        woven.append(line)
        total = line.total
    return (*woven, *(_counted(point, total) for point in waiting))


def _counted(point: Milestone, total: int) -> Milestone:
    return replace(point, total=total)
