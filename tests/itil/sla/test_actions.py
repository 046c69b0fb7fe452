"""The clocks of a ticket in the database."""

from datetime import timedelta

import pytest
import time_machine

from itil.calendars.models import BusinessCalendar, CalendarDay
from itil.incidents.models import Incident
from itil.sla import actions, tasks
from itil.sla.clock import explain, replay
from itil.sla.models import Agreement, ClockState, Metric, Outcome, ServiceTarget, SlaClock
from itil.tickets.models import Channel, EventKind, Ticket
from tests.cast import HOUR, MONDAY

# Monday 10:00 in Berlin; due at P3: acknowledge 11:00, response 12:00, resolution Wed 10:00.
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ONE_HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(cast) -> Incident:
    """A new P3 incident of Ann's whose clocks have not been started yet."""
    return Incident.objects.create(
        number="INC-000001",
        kind="incident",
        title="Mail does not arrive",
        status="new",
        phase="open",
        priority=3,
        channel=Channel.PORTAL,
        requester=cast.ann,
        organization=cast.acme,
        received_at=MONDAY,
    )


@pytest.fixture
def running(ticket) -> Incident:
    actions.start_clocks(ticket, at=MONDAY)
    return ticket


def clock_of(ticket, metric=Metric.RESOLUTION) -> SlaClock:
    return (
        SlaClock.objects.live()
        .select_related("calendar", "agreement")
        .get(ticket=ticket, metric=metric)
    )


def columns(ticket) -> tuple:
    return Ticket.objects.values_list("due_at", "at_risk_at", "is_breached").get(pk=ticket.pk)


def told(ticket) -> list[tuple[str, str]]:
    """What the history says about clocks."""
    events = ticket.events.filter(kind=EventKind.CLOCK)
    return [(event.data["metric"], event.data["what"]) for event in events]


def put(ticket, status, phase, hold_reason="") -> None:
    ticket.status, ticket.phase, ticket.hold_reason = status, phase, hold_reason


# --- Starting --------------------------------------------------------------------------------


def test_clocks_start_when_the_ticket_was_received_and_the_next_due_is_copied(ticket):
    actions.start_clocks(ticket, at=MONDAY + 5 * MINUTE)
    assert list(ticket.clocks.values_list("metric", "due_at")) == [
        ("acknowledge", MONDAY + ONE_HOUR),
        ("first_response", MONDAY + 2 * ONE_HOUR),
        ("resolution", MONDAY + timedelta(days=2)),
    ]
    assert columns(ticket) == (MONDAY + ONE_HOUR, MONDAY + 45 * MINUTE, False)
    assert clock_of(ticket).reason == "default agreement"


def test_clocks_cost_three_statements(ticket, cast, django_assert_num_queries):
    cast.calendar.schedule()
    with django_assert_num_queries(3):
        actions.start_clocks(ticket, at=MONDAY)


def test_without_an_agreement_there_are_no_clocks(ticket):
    Agreement.objects.all().delete()
    assert actions.start_clocks(ticket, at=MONDAY) == []
    assert columns(ticket) == (None, None, False)


def test_ticket_opened_in_a_conversation_is_answered_at_once(ticket):
    ticket.acknowledged_at = ticket.first_response_at = MONDAY
    actions.start_clocks(ticket, at=MONDAY)
    response = clock_of(ticket, Metric.FIRST_RESPONSE)
    assert (response.outcome, response.elapsed_seconds) == (Outcome.MET, 0)
    assert columns(ticket)[0] == clock_of(ticket).due_at


# --- Stopping --------------------------------------------------------------------------------


def test_taking_stops_acknowledge_only(running):
    actions.acknowledge(running, at=MONDAY + 10 * MINUTE)
    assert list(running.clocks.values_list("state", flat=True)) == ["stopped", "running", "running"]
    assert columns(running)[0] == MONDAY + 2 * ONE_HOUR


def test_answering_stops_acknowledge_and_first_response(running, django_assert_num_queries):
    with django_assert_num_queries(3):
        actions.first_response(running, at=MONDAY + 10 * MINUTE)
    assert list(running.clocks.values_list("outcome", flat=True)) == ["met", "met", "pending"]


def test_answering_again_writes_nothing(running, django_assert_num_queries):
    actions.first_response(running, at=MONDAY + 10 * MINUTE)
    with django_assert_num_queries(1):
        actions.first_response(running, at=MONDAY + 20 * MINUTE)
    assert clock_of(running, Metric.FIRST_RESPONSE).stopped_at == MONDAY + 10 * MINUTE


