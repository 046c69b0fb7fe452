"""How a clock runs: the worked examples E7, E8 and E37 to E47, and replay; no database."""

from datetime import timedelta

import pytest

from itil.sla import clock as clocks
from itil.sla.clock import Cell, replay
from itil.sla.models import (
    Agreement,
    ClockState,
    Exclusion,
    Metric,
    Outcome,
    ServiceTarget,
    SlaClock,
)
from tests.itil.calendars.calendars import HOUR, at

from .in_memory import DAY_AND_NIGHT, MONDAY_TEN, OFFICE, P1, P3, ticket


def agreement(hours: dict[int, float], *, metric=Metric.RESOLUTION, calendar=OFFICE) -> Agreement:
    """An agreement in memory with one metric; `hours` by priority."""
    targets = [
        ServiceTarget(metric=metric, priority=priority, seconds=int(h * HOUR))
        for priority, h in hours.items()
    ]
    return Agreement(pk=1, name="Gold", calendar=calendar, targets=targets)


def run(received_at, hours, *steps, priority=P3, **changes) -> SlaClock:
    """The only clock of a ticket after `steps`."""
    terms = agreement(hours if isinstance(hours, dict) else {priority: hours}, **changes)
    (clock,) = replay(ticket(received_at, priority), terms, steps)
    return clock


DUE = {
    "E37": ((MONDAY_TEN, 8), [(at(3, 2, 12), "pause"), (at(3, 2, 14), "resume")], at(3, 3, 12)),
    "E38": ((MONDAY_TEN, 8), [(at(3, 2, 16), "pause"), (at(3, 3, 10), "resume")], at(3, 3, 12)),
    "E39": ((MONDAY_TEN, 8), [(at(3, 2, 19), "pause"), (at(3, 3, 7), "resume")], at(3, 3, 10)),
    "E40 after the first pause": (
        (at(3, 5, 15), 8),
        [(at(3, 6, 11), "pause"), (at(3, 9, 11), "resume")],
        at(3, 9, 15),
    ),
    "E40 after the second pause": (
        (at(3, 5, 15), 8),
        [
            (at(3, 6, 11), "pause"),
            (at(3, 9, 11), "resume"),
            (at(3, 9, 12), "pause"),
            (at(3, 9, 13, 30), "resume"),
        ],
        at(3, 9, 16, 30),
    ),
    "E41 before": ((at(3, 2, 9, 30), {P3: 16, P1: 4}), [], at(3, 4, 9, 30)),
    "E41": (
        (at(3, 2, 9, 30), {P3: 16, P1: 4}),
        [(at(3, 2, 11, 30), "retarget", P1)],
        at(3, 2, 13, 30),
    ),
    "E43 before": (
        (at(3, 2, 9, 30), {P3: 16, P1: 4}),
        [(at(3, 2, 10, 30), "pause"), (at(3, 2, 14, 30), "resume")],
        at(3, 4, 13, 30),
    ),
    "E43": (
        (at(3, 2, 9, 30), {P3: 16, P1: 4}),
        [
            (at(3, 2, 10, 30), "pause"),
            (at(3, 2, 14, 30), "resume"),
            (at(3, 2, 15), "retarget", P1),
        ],
        at(3, 3, 9, 30),
    ),
    "E45": (
        (at(3, 2, 9), 8),
        [(at(3, 2, 14), "resolve"), (at(3, 4, 10), "reopen")],
        at(3, 4, 13),
    ),
    "E54": ((at(3, 2, 10), 16), [], at(3, 4, 10)),
}


@pytest.mark.parametrize("example", DUE)
def test_due_time_is_that_of_the_worked_example(example):
    (received_at, hours), steps, due = DUE[example]
    clock = run(received_at, hours, *steps)
    assert clock.due_at == due
    assert clock.state == ClockState.RUNNING
    assert clock.outcome == Outcome.PENDING


@pytest.mark.parametrize(
    ("calendar", "due"), [(OFFICE, at(3, 5, 11)), (DAY_AND_NIGHT, at(3, 3, 11))]
)
def test_e53_24_hours_are_not_a_day(calendar, due):
    assert run(at(3, 2, 11), 24, calendar=calendar).due_at == due


# --- Outcome ---------------------------------------------------------------------------------


def test_e7_work_after_closing_is_late_although_the_business_time_equals_the_target():
    clock = run(at(3, 2, 9), 8, (at(3, 2, 17, 30), "resolve"))
    assert clock.elapsed_seconds == 8 * HOUR
    assert clock.outcome == Outcome.BREACHED
    assert clock.breached_at == clock.outcome_at == at(3, 2, 17)
    assert clock.stopped_at == at(3, 2, 17, 30)


