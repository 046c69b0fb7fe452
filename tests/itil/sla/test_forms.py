"""Targets that are no plain duration, as clocks (`SLA-3`, `SLA-25`, `SLA-26`).

The arithmetic itself, C1 to C6 and D1 to D3, stands in tests/itil/calendars.
"""

from datetime import timedelta

import pytest

from itil.sla.models import ClockState, Form, Outcome
from tests.itil.calendars.calendars import HOUR, at

from .stories import DAY_AND_NIGHT, P1, Story, cell, hours, promise, steps

NOON_RULE = cell(Form.CUTOFF, cutoff=12 * 60)


def days(number: int, snap="end_of_day"):
    return cell(Form.BUSINESS_DAYS, days=number, snap=snap)


def agreed(when):
    return cell(Form.FIXED_INSTANT, at=when.isoformat())


def due(start, target):
    return Story(start, promise(resolution=target)).clock().due_at


# --- As clocks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_at", "target", "due_at"),
    [
        pytest.param(at(3, 2, 11, 59), NOON_RULE, at(3, 2, 17), id="C1 before noon"),
        pytest.param(at(3, 2, 12), NOON_RULE, at(3, 3, 12), id="C1 at noon"),
        pytest.param(at(12, 24, 13), NOON_RULE, at(12, 28, 12), id="C5"),
        pytest.param(at(3, 2, 15), days(3), at(3, 5, 17), id="D1"),
        pytest.param(at(3, 6, 15), days(1, "same_time"), at(3, 9, 15), id="D2"),
        pytest.param(at(12, 23, 15), days(1, "same_time"), at(12, 24, 12), id="D2 half day"),
        pytest.param(at(3, 7, 10), days(1), at(3, 10, 17), id="D3"),
        pytest.param(at(3, 2, 15), agreed(at(3, 6, 11)), at(3, 6, 11), id="agreed date"),
    ],
)
def test_due_time_of_each_form(received_at, target, due_at):
    assert due(received_at, target) == due_at


def test_target_seconds_are_the_business_time_up_to_the_due_time():
    story = Story(at(3, 2, 15), promise(resolution=days(3)))
    assert story.clock().target_seconds == (2 + 3 * 8) * HOUR
    agreed_date = Story(at(3, 2, 15), promise(resolution=agreed(at(3, 3, 11))))
    assert agreed_date.clock().target_seconds == 4 * HOUR


def test_every_metric_may_have_a_calendar_of_its_own():
    story = Story(
        at(3, 2, 16), promise(first_response=hours(2, DAY_AND_NIGHT), resolution=hours(2))
    )
    assert story.clock("first_response").due_at == at(3, 2, 18)
    assert story.clock("resolution").due_at == at(3, 3, 10)


# --- Business days pause ---------------------------------------------------------------------


def test_what_is_left_of_business_days_is_counted_on_and_ends_with_a_day_again():
    """Received Monday 15:00 with 2 days: due Wednesday 17:00, 18 h. Left after two hours: 16 h."""
    story = Story(at(3, 2, 15), promise(resolution=days(2)))
    assert story.clock().due_at == at(3, 4, 17)
    story.hold(at(3, 2, 17))
    assert story.clock().due_at is None
    # From Tuesday 11:00 on they end on Thursday at 11:00, which is snapped to its closing.
    assert story.resume(at(3, 3, 11)).clock().due_at == at(3, 5, 17)


def test_what_the_snap_gave_is_kept_at_the_next_pause():
    story = Story(at(3, 2, 15), promise(resolution=days(2)))
    story.hold(at(3, 2, 17)).resume(at(3, 3, 11))
    clock = story.clock()
    assert clock.target_seconds == 2 * HOUR + (6 + 8 + 8) * HOUR
    story.hold(at(3, 4, 9)).resume(at(3, 5, 9))
    assert story.clock().due_at == at(3, 6, 17)


def test_pause_of_business_days_outside_opening_hours_changes_nothing():
    story = Story(at(3, 2, 15), promise(resolution=days(2)))
    story.hold(at(3, 2, 18)).resume(at(3, 3, 8))
    assert story.clock().due_at == at(3, 4, 17)


def test_business_days_to_the_same_time_are_not_snapped_after_a_pause():
    story = Story(at(3, 2, 15), promise(resolution=days(1, "same_time")))
    assert story.clock().due_at == at(3, 3, 15)
    # Seven of eight hours are left.
    story.hold(at(3, 2, 16)).resume(at(3, 3, 11))
    assert story.clock().due_at == at(3, 4, 10)


def test_business_days_paused_in_the_second_they_began_keep_all_of_it():
    story = Story(at(3, 2, 15), promise(resolution=days(1))).hold(at(3, 2, 15))
    assert story.clock().due_at is None
    assert story.resume(at(3, 3, 15)).clock().due_at == at(3, 4, 17)


def test_business_days_used_up_at_the_pause_are_due_when_they_resume():
    story = Story(at(3, 2, 15), promise(resolution=days(1)))
    story.hold(at(3, 3, 17)).resume(at(3, 4, 10))
    clock = story.clock()
    assert (clock.outcome, clock.due_at) == (Outcome.PENDING, at(3, 4, 17))


