"""What staff do about service levels: the effect of a change, suppliers, exclusion."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
from itil.desk.actions.promising import handover_of
from itil.sla import actions as sla
from itil.sla.models import Agreement, ClockState, Outcome
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from itil.tickets.models import Severity
from tests import make
from tests.itil.calendars.calendars import at
from tests.itil.sla.stored import agree, clock_of, columns, opened, play, promise, told

HOUR = timedelta(hours=1)
NINE, HALF_PAST_NINE = at(3, 2, 9), at(3, 2, 9, 30)
ALL = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root")


@pytest.fixture
def ticket(cast):
    """P3 with 16 hours to resolve, P1 with 4; received on Monday at 09:30 (E41)."""
    promise(cast.agreement, resolution={1: 4, 3: 16, 4: 16})
    return opened(cast, HALF_PAST_NINE)


def state_of(ticket) -> list:
    return [list(ticket.clocks.order_by("pk").values()), ticket.events.count(), columns(ticket)]


# --- Looking ahead ------------------------------------------------------------------------------


def test_raising_impact_and_urgency_shows_the_due_time_of_the_priority_that_follows(cast, ticket):
    before = state_of(ticket)

    (effect,) = desk.effects_of_edit(
        ticket, {"impact": 1, "urgency": 1}, by=cast.bo, at=at(3, 2, 11, 30)
    )

    assert (effect.before.due_at, effect.after.due_at) == (at(3, 4, 9, 30), at(3, 2, 13, 30))
    assert not effect.breaches
    assert state_of(ticket) == before


def test_a_raise_that_comes_too_late_would_be_missed_at_once(cast, ticket):
    (effect,) = desk.effects_of_edit(
        ticket, {"impact": 1, "urgency": 1}, by=cast.bo, at=at(3, 2, 15, 30)
    )

    assert effect.breaches
    assert effect.after.breached_at == at(3, 2, 13, 30)


def test_what_is_shown_is_what_saving_does(cast, ticket):
    gold = agree(cast, "Gold", organization=cast.globex, promises={"resolution": 2})
    changes = {"organization": cast.globex, "impact": 1}
    when = at(3, 2, 10)

    (effect,) = desk.effects_of_edit(ticket, changes, by=cast.bo, at=when)
    desk.edit(ticket, by=cast.bo, version=ticket.version, changes=changes, at=when)

    clock = clock_of(ticket)
    assert (clock.agreement, clock.due_at) == (gold, effect.after.due_at)
    assert clock.due_at == at(3, 2, 11, 30)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": "Another subject"},
        {"impact": 2, "urgency": 2},
        {"impact": 3},  # P3 becomes P4, which promises the same.
    ],
)
def test_what_moves_no_clock_shows_nothing(cast, ticket, changes):
    assert desk.effects_of_edit(ticket, changes, by=cast.bo, at=at(3, 2, 10)) == []


def test_an_overridden_priority_does_not_follow_impact(cast, ticket):
    desk.override_priority(ticket, 4, by=cast.cleo, reason="Agreed.", at=HALF_PAST_NINE)

    assert desk.effects_of_edit(ticket, {"impact": 1}, by=cast.bo, at=at(3, 2, 10)) == []


def test_a_resolved_ticket_shows_nothing_because_editing_it_moves_nothing(cast, ticket):
    play(cast, ticket, (at(3, 2, 10), "take"), (at(3, 2, 11), "resolve"))

    assert desk.effects_of_edit(ticket, {"impact": 1}, by=cast.bo, at=at(3, 2, 12)) == []


def test_an_agreement_edited_meanwhile_is_no_effect_of_a_new_subject(cast, ticket):
    promise(cast.agreement, resolution=1)
    cast.agreement.save()

    assert desk.effects_of_edit(ticket, {"title": "New"}, by=cast.bo, at=at(3, 2, 10)) == []


def test_an_agreed_date_and_a_severity_show_their_effect(cast, ticket):
    agree(
        cast,
        "By severity",
        organization=cast.acme,
        target_key=Agreement.TargetKey.SEVERITY,
        promises={"resolution": {Severity.SEV1: 3}},
    )

    (effect,) = desk.effects_of_edit(ticket, {"severity": 1}, by=cast.bo, at=at(3, 2, 10))

    assert effect.after.due_at == at(3, 2, 12, 30)
    with pytest.raises(MissingValue):
        desk.effects_of_edit(ticket, {"severity": 9}, by=cast.bo, at=at(3, 2, 10))


@pytest.mark.parametrize("name", ALL)
def test_who_may_change_the_ticket_sees_the_effect(cast, ticket, name):
    allowed = {"bo", "cleo"}

    def look():
        return desk.effects_of_edit(
            ticket, {"impact": 1, "urgency": 1}, by=getattr(cast, name), at=at(3, 2, 10)
        )

    if name in allowed:
        assert len(look()) == 1
    else:
        with pytest.raises(NotAllowed):
            look()


@pytest.mark.parametrize("name", ALL)
def test_the_effect_of_a_priority_by_hand_is_for_leads(cast, ticket, name):
    def look(priority):
        return desk.effects_of_priority(
            ticket, priority, by=getattr(cast, name), at=at(3, 2, 15, 30)
        )

    if name == "cleo":
        assert [effect.breaches for effect in look(1)] == [True]
        assert look(3) == []
    else:
        with pytest.raises(NotAllowed):
            look(1)


def test_a_preview_takes_five_statements(cast, ticket, django_assert_max_num_queries):
    cast.bo.grants  # noqa: B018 - read once per request
    with django_assert_max_num_queries(5):
        desk.effects_of_edit(ticket, {"impact": 1, "urgency": 1}, by=cast.bo, at=at(3, 2, 10))


# --- Suppliers ----------------------------------------------------------------------------------


@pytest.fixture
def handed(cast, ticket):
    """With Globex since 10:00, which promised an answer in 2 hours and a solution in 16."""
    agree(
        cast,
        "Globex",
        kind=Agreement.Kind.UC,
        supplier=cast.globex,
        promises={"uc_response": 2, "uc_resolution": 16},
    )
    desk.take(ticket, by=cast.bo, at=HALF_PAST_NINE)
    values = {"hold_reason": "awaiting_vendor", "supplier": cast.globex}
    desk.move(ticket, "hold", by=cast.bo, values=values, at=at(3, 2, 10))
    return ticket


def test_a_supplier_or_a_reference_is_needed(cast, ticket):
    desk.take(ticket, by=cast.bo, at=HALF_PAST_NINE)
    with pytest.raises(MissingValue, match="Name the supplier"):
        desk.move(ticket, "hold", by=cast.bo, values={"hold_reason": "awaiting_vendor"})

    desk.move(
        ticket,
        "hold",
        by=cast.bo,
        values={"hold_reason": "awaiting_vendor", "reference": "PrintCo"},
        at=at(3, 2, 10),
    )

    handover = handover_of(ticket)
    assert (handover.supplier, handover.reference) == ("", "PrintCo")
    assert handover.at == at(3, 2, 10)


def test_another_wait_is_not_ended_by_naming_a_supplier(cast, ticket):
    desk.take(ticket, by=cast.bo, at=HALF_PAST_NINE)
    values = {"hold_reason": "awaiting_parts", "supplier": cast.globex}
    with pytest.raises(MissingValue, match="Name the parts"):
        desk.move(ticket, "hold", by=cast.bo, values=values)


def test_the_answer_of_the_supplier_stops_its_response_and_not_its_solution(cast, handed):
    desk.supplier_answered(handed, by=cast.bo, at=at(3, 2, 11))

    response, solution = clock_of(handed, "uc_response"), clock_of(handed, "uc_resolution")
    assert (response.outcome, response.stopped_at) == (Outcome.MET, at(3, 2, 11))
    assert solution.state == ClockState.RUNNING
    assert (handed.status, handed.hold_reason) == ("on_hold", "awaiting_vendor")
    event = handed.events.get(kind="supplier")
    assert (event.actor, event.data["supplier"]) == (cast.bo, "Globex")


def test_it_answers_once_per_handover(cast, handed):
    desk.supplier_answered(handed, by=cast.bo, at=at(3, 2, 11))
    with pytest.raises(StaleRecord):
        desk.supplier_answered(handed, by=cast.bo, at=at(3, 2, 11))

    desk.move(handed, "resume", by=cast.bo, at=at(3, 2, 12))
    with pytest.raises(Refused, match="waits for no supplier"):
        desk.supplier_answered(handed, by=cast.bo, at=at(3, 2, 12))
    values = {"hold_reason": "awaiting_vendor", "supplier": cast.globex}
    desk.move(handed, "hold", by=cast.bo, values=values, at=at(3, 2, 13))
    desk.supplier_answered(handed, by=cast.bo, at=at(3, 2, 14))

    assert handed.events.filter(kind="supplier").count() == 2
    assert clock_of(handed, "uc_response").cycle == 2


@pytest.mark.parametrize("name", ALL)
def test_agents_of_the_queue_note_the_answer(cast, handed, name):
    by = getattr(cast, name)
    # A claim keeps colleagues out; it has lapsed by now.
    when = at(3, 2, 11)
    if name in ("bo", "cleo"):
        desk.supplier_answered(handed, by=by, at=when)
    else:
        with pytest.raises(NotAllowed):
            desk.supplier_answered(handed, by=by, at=when)
    assert handed.events.filter(kind="supplier").exists() == (name in ("bo", "cleo"))


def test_clocks_are_the_same_when_computed_again(cast, handed):
    desk.supplier_answered(handed, by=cast.bo, at=at(3, 2, 11))
    desk.exclude_clocks(handed, by=cast.cleo, reason="test", note="A drill.", at=at(3, 2, 12))
    tickets = type(handed).objects.all()

    assert list(sla.differences(tickets, at(3, 2, 13))) == [(handed, [])]


# --- Leaving clocks out -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_only_a_lead_of_the_team_leaves_clocks_out(cast, ticket, name):
    values = {"reason": "customer_caused", "note": "They unplugged it.", "at": at(3, 2, 10)}
    if name == "cleo":
        desk.exclude_clocks(ticket, by=cast.cleo, **values)
    else:
        with pytest.raises(NotAllowed):
            desk.exclude_clocks(ticket, by=getattr(cast, name), **values)

    excluded = clock_of(ticket).outcome == Outcome.EXCLUDED
    assert excluded == (name == "cleo")


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        ("", "Why not.", "reason"),
        ("merged", "Only a merge does that.", "reason"),
        ("no_target", "Nor this.", "reason"),
        ("spam", "  ", "note"),
    ],
)
def test_a_reason_of_the_list_and_a_note_are_needed(cast, ticket, reason, note, field):
    before = state_of(ticket)
    with pytest.raises(MissingValue) as refusal:
        desk.exclude_clocks(ticket, by=cast.cleo, reason=reason, note=note)

    assert refusal.value.field == field
    assert state_of(ticket) == before


def test_one_clock_is_left_out_and_the_others_count_on(cast):
    ticket = make.incident(cast, at=NINE)
    response = clock_of(ticket, "first_response")

    desk.exclude_clocks(
        ticket,
        by=cast.cleo,
        reason="force_majeure",
        note="The power was out.",
        clock=response,
        at=at(3, 2, 10),
    )

    outcomes = dict(ticket.clocks.values_list("metric", "outcome"))
    assert outcomes["first_response"] == Outcome.EXCLUDED
    assert outcomes["resolution"] == Outcome.PENDING
    event = ticket.events.get(data__what="excluded")
    assert (event.actor, event.data["note"]) == (cast.cleo, "The power was out.")
    assert (event.data["metric"], event.data["reason"]) == ("first_response", "force_majeure")


def test_a_clock_that_is_not_counted_is_not_left_out_again(cast, ticket):
    clock = clock_of(ticket)
    values = {"by": cast.cleo, "reason": "test", "note": "A drill.", "at": at(3, 2, 10)}
    desk.exclude_clocks(ticket, clock=clock, **values)
    with pytest.raises(Refused, match="No clock of"):
        desk.exclude_clocks(ticket, **values)
    other = clock_of(make.incident(cast))
    fresh = opened(cast, NINE)
    with pytest.raises(MissingValue, match="not counted any more"):
        desk.exclude_clocks(fresh, clock=other, **values)


def test_a_missed_clock_of_a_closed_ticket_can_still_be_left_out(cast, ticket):
    play(cast, ticket, (at(3, 2, 10), "take"), (at(3, 9, 10), "resolve"))
    desk.move(ticket, "close", by=cast.cleo, at=at(3, 9, 11))
    assert clock_of(ticket).outcome == Outcome.BREACHED

    desk.exclude_clocks(
        ticket, by=cast.cleo, reason="customer_caused", note="No access.", at=at(3, 10, 9)
    )

    clock = clock_of(ticket)
    assert (clock.outcome, clock.exclusion) == (Outcome.EXCLUDED, "customer_caused")
    assert clock.state == ClockState.STOPPED


def test_clocks_left_out_warn_no_more(cast):
    step = {"percent": 50, "action": "notify_lead"}
    cast.agreement.steps.create(**step)
    ticket = opened(cast, NINE)
    desk.exclude_clocks(ticket, by=cast.cleo, reason="test", note="A drill.", at=at(3, 2, 9, 5))

    assert sla.tick(at(3, 20, 9)) == {"breached": 0, "at_risk": 0, "escalated": 0}
    assert told(ticket) == [("", "excluded")]
