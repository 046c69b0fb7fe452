"""Underpinning contracts: a clock for each handover to a supplier (`SLA-1`, `SLA-2`)."""

import pytest

from itil.desk import actions as desk
from itil.sla import actions as sla
from itil.sla.models import Agreement, ClockState, Metric, Outcome
from itil.tickets.actions import record
from itil.tickets.models import EventKind
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import ONE_HOUR, agree, clock_of, columns, opened, play
from .stories import MONDAY_TEN, SUPPLIER, Story, promise

CONTRACT = promise(kind="uc", agreement=3, supplier=SUPPLIER, uc_response=2, uc_resolution=6)
BOTH = (Metric.UC_RESPONSE, Metric.UC_RESOLUTION)


def handed_over() -> Story:
    """Given to the supplier on Monday at 11:00."""
    story = Story(MONDAY_TEN, promise(resolution=8))
    return story.hold(at(3, 2, 11), "awaiting_vendor", CONTRACT)


def test_handover_starts_both_clocks():
    story = handed_over()
    assert [story.clock(metric).due_at for metric in BOTH] == [at(3, 2, 13), at(3, 2, 17)]
    assert {story.clock(metric).supplier_id for metric in BOTH} == {SUPPLIER}


def test_supplier_who_answers_stops_the_response_only():
    story = handed_over().tell(EventKind.SUPPLIER, at(3, 2, 12))
    assert [story.clock(metric).state for metric in BOTH] == ["stopped", "running"]


def test_going_on_with_the_work_ends_the_handover():
    story = handed_over().resume(at(3, 2, 14))
    response, solution = (story.clock(metric) for metric in BOTH)
    assert (response.outcome, solution.outcome) == (Outcome.BREACHED, Outcome.MET)


def test_resolving_ends_the_handover():
    story = handed_over().resolve(at(3, 2, 12))
    assert {story.clock(metric).outcome for metric in BOTH} == {Outcome.MET}


def test_every_handover_has_clocks_of_its_own():
    story = handed_over().resume(at(3, 2, 12)).hold(at(3, 3, 9), "awaiting_vendor", CONTRACT)
    assert [clock.cycle for clock in story.clocks(Metric.UC_RESOLUTION)] == [1, 2]
    assert story.clock(Metric.UC_RESOLUTION).due_at == at(3, 3, 15)


def test_supplier_without_a_contract_is_not_measured():
    story = Story(MONDAY_TEN, promise(resolution=8)).hold(at(3, 2, 11), "awaiting_vendor")
    assert [story.clocks(metric) for metric in BOTH] == [[], []]


def test_force_majeure_pauses_the_supplier_too():
    story = handed_over().hold(at(3, 2, 12), "force_majeure").hold(at(3, 2, 14), "awaiting_vendor")
    assert story.clock(Metric.UC_RESOLUTION).due_at == at(3, 3, 11)


def test_priority_leaves_the_contract_with_the_supplier_alone():
    story = handed_over().edit(at(3, 2, 12), promise(resolution=4, priority=1))
    assert [story.clock(metric).due_at for metric in BOTH] == [at(3, 2, 13), at(3, 2, 17)]


# --- With the verbs of the desk --------------------------------------------------------------


@pytest.fixture
def waiting(cast):
    """Handed to Globex at 11:00, who promised an answer in 2 hours and a solution in 6."""
    agree(
        cast,
        "Globex",
        kind=Agreement.Kind.UC,
        supplier=cast.globex,
        promises={"uc_response": 2, "uc_resolution": 6},
    )
    ticket = opened(cast, MONDAY)
    desk.reply(ticket, by=cast.bo, text="We look.", at=MONDAY)
    values = {"hold_reason": "awaiting_vendor", "reference": "G-1", "supplier": cast.globex}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=MONDAY + ONE_HOUR)
    return ticket


def test_the_contract_is_that_of_the_supplier(cast, waiting):
    clock = clock_of(waiting, Metric.UC_RESPONSE)
    assert (clock.reason, clock.supplier) == ("supplier Globex", cast.globex)


def test_late_supplier_is_no_missed_promise_to_the_customer(cast, waiting):
    sla.tick(MONDAY + 4 * ONE_HOUR)
    assert clock_of(waiting, Metric.UC_RESPONSE).outcome == Outcome.BREACHED
    assert columns(waiting) == (at(3, 4, 10), at(3, 3, 14), False)


def test_answer_of_the_supplier_is_an_event(cast, waiting):
    event = record(waiting, EventKind.SUPPLIER, by=None, at=MONDAY + 2 * ONE_HOUR)
    sla.follow(waiting, event)
    assert clock_of(waiting, Metric.UC_RESPONSE).outcome == Outcome.MET
    assert clock_of(waiting, Metric.UC_RESOLUTION).state == ClockState.RUNNING
    play(cast, waiting, (MONDAY + 3 * ONE_HOUR, "resume"))
    assert clock_of(waiting, Metric.UC_RESOLUTION).outcome == Outcome.MET