def test_business_days_that_end_before_the_pause_were_missed():
    story = Story(at(3, 2, 15), promise(resolution=days(1))).hold(at(3, 3, 18))
    clock = story.clock()
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 3, 17))


# --- Dates do not ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "due_at"), [(NOON_RULE, at(3, 3, 12)), (agreed(at(3, 3, 10)), at(3, 3, 10))]
)
def test_a_date_stands_whatever_the_ticket_waits_for(target, due_at):
    story = Story(at(3, 2, 15), promise(resolution=target)).hold(at(3, 2, 16))
    assert (story.clock().state, story.clock().due_at) == (ClockState.RUNNING, due_at)
    story.resume(at(3, 3, 11))
    assert story.clock().due_at == due_at


def test_a_date_stands_after_reopening():
    story = Story(at(3, 2, 15), promise(resolution=NOON_RULE)).resolve(at(3, 3, 10))
    assert story.clock().outcome == Outcome.MET
    clock = story.reopen(at(3, 3, 11)).clock()
    assert (clock.outcome, clock.due_at) == (Outcome.PENDING, at(3, 3, 12))
    story.resolve(at(3, 3, 12) + timedelta(seconds=1))
    assert story.clock().outcome == Outcome.BREACHED


# --- Shares ----------------------------------------------------------------------------------


def test_shares_of_business_days_and_dates_are_counted_in_business_time():
    # 10 h from Monday 15:00 to Tuesday's closing; 5 h to Tuesday noon.
    in_days = Story(at(3, 2, 15), promise(resolution=days(1))).clock()
    assert [in_days.percent_mark(share) for share in (50, 100)] == [at(3, 3, 12), at(3, 3, 17)]
    by_noon = Story(at(3, 2, 15), promise(resolution=NOON_RULE)).clock()
    assert [by_noon.percent_mark(share) for share in (60, 100)] == [at(3, 3, 10), at(3, 3, 12)]


def test_warnings_of_an_agreed_date_outside_opening_hours_wait_for_it():
    """Agreed for Sunday: there is no business time of which anything could be used up."""
    story = Story(at(3, 7, 10), promise(resolution=agreed(at(3, 8, 10)), steps=steps(50, 100)))
    clock = story.clock()
    assert clock.due_at == clock.at_risk_at == clock.escalates_at == at(3, 8, 10)


def test_no_share_of_a_date_lies_after_it():
    story = Story(at(3, 2, 9), promise(resolution=agreed(at(3, 3, 17))))
    story.resolve(at(3, 2, 10)).reopen(at(3, 3, 16))
    assert story.clock().percent_mark(90) == at(3, 3, 17)


# --- From one form to another ----------------------------------------------------------------


def test_duration_becomes_a_date_while_the_ticket_waits():
    story = Story(at(3, 2, 9), promise(resolution=8)).hold(at(3, 2, 11))
    clock = story.edit(at(3, 2, 12), promise(resolution=agreed(at(3, 2, 16)), priority=P1)).clock()
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, at(3, 2, 16))


def test_date_becomes_a_duration_while_the_ticket_waits():
    story = Story(at(3, 2, 9), promise(resolution=agreed(at(3, 4, 16)))).hold(at(3, 2, 11))
    story.edit(at(3, 2, 15), promise(resolution=8, priority=P1))
    clock = story.clock()
    assert (clock.state, clock.due_at, clock.elapsed_seconds) == (
        ClockState.PAUSED,
        None,
        2 * HOUR,
    )
    assert story.resume(at(3, 3, 9)).clock().due_at == at(3, 3, 15)


def test_waits_before_a_date_became_a_duration_do_not_count():
    """As in E43: the start and the pauses of the former target are kept."""
    story = Story(at(3, 2, 9, 30), promise(resolution=NOON_RULE))
    story.hold(at(3, 2, 10, 30)).resume(at(3, 2, 14, 30))
    story.edit(at(3, 2, 15), promise(resolution=4, priority=P1))
    assert story.clock().due_at == at(3, 3, 9, 30)


def test_date_that_was_missed_stays_missed():
    story = Story(at(3, 2, 9, 30), promise(resolution=NOON_RULE))
    story.edit(at(3, 3, 9), promise(resolution=40, priority=P1))
    clock = story.clock()
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 2, 17))


def test_another_agreed_date_is_another_target():
    story = Story(at(3, 2, 9), promise(resolution=agreed(at(3, 4, 16))))
    clock = story.edit(at(3, 2, 15), promise(resolution=agreed(at(3, 5, 16)))).clock()
    assert (clock.due_at, clock.target_version) == (at(3, 5, 16), 2)


def test_agreed_date_moved_into_the_past_was_missed_then():
    story = Story(at(3, 2, 9), promise(resolution=agreed(at(3, 4, 16))))
    clock = story.edit(at(3, 3, 15), promise(resolution=agreed(at(3, 3, 10)))).clock()
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 3, 10))