def test_resolving_stops_everything_and_clears_the_due_time(running):
    put(running, "resolved", "done")
    actions.follow_phase(running, at=MONDAY + 30 * MINUTE)
    assert set(running.clocks.values_list("state", "outcome")) == {("stopped", "met")}
    assert columns(running) == (None, None, False)


def test_closing_a_resolved_ticket_changes_nothing(running, django_assert_num_queries):
    actions.resolve(running, at=MONDAY + 30 * MINUTE)
    put(running, "closed", "done")
    with django_assert_num_queries(1):
        actions.follow_phase(running, at=MONDAY + ONE_HOUR)


def test_late_answer_is_told_as_a_breach_although_no_job_ran(running):
    actions.first_response(running, at=MONDAY + 3 * ONE_HOUR)
    assert told(running) == [("acknowledge", "breached"), ("first_response", "breached")]
    assert [event.at for event in running.events.all()] == [
        MONDAY + ONE_HOUR,
        MONDAY + 2 * ONE_HOUR,
    ]
    assert columns(running)[2] is True
    assert actions.tick(MONDAY + 3 * ONE_HOUR) == {"breached": 0, "at_risk": 0}


def test_cancelling_excludes_every_clock(running):
    actions.acknowledge(running, at=MONDAY + 10 * MINUTE)
    put(running, "cancelled", "done")
    actions.follow_phase(running, at=MONDAY + 5 * ONE_HOUR)
    assert set(running.clocks.values_list("state", "outcome")) == {("cancelled", "excluded")}
    assert columns(running) == (None, None, False)


# --- Waiting ---------------------------------------------------------------------------------


def test_waiting_for_the_requester_pauses_and_resuming_moves_the_due_time(running):
    actions.first_response(running, at=MONDAY)
    put(running, "on_hold", "waiting", "awaiting_requester")
    actions.follow_phase(running, at=MONDAY + ONE_HOUR)
    assert clock_of(running).state == ClockState.PAUSED
    assert columns(running) == (None, None, False)
    put(running, "in_progress", "open")
    actions.follow_phase(running, at=MONDAY + 3 * ONE_HOUR)
    assert columns(running)[0] == MONDAY + timedelta(days=2, hours=2)


def test_first_response_runs_on_while_the_ticket_waits(running):
    put(running, "on_hold", "waiting", "awaiting_requester")
    actions.follow_phase(running, at=MONDAY + 10 * MINUTE)
    assert clock_of(running, Metric.FIRST_RESPONSE).state == ClockState.RUNNING
    assert columns(running)[0] == MONDAY + ONE_HOUR


@pytest.mark.parametrize(("vendor_pauses", "state"), [(False, "running"), (True, "paused")])
def test_waiting_for_a_supplier_follows_the_agreement(cast, ticket, vendor_pauses, state):
    cast.agreement.vendor_pauses = vendor_pauses
    cast.agreement.save()
    actions.start_clocks(ticket, at=MONDAY)
    put(ticket, "on_hold", "waiting", "awaiting_vendor")
    actions.follow_phase(ticket, at=MONDAY + 10 * MINUTE)
    assert clock_of(ticket).state == state


def test_caller_may_decide_whether_it_pauses(running):
    put(running, "on_hold", "waiting", "awaiting_change")
    actions.follow_phase(running, at=MONDAY + 10 * MINUTE, pauses=True)
    assert clock_of(running).state == ClockState.PAUSED


def test_reopening_resumes_the_resolution_clock_only(running):
    put(running, "resolved", "done")
    actions.follow_phase(running, at=MONDAY + 30 * MINUTE)
    put(running, "in_progress", "open")
    actions.follow_phase(running, at=MONDAY + timedelta(days=1))
    assert list(running.clocks.values_list("state", flat=True)) == ["stopped", "stopped", "running"]
    assert columns(running)[0] == MONDAY + timedelta(days=3) - 30 * MINUTE


# --- Other targets ---------------------------------------------------------------------------


def test_higher_priority_moves_the_due_time_and_is_kept_in_the_history(running):
    actions.first_response(running, at=MONDAY)
    running.priority = 1
    actions.retarget(running, at=MONDAY + ONE_HOUR)
    assert columns(running)[0] == MONDAY + 4 * ONE_HOUR
    event = running.events.get()
    assert event.data == {
        "metric": "resolution",
        "what": "retargeted",
        "due_at": (MONDAY + 4 * ONE_HOUR).isoformat(),
        "agreement": "Standard",
        "former_due_at": (MONDAY + timedelta(days=2)).isoformat(),
        "former_target_seconds": 16 * HOUR,
    }


