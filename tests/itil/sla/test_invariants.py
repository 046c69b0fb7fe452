"""What holds for the clocks of any history (`SLA-30`)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from itil.calendars.hours import between
from itil.sla import actions as sla
from itil.sla.clock import running
from itil.sla.models import Agreement, ClockState, EscalationStep, Form, Metric, Outcome, SlaClock
from itil.sla.terms import PAUSING
from itil.tickets.errors import Refused
from itil.tickets.models import EventKind, Ticket
from tests.cast import MONDAY
from tests.itil.calendars.calendars import HOUR, at

from .stored import Verbs, agree, columns, opened, promise
from .stories import (
    DAY_AND_NIGHT,
    DESK,
    MONDAY_TEN,
    NETWORK,
    SUPPLIER,
    Story,
    cell,
    hours,
    steps,
)
from .stories import promise as promised

# --- Any history of a ticket without a database ----------------------------------------------

TARGETS = [
    hours(4),
    hours(16),
    hours(30, DAY_AND_NIGHT),
    cell(Form.BUSINESS_DAYS, days=2, snap="end_of_day"),
    cell(Form.BUSINESS_DAYS, days=1, snap="same_time"),
    cell(Form.CUTOFF, cutoff=720),
    cell(Form.FIXED_INSTANT, at=at(3, 5, 11).isoformat()),
]
REASONS = ["awaiting_requester", "awaiting_vendor", "scheduled", "awaiting_parts", "force_majeure"]


@st.composite
def agreements(draw):
    """One agreement with the customer."""
    return promised(
        priority=draw(st.integers(1, 5)),
        acknowledge=1,
        first_response=draw(st.sampled_from(TARGETS)),
        next_response=draw(st.sampled_from(TARGETS[:5])),
        update=4,
        resolution=draw(st.sampled_from(TARGETS)),
        pausing=draw(st.sampled_from([PAUSING, (*PAUSING, "awaiting_vendor")])),
        reopen=draw(st.sampled_from(Agreement.ReopenPolicy.values)),
        steps=steps(50, 100),
    )


OLA = {
    team: promised(kind="ola", agreement=team, team=team, ola_resolution=6)
    for team in (DESK, NETWORK)
}
UC = promised(kind="uc", agreement=9, supplier=SUPPLIER, uc_response=2, uc_resolution=8)

happenings = st.one_of(
    st.sampled_from(["take", "reply", "comment", "resume", "resolve", "reopen"]).map(
        lambda verb: (verb, ())
    ),
    st.sampled_from(REASONS).map(
        lambda reason: ("hold", (reason, UC) if reason == "awaiting_vendor" else (reason,))
    ),
    st.sampled_from([DESK, NETWORK]).map(lambda team: ("hand_over", (team, OLA[team]))),
    agreements().map(lambda terms: ("edit", (terms,))),
    st.just(("clock_told", ("excluded",))),
    st.just(("cancel", ())),
)
gaps = st.one_of(st.just(0), st.integers(1, 2 * HOUR), st.integers(1, 60 * HOUR))


@st.composite
def stories(draw):
    """A ticket, and when the last of up to a dozen things happened to it."""
    story = Story(MONDAY_TEN, draw(agreements()), OLA[DESK], team=DESK)
    when = MONDAY_TEN
    for gap, (verb, arguments) in draw(st.lists(st.tuples(gaps, happenings), max_size=12)):
        when += timedelta(seconds=gap)
        if arguments == ("excluded",):
            story.clock_told(when, "excluded", reason="test", clock=None)
        else:
            getattr(story, verb)(when, *arguments)
    return story, when


@settings(max_examples=150, deadline=None)
@given(stories())
def test_stretches_are_in_order_and_elapsed_time_is_what_lies_in_them(told):
    story, _now = told
    for clock in story.watch().clocks:
        stretches = clock.stretches()
        edges = [edge for stretch in stretches for edge in stretch if edge is not None]
        assert edges == sorted(edges)
        assert all(start < end for start, end in stretches if end is not None)
        is_open = bool(stretches) and stretches[-1][1] is None
        assert is_open == (clock.state == ClockState.RUNNING)
        assert clock.elapsed_seconds == sum(
            between(clock.schedule(), start, end) for start, end in stretches if end is not None
        )


@settings(max_examples=150, deadline=None)
@given(stories())
def test_met_is_what_stopped_no_later_than_it_was_due(told):
    story, now = told
    for clock in story.watch().clocks:
        if clock.outcome == Outcome.EXCLUDED:
            continue
        if clock.state == ClockState.STOPPED:
            assert (clock.outcome == Outcome.MET) == (clock.stopped_at <= clock.due_at)
        if clock.outcome == Outcome.MET:
            assert clock.outcome_at == clock.stopped_at
            assert clock.elapsed_seconds <= clock.target_seconds
        if clock.outcome == Outcome.BREACHED:
            assert clock.outcome_at == clock.breached_at < now
        if clock.state == ClockState.PAUSED:
            assert clock.due_at is None
        if clock.state == ClockState.RUNNING:
            running.notice(clock, now)
            assert (clock.outcome == Outcome.BREACHED) == (now > clock.due_at)


@settings(max_examples=150, deadline=None)
@given(stories())
def test_elapsed_time_never_decreases(told):
    story, _now = told
    events, elapsed = story.events, {}
    for n in range(1, len(events) + 1):
        story.events = events[:n]
        later = events[n].at if n < len(events) else events[-1].at + timedelta(days=30)
        # Clocks are only added; another target is another measure.
        for place, clock in enumerate(story.watch().clocks):
            name = place, clock.target_version
            for moment in (events[n - 1].at, later):
                now = clock.elapsed_at(moment)
                assert now >= elapsed.get(name, 0)
                elapsed[name] = now


@settings(max_examples=100, deadline=None)
@given(stories())
def test_evaluating_again_changes_nothing(told):
    story, _now = told
    facts = ("due_at", "at_risk_at", "escalates_at", "elapsed_seconds", "target_seconds")
    once, twice = story.watch().clocks, story.watch().clocks
    for first, second in zip(once, twice, strict=True):
        running.recount(second)
        assert [getattr(first, fact) for fact in facts] == [getattr(second, fact) for fact in facts]


@settings(max_examples=100, deadline=None)
@given(stories())
def test_a_clock_stands_once_and_none_runs_when_all_is_done(told):
    story, _now = told
    watch = story.watch()
    live = [clock for clock in watch.clocks if clock.state != ClockState.CANCELLED]
    names = [(clock.metric, clock.team_id, clock.cycle) for clock in live]
    assert len(names) == len(set(names))
    last = next((one for one in reversed(story.events) if one.kind == EventKind.MOVED), None)
    if last is not None and last.data["marks"] == "cancelled" and story.events[-1] is last:
        assert live == []


# --- Any history by the verbs of the desk ----------------------------------------------------

VERBS = st.sampled_from(
    [
        ("take", ()),
        ("reply", ()),
        ("comment", ()),
        ("comment", ()),
        ("note", ()),
        ("hold", ("awaiting_requester",)),
        ("hold", ("awaiting_parts",)),
        ("hold", ("awaiting_vendor",)),
        ("resume", ()),
        ("prioritize", (1,)),
        ("prioritize", (2,)),
        ("prioritize", (5,)),
        ("serve", ()),
        ("hand_over", ()),
        ("resolve", ()),
        ("reopen", ()),
        ("tick", ()),
        ("recount", ()),
        ("cancel", ()),
    ]
)


@pytest.fixture
def all_kinds(cast):
    promise(
        cast.agreement,
        acknowledge=1,
        first_response=2,
        next_response=2,
        update={1: 1, 3: 4},
        resolution={1: 4, 2: 8, 3: 16},
    )
    EscalationStep.objects.create(agreement=cast.agreement, percent=50, action="notify_lead")
    agree(cast, "Mail", service=cast.mail_service, reopen_policy="restart", vendor_pauses=True)
    agree(cast, "Teams", kind=Agreement.Kind.OLA)
    contract = {"uc_response": 2, "uc_resolution": 6}
    agree(cast, "Suppliers", kind=Agreement.Kind.UC, promises=contract)
    return cast


def do(cast, ticket, verb, arguments, when: datetime) -> None:
    """One thing more that happens to `ticket`, unless the desk refuses it."""
    desk = Verbs(cast, ticket)
    if verb == "tick":
        sla.tick(when)
    elif verb == "recount":
        cast.calendar.save()
        sla.recount(when)
    elif verb == "serve":
        desk.edit(when, service=None if ticket.service else cast.mail_service)
    elif verb == "hand_over":
        at_desk = ticket.team == cast.desk_team
        desk.hand_over(when, cast.network_team if at_desk else cast.desk_team)
    else:
        more = {"supplier": cast.globex} if arguments == ("awaiting_vendor",) else {}
        getattr(desk, verb)(when, *arguments, **more)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(st.tuples(gaps, VERBS), min_size=3, max_size=10))
@example(history=[(1, ("take", ())), (7200, ("tick", ())), (0, ("cancel", ()))])
def test_stored_clocks_are_those_the_events_say(all_kinds, history):
    ticket, when = opened(all_kinds, MONDAY), MONDAY
    for gap, (verb, arguments) in history:
        when += timedelta(seconds=gap)
        try:
            do(all_kinds, ticket, verb, arguments, when)
        except Refused:
            continue
        stored = SlaClock.objects.filter(ticket=ticket, state=ClockState.RUNNING)
        due = [clock.due_at for clock in stored if clock.team_id is clock.supplier_id is None]
        assert columns(ticket)[0] == min(due, default=None)
    (found,) = sla.differences(Ticket.objects.filter(pk=ticket.pk), when + timedelta(days=9))
    assert [str(difference) for difference in found[1]] == []
    assert Metric.RESOLUTION in ticket.clocks.values_list("metric", flat=True)
