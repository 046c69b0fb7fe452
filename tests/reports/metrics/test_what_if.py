"""What-if over arrays says what the engine of clocks says, on any history (`SLA-15` to `17`)."""

from functools import partial

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from itil.calendars.models import WeeklyOpening
from reports.frames.clock_arrays import METRICS
from reports.frames.codes import NEVER
from reports.metrics.what_if import Changes, judge, what_if
from tests.itil.calendars.calendars import HOUR
from tests.itil.sla.stories import calendar
from tests.reports import histories
from tests.reports.histories import REASONS, STEPS, as_arrays, clocks_of, named, outcomes_of, story

LATER = st.integers(1, 400 * HOUR)
# A repeated run begins with what the run before it was promised; whether that one was missed may
# be another matter after the changes. So these are compared where no priority is changed.
REPEATING = ("next_response", "update")
FACTORS = st.sampled_from([0.25, 0.5, 1.5, 2, 4])
PAUSING = st.sets(st.sampled_from(REASONS))
WORKED = settings(max_examples=100, deadline=None)
# Two shifts, one of them over midnight, also on Saturday.
SHIFTS = calendar(
    3,
    "Shifts",
    openings=[
        WeeklyOpening(weekday=day, opens=opens, closes=closes)
        for day in range(6)
        for opens, closes in ((7 * 60, 11 * 60 + 30), (22 * 60, 2 * 60))
    ],
)


def tried(told, now, targets=(), *, schedule=None, **changes):
    """The outcomes by metric and cycle as these changes would have left them."""
    reading, waits = as_arrays(told, now)
    schedules = histories.schedules_of(reading)
    if schedule is not None:
        schedules.append(schedule)
        changes["hours"] = len(schedules) - 1
    verdicts = what_if(reading.clocks, Changes(dict(targets), **changes), schedules, waits)
    return named(reading, told, now, verdicts.outcomes)


def comparable(steps, outcomes):
    """Without repeated runs when the steps re-target them."""
    if not any(verb == "prioritize" for _gap, verb, _reason, _priority in steps):
        return outcomes
    return {key: value for key, value in outcomes.items() if key[0] not in REPEATING}


def targets(factor):
    """The targets of `histories.terms`, by metric and priority, times `factor`."""
    return {
        (METRICS.index(metric), priority): cell.seconds
        for priority in (1, 2, 3)
        for metric, cell in histories.terms(priority, factor=factor).targets.items()
    }


def decided(pausing):
    """Which reasons pause, all of them decided."""
    return {
        "pausing": [REASONS.index(reason) for reason in pausing],
        "decided": range(len(REASONS)),
    }


@WORKED
@given(STEPS, LATER)
def test_judged_by_its_stretches_every_clock_has_the_outcome_and_due_time_it_has(steps, later):
    told = story(steps)
    now = histories.end_of(told, later)
    reading, _waits = as_arrays(told, now)
    clocks = reading.clocks
    breached_at, due_at = judge(
        clocks,
        clocks.stretches,
        clocks.promises,
        histories.schedules_of(reading),
        np.ones(len(clocks), bool),
    )
    for place, clock in enumerate(clocks_of(told, now)):
        missed_at = clock.breached_at and int(clock.breached_at.timestamp())
        assert (None if breached_at[place] == NEVER else breached_at[place]) == missed_at
        if clock.intervals and clock.outcome != "breached":
            due = clock.due_at and int(clock.due_at.timestamp())
            assert (None if due_at[place] == NEVER else due_at[place]) == due


@WORKED
@given(STEPS, LATER)
def test_without_a_change_nothing_changes(steps, later):
    told = story(steps)
    now = histories.end_of(told, later)
    assert tried(told, now) == outcomes_of(told, now)
    assert tried(told, now, targets(1)) == outcomes_of(told, now)


@WORKED
@given(STEPS, LATER, FACTORS)
def test_other_targets_give_what_replaying_with_them_gives(steps, later, factor):
    told, other = story(steps), story(steps, partial(histories.terms, factor=factor))
    now = histories.end_of(told, later)
    found = tried(told, now, targets(factor))
    assert comparable(steps, found) == comparable(steps, outcomes_of(other, now))


@WORKED
@given(STEPS, LATER)
def test_other_hours_give_what_replaying_with_them_gives(steps, later):
    told, other = story(steps), story(steps, partial(histories.terms, calendar=SHIFTS))
    now = histories.end_of(told, later)
    found = tried(told, now, schedule=SHIFTS.schedule())
    assert comparable(steps, found) == comparable(steps, outcomes_of(other, now))


@WORKED
@given(STEPS, LATER, PAUSING)
def test_other_reasons_to_pause_give_what_replaying_with_them_gives(steps, later, pausing):
    told, other = story(steps), story(steps, partial(histories.terms, pausing=tuple(pausing)))
    now = histories.end_of(told, later)
    found = tried(told, now, **decided(pausing))
    assert comparable(steps, found) == comparable(steps, outcomes_of(other, now))


@WORKED
@given(STEPS, LATER, FACTORS, PAUSING)
def test_everything_at_once_gives_what_replaying_with_it_gives(steps, later, factor, pausing):
    promised = partial(histories.terms, calendar=SHIFTS, factor=factor, pausing=tuple(pausing))
    told, other = story(steps), story(steps, promised)
    now = histories.end_of(told, later)
    found = tried(told, now, targets(factor), schedule=SHIFTS.schedule(), **decided(pausing))
    assert comparable(steps, found) == comparable(steps, outcomes_of(other, now))