def test_e8_at_the_exact_due_instant_the_target_is_met():
    clock = run(at(3, 2, 9), 8, (at(3, 2, 17), "resolve"))
    assert clock.outcome == Outcome.MET
    assert clock.outcome_at == at(3, 2, 17)


def test_fractions_of_a_second_decide_nothing():
    clock = run(at(3, 2, 9), 8, (at(3, 2, 17) + timedelta(milliseconds=900), "resolve"))
    assert clock.outcome == Outcome.MET


def test_running_clock_is_missed_only_after_its_due_time():
    clock = run(at(3, 2, 9), 8)
    assert not clocks.notice(clock, at(3, 2, 17))
    assert clocks.notice(clock, at(3, 2, 17, 1))
    assert not clocks.notice(clock, at(3, 2, 17, 2))
    assert (clock.state, clock.outcome) == (ClockState.RUNNING, Outcome.BREACHED)


# --- Pauses ----------------------------------------------------------------------------------


def test_paused_clock_has_no_due_time():
    clock = run(MONDAY_TEN, 8, (at(3, 2, 12), "pause"))
    assert (clock.state, clock.due_at, clock.at_risk_at) == (ClockState.PAUSED, None, None)
    assert clock.elapsed_seconds == 2 * HOUR


def test_pause_and_resume_in_the_same_second_leave_no_trace():
    noon = at(3, 2, 12)
    clock = run(MONDAY_TEN, 8, (noon, "pause"), (noon, "resume"))
    assert clock.intervals == run(MONDAY_TEN, 8).intervals
    assert clock.due_at == at(3, 3, 10)


def test_pause_in_the_second_of_the_start_leaves_no_trace():
    clock = run(MONDAY_TEN, 8, (MONDAY_TEN, "pause"), (at(3, 2, 11), "resume"))
    assert clock.intervals == [["2026-03-02T10:00:00+00:00", None]]
    assert clock.due_at == at(3, 3, 11)


def test_pausing_after_a_breach_does_not_undo_it():
    clock = run(at(3, 2, 9), 4, (at(3, 2, 15), "pause"), (at(3, 3, 9), "resume"))
    assert clock.outcome == Outcome.BREACHED
    assert clock.breached_at == clock.due_at == at(3, 2, 13)


def test_target_used_up_at_the_pause_is_due_when_it_resumes():
    clock = run(at(3, 2, 9), 4, (at(3, 2, 13), "pause"), (at(3, 2, 15), "resume"))
    assert clock.outcome == Outcome.PENDING
    assert clock.due_at == at(3, 2, 15)


@pytest.mark.parametrize("metric", [Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE])
def test_acknowledge_and_first_response_never_pause(metric):
    clock = run(MONDAY_TEN, 8, (at(3, 2, 12), "pause"), metric=metric)
    assert clock.state == ClockState.RUNNING


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("awaiting_requester", True),
        ("scheduled", True),
        ("awaiting_approval", True),
        ("force_majeure", True),
        ("awaiting_vendor", False),
        ("awaiting_change", False),
        ("awaiting_problem", False),
        ("awaiting_parts", False),
        ("task_failed", False),
        ("", False),
    ],
)
def test_hold_reason_pauses_as_the_table_says(reason, expected):
    assert clocks.pauses(reason, Agreement()) is expected


def test_waiting_for_a_supplier_pauses_when_the_agreement_says_so():
    assert clocks.pauses("awaiting_vendor", Agreement(vendor_pauses=True))


# --- Other targets ---------------------------------------------------------------------------


def test_e42_a_late_raise_is_missed_at_the_due_time_it_should_have_had():
    clock = run(at(3, 2, 9, 30), {P3: 16, P1: 4}, (at(3, 2, 15, 30), "retarget", P1))
    assert (clock.state, clock.outcome) == (ClockState.RUNNING, Outcome.BREACHED)
    assert clock.breached_at == clock.due_at == at(3, 2, 13, 30)


def test_e44_lowering_before_the_breach_gives_more_time():
    clock = run(at(3, 2, 9, 30), {P3: 16, P1: 4}, (at(3, 2, 11, 30), "retarget", P3), priority=P1)
    assert clock.due_at == at(3, 4, 9, 30)
    assert clock.target_version == 2


def test_lowering_after_the_breach_changes_nothing():
    clock = run(at(3, 2, 9, 30), {P3: 16, P1: 4}, (at(3, 2, 14), "retarget", P3), priority=P1)
    assert clock.outcome == Outcome.BREACHED
    assert (clock.target_seconds, clock.priority, clock.target_version) == (4 * HOUR, P1, 1)


