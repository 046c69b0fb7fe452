"""How one clock runs: outcome, pauses, other targets, shares (`SLA-15` to `SLA-17`, `SLA-23`)."""

import time
from datetime import timedelta

import pytest

from itil.sla.clock import running
from itil.sla.models import ClockState, Exclusion, Metric, Outcome
from tests.itil.calendars.calendars import HOUR, at

from .stories import DAY_AND_NIGHT, MONDAY_TEN, P1, P3, Story, hours, promise

NINE, NOON = at(3, 2, 9), at(3, 2, 12)
EIGHT = promise(resolution=8)
FOUR = promise(resolution=4)
SIXTEEN_AT_P3, FOUR_AT_P1 = promise(resolution=16), promise(resolution=4, priority=P1)

# --- Outcome ---------------------------------------------------------------------------------


def test_fractions_of_a_second_decide_nothing():
    clock = Story(NINE, EIGHT).resolve(at(3, 2, 17) + timedelta(milliseconds=900)).clock()
    assert clock.outcome == Outcome.MET


def test_a_second_after_the_due_instant_is_late():
    clock = Story(NINE, EIGHT).resolve(at(3, 2, 17) + timedelta(seconds=1)).clock()
    assert clock.outcome == Outcome.BREACHED


def test_running_clock_is_missed_only_after_its_due_time():
    clock = Story(NINE, EIGHT).clock()
    assert not running.notice(clock, at(3, 2, 17))
    assert running.notice(clock, at(3, 2, 17, 1))
    assert not running.notice(clock, at(3, 2, 17, 2))
    assert (clock.state, clock.outcome) == (ClockState.RUNNING, Outcome.BREACHED)


def test_work_in_time_that_is_heard_of_late_takes_a_breach_back():
    clock = Story(NINE, EIGHT).clock()
    running.notice(clock, at(3, 2, 18))
    running.stop(clock, at(3, 2, 16))
    assert (clock.outcome, clock.breached_at, clock.outcome_at) == (
        Outcome.MET,
        None,
        at(3, 2, 16),
    )


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/Los_Angeles"])
def test_the_zone_of_the_server_changes_no_due_time(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert Story(at(3, 2, 15), EIGHT).clock().due_at == at(3, 3, 15)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_start_outside_opening_hours_is_kept_and_counts_from_the_next_opening():
    clock = Story(at(3, 7, 11, 30), FOUR).clock()
    assert (clock.started_at, clock.due_at) == (at(3, 7, 11, 30), at(3, 9, 13))


# --- Pauses ----------------------------------------------------------------------------------


def test_paused_clock_has_no_due_time_but_what_is_left():
    clock = Story(MONDAY_TEN, EIGHT).hold(NOON).clock()
    assert (clock.state, clock.due_at, clock.at_risk_at) == (ClockState.PAUSED, None, None)
    assert clock.elapsed_at(at(3, 2, 16)) == 2 * HOUR


def test_pause_and_resume_in_the_same_second_leave_no_trace():
    clock = Story(MONDAY_TEN, EIGHT).hold(NOON).resume(NOON).clock()
    assert clock.intervals == Story(MONDAY_TEN, EIGHT).clock().intervals
    assert clock.due_at == at(3, 3, 10)


def test_pause_in_the_second_of_the_start_leaves_no_trace():
    clock = Story(MONDAY_TEN, EIGHT).hold(MONDAY_TEN).resume(at(3, 2, 11)).clock()
    assert clock.intervals == [["2026-03-02T10:00:00+00:00", None]]
    assert (clock.started_at, clock.due_at) == (MONDAY_TEN, at(3, 3, 11))


def test_pausing_after_a_breach_does_not_undo_it():
    clock = Story(NINE, FOUR).hold(at(3, 2, 15)).resume(at(3, 3, 9)).clock()
    assert clock.outcome == Outcome.BREACHED
    assert clock.breached_at == clock.due_at == at(3, 2, 13)


def test_target_used_up_at_the_pause_is_due_when_it_resumes():
    clock = Story(NINE, FOUR).hold(at(3, 2, 13)).resume(at(3, 2, 15)).clock()
    assert (clock.outcome, clock.due_at) == (Outcome.PENDING, at(3, 2, 15))


def test_target_used_up_at_closing_is_late_at_a_pause_after_closing():
    clock = Story(NINE, EIGHT).hold(at(3, 2, 18)).clock()
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 2, 17))


def test_resolved_while_it_waits_is_due_as_if_it_had_gone_on_then():
    clock = Story(MONDAY_TEN, FOUR).hold(NOON).resolve(at(3, 4, 9)).clock()
    assert (clock.outcome, clock.stopped_at) == (Outcome.MET, at(3, 4, 9))
    assert (clock.due_at, clock.elapsed_seconds) == (at(3, 4, 11), 2 * HOUR)


def test_message_that_arrives_late_changes_nothing_before_what_is_known():
    """A wait begun at noon does not end in a mail of eleven o'clock."""
    clock = Story(MONDAY_TEN, EIGHT).hold(NOON).resume(at(3, 2, 11)).clock()
    assert clock.due_at == at(3, 3, 10)
    assert clock.intervals == [["2026-03-02T09:00:00+00:00", None]]


