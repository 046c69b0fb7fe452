"""The clocks of a ticket in the database."""

from datetime import timedelta

import pytest

from itil.sla import actions
from itil.sla.clock import explain, replay
from itil.sla.models import Agreement, ClockState, Metric, Outcome, ServiceTarget
from tests.cast import HOUR, MONDAY

from .stories import MINUTE, ONE_HOUR, clock_of, columns, put, told

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
    with django_assert_num_queries(4):
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