def test_raise_while_paused_finds_the_breach_in_the_past():
    clock = run(
        at(3, 2, 9),
        {P3: 16, P1: 4},
        (at(3, 2, 15), "pause"),
        (at(3, 2, 16), "retarget", P1),
    )
    assert (clock.state, clock.outcome) == (ClockState.PAUSED, Outcome.BREACHED)
    assert clock.breached_at == at(3, 2, 13)


def test_stopped_clock_keeps_its_target():
    clock = run(
        at(3, 2, 9), {P3: 16, P1: 4}, (at(3, 2, 15), "resolve"), (at(3, 2, 16), "retarget", P1)
    )
    assert (clock.outcome, clock.target_seconds) == (Outcome.MET, 16 * HOUR)


def test_priority_without_a_target_ends_the_clock():
    clock = run(at(3, 2, 9), {P3: 16}, (at(3, 2, 10), "retarget", P1))
    assert (clock.state, clock.outcome) == (ClockState.CANCELLED, Outcome.EXCLUDED)
    assert clock.exclusion == Exclusion.NO_TARGET


def test_target_on_another_calendar_recounts_what_was_used():
    clock = run(at(3, 2, 9), 16)
    changed = clocks.retarget(
        clock,
        Cell(20 * HOUR, DAY_AND_NIGHT),
        at(3, 3, 9) - timedelta(hours=12),
        priority=P3,
        agreement=clock.agreement,
        reason="",
    )
    assert changed
    assert clock.due_at == at(3, 3, 5)


# --- Reopening -------------------------------------------------------------------------------


def test_met_outcome_is_pending_again_after_reopening():
    clock = run(at(3, 2, 9), 8, (at(3, 2, 14), "resolve"))
    assert (clock.outcome, clock.elapsed_seconds) == (Outcome.MET, 5 * HOUR)
    clocks.apply([clock], "reopen", at(3, 4, 10))
    assert (clock.outcome, clock.outcome_at, clock.stopped_at) == (Outcome.PENDING, None, None)


def test_missed_outcome_stays_missed_after_reopening():
    clock = run(
        at(3, 2, 9),
        4,
        (at(3, 2, 14), "resolve"),
        (at(3, 3, 9), "reopen"),
        (at(3, 3, 10), "resolve"),
    )
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 2, 13))


def test_first_response_is_not_reopened():
    clock = run(
        at(3, 2, 9),
        4,
        (at(3, 2, 10), "respond"),
        (at(3, 3, 9), "reopen"),
        metric=Metric.FIRST_RESPONSE,
    )
    assert (clock.state, clock.outcome) == (ClockState.STOPPED, Outcome.MET)


def test_cancelled_ticket_is_excluded_even_when_it_was_missed():
    clock = run(at(3, 2, 9), 4, (at(3, 2, 14), "cancel"))
    assert (clock.state, clock.outcome, clock.due_at) == (
        ClockState.CANCELLED,
        Outcome.EXCLUDED,
        None,
    )


# --- Shares of the target --------------------------------------------------------------------

TUESDAY = [at(3, 3, 11), at(3, 3, 13), at(3, 3, 14, 12), at(3, 3, 15)]


def test_e46_shares_are_reached_like_due_times():
    clock = run(at(3, 2, 15), 8)
    assert [clock.percent_mark(percent) for percent in (50, 75, 90, 100)] == TUESDAY
    assert clock.at_risk_at == at(3, 3, 13)


def test_e47_shares_move_with_a_pause():
    clock = run(at(3, 2, 15), 8, (at(3, 3, 10), "pause"), (at(3, 3, 12), "resume"))
    assert [clock.percent_mark(percent) for percent in (50, 75, 90, 100)] == [
        moment + timedelta(hours=2) for moment in TUESDAY
    ]


def test_share_is_reached_when_it_is_complete():
    clock = run(at(3, 2, 9), 1 / HOUR * 3)
    assert clock.at_risk_at == at(3, 2, 9) + timedelta(seconds=3)


# --- Why this deadline -----------------------------------------------------------------------


def test_explanation_gives_the_parts_of_the_due_time():
    clock = run(MONDAY_TEN, 8, (at(3, 2, 16), "pause"), (at(3, 3, 10), "resume"))
    why = clocks.explain(clock, at(3, 3, 11))
    assert (why.calendar_name, why.target_seconds, why.started_at) == (
        "Office",
        8 * HOUR,
        MONDAY_TEN,
    )
    assert (why.elapsed_seconds, why.remaining_seconds) == (7 * HOUR, HOUR)
    assert (why.paused_seconds, why.due_at, why.percent) == (2 * HOUR, at(3, 3, 12), 87)


def test_explanation_of_a_late_clock_has_a_negative_rest():
    why = clocks.explain(run(at(3, 2, 9), 4), at(3, 2, 14))
    assert (why.remaining_seconds, why.percent) == (-HOUR, 125)
