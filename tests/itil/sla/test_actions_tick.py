"""What the scheduler notices, and what an edited calendar moves."""

from datetime import timedelta

import time_machine

from itil.calendars.models import BusinessCalendar, CalendarDay
from itil.sla import actions, tasks
from itil.sla.models import ClockState, Outcome, SlaClock
from tests.cast import MONDAY

from .stories import MINUTE, ONE_HOUR, SECOND, clock_of, columns, put, told

# --- The scheduler ---------------------------------------------------------------------------


def test_nothing_is_noticed_at_the_exact_due_time(running):
    actions.tick(MONDAY + 50 * MINUTE)
    assert actions.tick(MONDAY + ONE_HOUR) == {"breached": 0, "at_risk": 0}
    assert actions.tick(MONDAY + ONE_HOUR + SECOND) == {"breached": 1, "at_risk": 0}


def test_risk_is_noticed_once_with_the_true_time(running):
    assert actions.tick(MONDAY + 50 * MINUTE) == {"breached": 0, "at_risk": 1}
    assert actions.tick(MONDAY + 50 * MINUTE) == {"breached": 0, "at_risk": 0}
    event = running.events.get()
    assert (event.at, event.actor, event.channel) == (MONDAY + 45 * MINUTE, None, "system")
    assert event.data == {
        "metric": "acknowledge",
        "what": "at_risk",
        "due_at": (MONDAY + ONE_HOUR).isoformat(),
        "agreement": "Standard",
    }


def test_job_that_is_three_hours_late_tells_only_the_breach_and_its_true_time(running):
    actions.first_response(running, at=MONDAY)
    running.priority = 1
    actions.retarget(running, at=MONDAY)
    late = MONDAY + 7 * ONE_HOUR
    assert [actions.tick(late), actions.tick(late)] == [
        {"breached": 1, "at_risk": 0},
        {"breached": 0, "at_risk": 0},
    ]
    clock = clock_of(running)
    assert clock.breached_at == clock.outcome_at == MONDAY + 4 * ONE_HOUR
    assert (clock.state, clock.outcome) == (ClockState.RUNNING, Outcome.BREACHED)
    assert told(running)[-1:] == [("resolution", "breached")]
    assert columns(running)[2] is True


def test_paused_and_stopped_clocks_are_never_noticed(running):
    put(running, "on_hold", "waiting", "awaiting_requester")
    actions.follow_phase(running, at=MONDAY + MINUTE)
    actions.first_response(running, at=MONDAY + 2 * MINUTE)
    assert actions.tick(MONDAY + timedelta(days=30)) == {"breached": 0, "at_risk": 0}


def test_one_run_takes_a_batch_and_the_next_one_the_rest(running, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 2)
    much_later = MONDAY + timedelta(days=9)
    assert [actions.tick(much_later)["breached"] for _run in range(3)] == [2, 1, 0]


def test_looking_for_due_clocks_uses_the_indexes(running, django_assert_num_queries):
    with django_assert_num_queries(2):
        actions.tick(MONDAY)
    assert "clock_falls_due" in SlaClock.objects.falling_due(MONDAY).order_by("due_at").explain()
    risky = SlaClock.objects.becoming_at_risk(MONDAY).order_by("at_risk_at")
    assert "clock_becomes_at_risk" in risky.explain()


# --- Edited calendars ------------------------------------------------------------------------


def test_holiday_added_later_moves_running_due_times_and_not_stopped_clocks(cast, running):
    actions.first_response(running, at=MONDAY)
    stopped = list(running.clocks.filter(state=ClockState.STOPPED).values())
    tuesday = MONDAY.date() + timedelta(days=1)
    CalendarDay.objects.create(calendar=cast.calendar, on=tuesday, kind="holiday")
    cast.calendar.save()
    assert actions.recount() == 1
    assert columns(running)[0] == MONDAY + timedelta(days=3)
    assert list(running.clocks.filter(state=ClockState.STOPPED).values()) == stopped
    assert actions.recount() == 0


def test_task_ticks_at_the_present_time(running):
    with time_machine.travel(MONDAY + 65 * MINUTE, tick=False):
        assert tasks.tick_clocks.func() == {"breached": 1, "at_risk": 0, "recounted": 0}


def test_edit_of_a_calendar_raises_its_version_and_its_schedule(cast):
    before = cast.calendar.schedule()
    cast.calendar.openings.filter(weekday=0).delete()
    cast.calendar.save()
    assert cast.calendar.version == 2
    assert cast.calendar.schedule() != before
    assert BusinessCalendar.objects.get(pk=cast.calendar.pk).schedule() is cast.calendar.schedule()