# --- Other targets ---------------------------------------------------------------------------


def test_lowering_after_the_breach_changes_nothing():
    clock = Story(NINE, FOUR_AT_P1).edit(at(3, 2, 14), SIXTEEN_AT_P3).clock()
    assert clock.outcome == Outcome.BREACHED
    assert (clock.target_seconds, clock.priority, clock.target_version) == (4 * HOUR, P1, 1)


def test_at_the_exact_due_instant_it_can_still_be_lowered():
    clock = Story(NINE, FOUR_AT_P1).edit(at(3, 2, 13), SIXTEEN_AT_P3).clock()
    assert (clock.outcome, clock.due_at) == (Outcome.PENDING, at(3, 3, 17))


def test_raise_while_paused_finds_the_breach_in_the_past():
    story = Story(NINE, SIXTEEN_AT_P3).hold(at(3, 2, 15)).edit(at(3, 2, 16), FOUR_AT_P1)
    clock = story.clock()
    assert (clock.state, clock.outcome) == (ClockState.PAUSED, Outcome.BREACHED)
    assert clock.breached_at == at(3, 2, 13)


def test_raise_while_paused_leaves_what_is_left_of_the_new_target():
    story = Story(NINE, SIXTEEN_AT_P3).hold(at(3, 2, 11)).edit(at(3, 2, 16), FOUR_AT_P1)
    assert story.clock().outcome == Outcome.PENDING
    assert story.resume(at(3, 3, 9)).clock().due_at == at(3, 3, 11)


def test_stopped_clock_keeps_its_target():
    clock = Story(NINE, SIXTEEN_AT_P3).resolve(at(3, 2, 15)).edit(at(3, 2, 16), FOUR_AT_P1).clock()
    assert (clock.outcome, clock.target_seconds) == (Outcome.MET, 16 * HOUR)


def test_priority_without_a_target_ends_the_clock():
    clock = Story(NINE, SIXTEEN_AT_P3).edit(at(3, 2, 10), promise(priority=P1)).clock()
    assert (clock.state, clock.outcome) == (ClockState.CANCELLED, Outcome.EXCLUDED)
    assert clock.exclusion == Exclusion.NO_TARGET


def test_missed_clock_is_not_ended_by_a_priority_without_a_target():
    clock = Story(NINE, FOUR_AT_P1).edit(at(3, 2, 15), promise(priority=P3)).clock()
    assert (clock.state, clock.outcome) == (ClockState.RUNNING, Outcome.BREACHED)


def test_target_on_another_calendar_recounts_what_was_used():
    night = promise(resolution=hours(20, DAY_AND_NIGHT))
    clock = Story(NINE, SIXTEEN_AT_P3).edit(at(3, 2, 21), night).clock()
    assert (clock.due_at, clock.target_version) == (at(3, 3, 5), 2)


def test_the_same_target_again_is_no_other_target():
    clock = Story(NINE, SIXTEEN_AT_P3).edit(at(3, 2, 11), promise(resolution=16)).clock()
    assert (clock.due_at, clock.target_version) == (at(3, 3, 17), 1)


def test_only_what_had_begun_is_told_as_moved():
    """A regular update that waits for its occasion has no due time that could move."""
    both = promise(resolution=8, update=4), promise(resolution=4, update=2, priority=P1)
    watch = Story(NINE, both[0]).edit(at(3, 2, 10), both[1]).watch()
    assert [(clock.metric, what) for clock, what, *_former in watch.moved] == [
        (Metric.RESOLUTION, "retargeted")
    ]


# --- Ending ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "exclusion"),
    [({}, Exclusion.CANCELLED), ({"merged_into": "INC-000002"}, Exclusion.MERGED)],
)
def test_cancelled_ticket_is_excluded_even_when_it_was_missed(data, exclusion):
    clock = Story(NINE, FOUR).cancel(at(3, 2, 14), **data).clock()
    assert (clock.state, clock.outcome) == (ClockState.CANCELLED, Outcome.EXCLUDED)
    assert (clock.exclusion, clock.due_at) == (exclusion, None)


def test_what_was_met_before_the_ticket_was_cancelled_is_excluded_as_well():
    story = Story(NINE, promise(resolution=8, first_response=4)).reply(at(3, 2, 10))
    clocks = story.cancel(at(3, 2, 14)).watch().clocks
    assert {clock.outcome for clock in clocks} == {Outcome.EXCLUDED}


# --- Shares of the target --------------------------------------------------------------------


def test_share_is_reached_when_it_is_complete():
    clock = Story(NINE, promise(resolution=3 / HOUR)).clock()
    assert clock.at_risk_at == NINE + timedelta(seconds=3)


def test_share_used_up_at_closing_is_reached_at_closing():
    clock = Story(NINE, promise(resolution=16)).clock()
    assert clock.percent_mark(50) == at(3, 2, 17)


def test_at_risk_percent_is_that_of_the_agreement():
    clock = Story(NINE, promise(resolution=8, at_risk_percent=50)).clock()
    assert clock.at_risk_at == at(3, 2, 13)
