"""Accounts add up, whatever happened (`SLA-30`); no database."""

from datetime import UTC, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from itil.calendars.hours import END_OF_DAY, between
from itil.sla.clock.explaining import account_of
from itil.sla.clock.running import DATED_FORMS
from itil.sla.clock.stretches import Kind
from itil.sla.models import Form, Outcome
from itil.sla.terms import Target
from tests.itil.calendars.calendars import HOUR, at

from .accounts import CHATHAM, NIGHTS, account, written
from .stories import (
    DAY_AND_NIGHT,
    OFFICE,
    Story,
    cell,
    promise,
)

VERBS = ("hold", "resume", "resolve", "reopen", "reply", "comment", "retarget", "late", "exclude")
histories = st.lists(
    st.tuples(st.integers(0, 30 * HOUR), st.sampled_from(VERBS), st.integers(1, 40)), max_size=10
)
beginnings = st.builds(
    lambda day, second: at(3, 25).astimezone(UTC) + timedelta(days=day, seconds=second),
    st.integers(0, 12),
    st.integers(0, 24 * HOUR),
)
calendars = st.sampled_from([OFFICE, DAY_AND_NIGHT, NIGHTS, CHATHAM])


def targets(number: int, place) -> Target:
    """Every form of a target, by turns."""
    if number % 4 == 1:
        return cell(Form.BUSINESS_DAYS, days=1 + number % 3, snap=END_OF_DAY, calendar=place)
    if number % 7 == 2:
        return cell(Form.CUTOFF, cutoff=23 * 60, calendar=place)
    return cell(seconds=number * HOUR + 7, calendar=place)


def told(begin, place, history) -> tuple[Story, list]:
    """A story of these happenings, as far as a ticket allows them."""
    story = Story(begin, promise(resolution=targets(9, place), next_response=2, calendar=place))
    moment, is_held, is_done, moments = begin, False, False, [begin]
    for gap, verb, number in history:
        moment += timedelta(seconds=gap)
        if verb == "hold" and not is_held and not is_done:
            story.hold(moment, "awaiting_requester" if number % 2 else "scheduled")
            is_held = True
        elif verb == "resume" and is_held:
            story.resume(moment)
            is_held = False
        elif verb == "resolve" and not is_done:
            story.resolve(moment)
            is_held, is_done = False, True
        elif verb == "reopen" and is_done:
            story.reopen(moment)
            is_done = False
        elif verb == "reply":
            story.reply(moment)
        elif verb == "comment":
            story.comment(moment)
        elif verb == "retarget" and not is_done:
            story.edit(moment, promise(resolution=targets(number, place), calendar=place))
        elif verb == "late" and not is_done:
            # A new target together with metrics that were not promised before.
            story.edit(moment, promise(resolution=number, acknowledge=1, calendar=place))
        elif verb == "exclude":
            story.clock_told(moment, "excluded", reason="duplicate", note="")
        moments.append(moment)
    return story, moments


@settings(max_examples=150, deadline=None)
@given(beginnings, calendars, histories, st.integers(0, 200 * HOUR))
def test_counted_seconds_add_up_to_the_elapsed_time_of_any_history(begin, place, history, more):
    story, moments = told(begin, place, history)
    now = moments[-1] + timedelta(seconds=more)
    events = written(story)
    for clock in story.watch().clocks:
        why = account_of(clock, events, now)
        past = [line for line in why.stretches if not line.is_ahead]
        ahead = [line for line in why.stretches if line.is_ahead]

        assert sum(line.seconds for line in past) == why.elapsed_seconds
        assert why.elapsed_seconds == clock.elapsed_at(now)
        assert why.agrees
        if clock.started_at is None:
            assert why.lines == ()
            continue
        edges = [(line.start, line.end) for line in why.stretches]
        assert all(end == start for (_, end), (start, _) in zip(edges, edges[1:], strict=False))
        if past:
            assert past[0].start == clock.started_at
            open_time = between(why.schedule, past[0].start, past[-1].end)
            assert sum(line.seconds + line.left_out for line in past) == open_time
        if ahead:
            assert ahead[-1].end == why.due_at
            assert sum(line.seconds for line in ahead) == why.remaining_seconds
        if why.clock.form in DATED_FORMS:
            # An agreed instant stays, whatever was paused under a target before it.
            continue
        if why.clock.outcome == Outcome.PENDING:
            assert why.elapsed_seconds + why.remaining_seconds == why.clock.target_seconds
        if why.clock.outcome == Outcome.BREACHED:
            assert why.overdue_seconds == sum(line.seconds for line in past if line.is_late)
            kept = sum(line.seconds for line in past if not line.is_late)
            assert kept == why.clock.target_seconds


@settings(max_examples=60, deadline=None)
@given(beginnings, calendars, histories)
def test_every_pause_has_its_cause_and_no_line_reaches_over_a_point(begin, place, history):
    story, moments = told(begin, place, history)
    why = account(story, moments[-1] + timedelta(hours=50))
    points = [point.at for point in why.milestones]
    for line in why.stretches:
        assert not any(line.start < instant < line.end for instant in points)
        if line.kind in (Kind.PAUSED, Kind.STOPPED):
            assert line.cause is not None
            assert line.cause.at <= line.start
        assert line.seconds == 0 or line.kind == Kind.RUNNING
