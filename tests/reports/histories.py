"""Random histories of tickets, their clocks by the engine of clocks, and the same as arrays."""

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import numpy as np
from hypothesis import strategies as st

from itil.calendars.hours import Schedule
from itil.calendars.models import schedule_of
from itil.incidents.lifecycle import HoldReason
from itil.sla.clock.running import notice
from itil.sla.models import SlaClock
from itil.sla.terms import Terms
from itil.tickets.lifecycle import Phase
from itil.tickets.models import EventKind
from reports.frames.arrays import Waits
from reports.frames.choices import histories as choices_in
from reports.frames.choices import with_choices
from reports.frames.clock_arrays import Reading, Tickets, arranged
from reports.frames.codes import Outcome
from reports.frames.waits import of_clocks, waits_in
from tests.itil.calendars.calendars import HOUR
from tests.itil.sla.stories import DAY_AND_NIGHT, MONDAY_TEN, OFFICE, Story, promise

REASONS = tuple(HoldReason.values)
VERBS = (
    *("take", "reply", "comment", "resume", "resolve", "reopen"),
    *("hold", "hold", "prioritize", "prioritize"),
)
# Whole hours, so that targets are often used up at the very instant of an event.
GAPS = st.one_of(st.integers(1, 12).map(lambda n: n * HOUR), st.integers(1, 60 * HOUR))
STEPS = st.lists(
    st.tuples(GAPS, st.sampled_from(VERBS), st.sampled_from(REASONS), st.integers(1, 3)),
    min_size=1,
    max_size=14,
)


def terms(priority: int, *, calendar=None, factor: float = 1, **rules) -> Terms:
    """Everything promised; P1 day and night, the others at the office, or all on `calendar`."""
    return promise(
        priority=priority,
        calendar=calendar or (DAY_AND_NIGHT if priority == 1 else OFFICE),
        acknowledge=priority * factor,
        first_response=2 * priority * factor,
        next_response=2 * priority * factor,
        update=4 * factor,
        resolution=8 * priority * factor,
        **rules,
    )


def story(steps, promised=terms) -> Story:
    """The history of `steps` with what `promised` gives for each priority."""
    told, when, phase = Story(MONDAY_TEN, promised(3)), MONDAY_TEN, Phase.OPEN
    for gap, verb, reason, priority in steps:
        when += timedelta(seconds=gap)
        if verb in ("hold", "resume", "resolve", "reopen") and not _fits(verb, phase):
            continue
        if verb == "hold":
            told.hold(when, reason)
        elif verb == "prioritize":
            # While it is resolved an edit moves no clock; the reopening tells of it.
            if phase != Phase.DONE:
                told.edit(when, promised(priority))
        else:
            getattr(told, verb)(when)
        phase = {
            "hold": Phase.WAITING,
            "resume": Phase.OPEN,
            "resolve": Phase.DONE,
            "reopen": Phase.OPEN,
        }.get(verb, phase)
    return told


def _fits(verb: str, phase: str) -> bool:
    return {
        "hold": phase != Phase.DONE,
        "resume": phase == Phase.WAITING,
        "resolve": phase != Phase.DONE,
        "reopen": phase == Phase.DONE,
    }[verb]


def end_of(told: Story, later: int) -> datetime:
    return told.events[-1].at + timedelta(seconds=later)


def clocks_of(told: Story, now: datetime) -> list[SlaClock]:
    """The clocks that have begun, settled at `now`."""
    clocks = [clock for clock in told.watch().clocks if clock.started_at is not None]
    for clock in clocks:
        notice(clock, now)
    return clocks


def outcomes_of(told: Story, now: datetime) -> dict[tuple[str, int], str]:
    return {(clock.metric, clock.cycle): clock.outcome for clock in clocks_of(told, now)}


def as_arrays(told: Story, now: datetime) -> tuple[Reading, Waits]:
    """The clocks and waits of a history as the frames read them."""
    clocks = clocks_of(told, now)
    record = Tickets(*(np.array([value]) for value in (1, 0, 0, 0)))
    rows = [as_row(place, clock) for place, clock in enumerate(clocks)]
    reading = arranged([rows], record, int(now.timestamp()))
    said = [(1, event.at, event.data) for event in told.events if "terms" in event.data]
    reading = with_choices(reading, choices_in(said))
    moves = [event for event in told.events if event.kind == EventKind.MOVED]
    entered = [Phase.OPEN, *(event.data["to_phase"] for event in moves)]
    waited = [
        (1, int(event.at.timestamp()), phase, event.data.get("hold_reason", ""))
        for event, (before, phase) in zip(moves, pairwise(entered), strict=True)
        if Phase.WAITING in (before, phase)
    ]
    return reading, of_clocks(reading, waits_in(waited, REASONS))


def as_row(place: int, clock: SlaClock, ticket: int = 1) -> tuple:
    """What the database would give for a clock."""

    def second(at):
        return None if at is None else int(at.timestamp())

    written = str(clock.intervals).replace("'", '"').replace("None", "null")
    return (
        place, ticket, clock.metric, clock.priority, clock.agreement_id, clock.state, clock.outcome,
        clock.target_seconds, clock.target_version, str(clock.calendar_edition),
        second(clock.started_at), second(clock.stopped_at),
        second(clock.breached_at or clock.due_at), written, clock.form == "duration",
    )  # fmt: skip


def schedules_of(reading: Reading) -> list[Schedule]:
    return [schedule_of(UUID(edition)) for edition in reading.hours]


def named(reading: Reading, told: Story, now: datetime, outcomes) -> dict[tuple[str, int], str]:
    """Outcomes of arrays by metric and cycle."""
    clocks = clocks_of(told, now)
    return {
        (clock.metric, clock.cycle): Outcome(outcome).name.lower()
        for clock, outcome in zip(clocks, outcomes, strict=True)
    }