def test_raise_that_comes_too_late_is_missed_and_told_once(running):
    actions.first_response(running, at=MONDAY)
    running.priority = 1
    actions.retarget(running, at=MONDAY + 6 * ONE_HOUR)
    # In order of what happened when, not of what was noticed when.
    assert told(running) == [("resolution", "breached"), ("resolution", "retargeted")]
    assert clock_of(running).breached_at == MONDAY + 4 * ONE_HOUR
    assert actions.tick(MONDAY + 7 * ONE_HOUR) == {"breached": 0, "at_risk": 0}


def test_same_conditions_again_change_nothing(running):
    before = list(running.clocks.values())
    actions.retarget(running, at=MONDAY + ONE_HOUR)
    assert list(running.clocks.values()) == before
    assert told(running) == []


def test_other_agreement_drops_the_metrics_it_does_not_promise(cast, running):
    gold = Agreement.objects.create(name="Gold", calendar=cast.calendar, organization=cast.acme)
    ServiceTarget.objects.create(
        agreement=gold, metric=Metric.RESOLUTION, priority=3, seconds=2 * HOUR
    )
    actions.retarget(running, at=MONDAY + 10 * MINUTE)
    assert list(running.clocks.values_list("metric", "state", "exclusion")) == [
        ("acknowledge", "cancelled", "no_target"),
        ("first_response", "cancelled", "no_target"),
        ("resolution", "running", ""),
    ]
    assert clock_of(running).reason == "organization Acme"
    assert columns(running)[0] == MONDAY + 2 * ONE_HOUR


def test_late_match_starts_clocks_with_what_was_done_already(cast, ticket):
    Agreement.objects.update(active=False)
    actions.start_clocks(ticket, at=MONDAY)
    Agreement.objects.update(active=True)
    ticket.acknowledged_at = MONDAY + 10 * MINUTE
    actions.retarget(ticket, at=MONDAY + 90 * MINUTE)
    assert list(ticket.clocks.values_list("metric", "state", "outcome")) == [
        ("acknowledge", "stopped", "met"),
        ("first_response", "running", "pending"),
        ("resolution", "running", "pending"),
    ]
    assert columns(ticket)[0] == MONDAY + 2 * ONE_HOUR


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


# --- The same arithmetic everywhere ----------------------------------------------------------

FIELDS = [
    "metric",
    "state",
    "outcome",
    "intervals",
    "due_at",
    "at_risk_at",
    "elapsed_seconds",
    "stopped_at",
    "breached_at",
    "outcome_at",
    "target_seconds",
    "target_version",
    "priority",
]


def test_replay_of_the_steps_gives_the_stored_clocks(cast, running):
    moments = [MONDAY + n * timedelta(hours=5) for n in range(8)]
    actions.acknowledge(running, at=moments[0] + 5 * MINUTE)
    put(running, "on_hold", "waiting", "scheduled")
    actions.follow_phase(running, at=moments[1])
    put(running, "in_progress", "open")
    actions.follow_phase(running, at=moments[2])
    actions.first_response(running, at=moments[3])
    running.priority = 5
    actions.retarget(running, at=moments[4])
    actions.resolve(running, at=moments[5])
    actions.reopen(running, at=moments[6])
    actions.resolve(running, at=moments[7])
    replayed = replay(
        running,
        cast.agreement,
        [
            (moments[0] + 5 * MINUTE, "acknowledge"),
            (moments[1], "pause"),
            (moments[2], "resume"),
            (moments[3], "respond"),
            (moments[4], "retarget", 5),
            (moments[5], "resolve"),
            (moments[6], "reopen"),
            (moments[7], "resolve"),
        ],
        priority=3,
    )
    stored = list(running.clocks.all())
    assert [[getattr(clock, name) for name in FIELDS] for clock in replayed] == [
        [getattr(clock, name) for name in FIELDS] for clock in stored
    ]


def test_explanation_needs_no_query(running, django_assert_num_queries):
    clock = clock_of(running)
    with django_assert_num_queries(0):
        why = explain(clock, MONDAY + 2 * ONE_HOUR)
    assert (why.calendar_name, why.percent, why.remaining_seconds) == (
        "Office hours",
        12,
        14 * HOUR,
    )
