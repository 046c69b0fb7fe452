"""What holds for the clocks of any history (`SLA-30`); no database."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from itil.calendars.hours import between
from itil.sla.clock import Step, replay
from itil.sla.models import Agreement, ClockState, Metric, Outcome, ServiceTarget
from tests.itil.calendars.calendars import HOUR

from .in_memory import MONDAY_TEN, OFFICE, ticket

verbs = st.sampled_from(
    ["pause", "resume", "acknowledge", "respond", "resolve", "reopen", "retarget"]
)
histories = st.lists(
    st.tuples(st.integers(0, 40 * HOUR), verbs, st.sampled_from([1, 2, 3])), max_size=12
)
TERMS = Agreement(
    pk=1,
    name="All",
    calendar=OFFICE,
    targets=[
        ServiceTarget(metric=metric, priority=priority, seconds=priority * hours * HOUR)
        for priority in (1, 2, 3)
        for metric, hours in zip(Metric.values, (1, 2, 6), strict=True)
    ],
)


def steps_of(history) -> list[Step]:
    """The history with gaps between its steps as a list of instants."""
    moment, steps = MONDAY_TEN, []
    for gap, verb, priority in history:
        moment += timedelta(seconds=gap)
        steps.append(Step(moment, verb, priority if verb == "retarget" else None))
    return steps


@settings(max_examples=100, deadline=None)
@given(histories)
def test_outcome_follows_from_the_stretches_of_any_history(history):
    for clock in replay(ticket(MONDAY_TEN), TERMS, steps_of(history)):
        counted = sum(
            between(OFFICE.schedule(), start, end)
            for start, end in clock.stretches()
            if end is not None
        )
        assert clock.elapsed_seconds == counted
        if clock.outcome == Outcome.MET:
            assert clock.elapsed_seconds <= clock.target_seconds
        if clock.outcome == Outcome.BREACHED:
            assert clock.reached_at(clock.target_seconds) == clock.breached_at
        if clock.state == ClockState.STOPPED:
            assert (clock.outcome == Outcome.PENDING, clock.stopped_at is None) == (False, False)


@settings(max_examples=60, deadline=None)
@given(histories)
def test_elapsed_time_never_decreases(history):
    steps = steps_of(history)
    elapsed = 0
    for n in range(len(steps) + 1):
        clock = replay(ticket(MONDAY_TEN), TERMS, steps[:n])[-1]
        now = steps[n].at if n < len(steps) else MONDAY_TEN + timedelta(days=90)
        assert clock.elapsed_at(now) >= elapsed
        elapsed = clock.elapsed_at(now)
