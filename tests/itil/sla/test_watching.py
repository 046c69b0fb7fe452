"""What the worker notices as time passes (`SLA-15`, `SLA-24`)."""

from datetime import timedelta

import pytest
import time_machine

from itil.sla import actions as sla
from itil.sla import tasks
from itil.sla.actions import watching
from itil.sla.models import ClockState, Outcome
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import MINUTE, ONE_HOUR, SECOND, clock_of, columns, opened, told

NOTHING = {"breached": 0, "at_risk": 0, "escalated": 0}


def breached(number: int) -> dict:
    return NOTHING | {"breached": number}


def test_nothing_is_missed_at_the_exact_due_time(desk):
    sla.tick(MONDAY + 50 * MINUTE)
    assert sla.tick(MONDAY + ONE_HOUR) == NOTHING
    assert sla.tick(MONDAY + ONE_HOUR + SECOND) == breached(1)


def test_risk_is_noticed_once_with_the_true_time(desk):
    assert sla.tick(MONDAY + 45 * MINUTE - SECOND) == NOTHING
    assert sla.tick(MONDAY + 50 * MINUTE) == NOTHING | {"at_risk": 1}
    assert sla.tick(MONDAY + 50 * MINUTE) == NOTHING
    event = desk.ticket.events.get(kind="clock")
    assert (event.at, event.actor, event.channel) == (MONDAY + 45 * MINUTE, None, "system")
    assert event.data == {
        "metric": "acknowledge",
        "what": "at_risk",
        "due_at": (MONDAY + ONE_HOUR).isoformat(),
        "agreement": "Standard",
    }


def test_job_that_is_three_hours_late_tells_only_the_breach_and_its_true_time(desk):
    desk.reply(MONDAY)
    desk.prioritize(MONDAY, 1)
    late = MONDAY + 7 * ONE_HOUR
    assert [sla.tick(late), sla.tick(late)] == [breached(1), NOTHING]
    clock = clock_of(desk.ticket)
    assert clock.breached_at == clock.outcome_at == MONDAY + 4 * ONE_HOUR
    assert clock.breach_noticed_at == late
    assert (clock.state, clock.outcome) == (ClockState.RUNNING, Outcome.BREACHED)
    event = desk.ticket.events.get(data__what="breached")
    assert event.at == MONDAY + 4 * ONE_HOUR
    assert columns(desk.ticket)[2] is True


def test_paused_and_stopped_clocks_are_never_noticed(desk):
    desk.hold(MONDAY + MINUTE)
    assert sla.tick(MONDAY + timedelta(days=30)) == NOTHING
    desk.resolve(MONDAY + timedelta(days=30))
    assert sla.tick(MONDAY + timedelta(days=60)) == NOTHING


def test_cancelled_clocks_are_never_noticed(desk):
    desk.cancel(MONDAY + MINUTE)
    assert sla.tick(MONDAY + timedelta(days=30)) == NOTHING


def test_missed_after_a_wait_is_missed_when_what_was_left_is_used_up(desk):
    desk.hold(MONDAY + ONE_HOUR)
    desk.resume(at(3, 3, 10))
    # 15 h were left.
    assert sla.tick(at(3, 5, 9))["breached"] == 1
    assert clock_of(desk.ticket).breached_at == at(3, 4, 17)


def test_one_run_takes_a_batch_and_the_next_one_the_rest(desk, monkeypatch):
    monkeypatch.setattr(watching, "BATCH", 2)
    much_later = MONDAY + timedelta(days=9)
    assert [sla.tick(much_later)["breached"] for _run in range(3)] == [2, 1, 0]


def test_a_breach_by_a_team_does_not_mark_the_ticket(cast, promised):
    cast.agreement.kind = "ola"
    cast.agreement.save()
    promised(ola_resolution=1)
    ticket = opened(cast, MONDAY)
    assert sla.tick(MONDAY + 2 * ONE_HOUR) == breached(1)
    assert told(ticket) == [("ola_resolution", "breached")]
    assert columns(ticket) == (None, None, False)


def test_looking_costs_three_statements_when_nothing_is_due(desk, django_assert_num_queries):
    with django_assert_num_queries(3):
        sla.tick(MONDAY)


@pytest.mark.parametrize("tickets", [1, 4])
def test_noticing_costs_a_statement_for_each_line_of_history(
    cast, tickets, django_assert_num_queries
):
    for _n in range(tickets):
        opened(cast, MONDAY)
    # Three looks, one write for the clocks, one for their tickets, one line for each clock.
    with django_assert_num_queries(5 + tickets):
        sla.tick(MONDAY + ONE_HOUR + SECOND)


def test_task_ticks_at_the_present_time(desk):
    with time_machine.travel(MONDAY + 65 * MINUTE, tick=False):
        assert tasks.tick_clocks.func() == breached(1) | {"recounted": 0, "rechosen": 0}
