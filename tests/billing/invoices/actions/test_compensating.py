"""Missed targets are made good: proposed after the month, once, when a person agrees."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.contracts import actions as contracts
from billing.contracts.models import Charge
from billing.invoices import actions
from billing.invoices.parse import month
from itil.desk import actions as desk
from itil.sla import actions as sla
from itil.sla.models import SlaClock
from itil.tickets.errors import NotAllowed
from itil.timesheets import actions as timesheets
from tests import make
from tests.billing import make as billing
from tests.cast import MONDAY

APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
MARCH = month("2026-03")


@pytest.fixture
def contract(cast):
    billing.seller()
    return billing.contract(cast.acme, resolution_credit=Decimal(50), response_credit=Decimal(20))


@pytest.fixture
def work(cast, contract):
    """The month costs 100.00: without a cap that is the most that can be given back."""
    return billing.hours(cast, 60, MONDAY.date())


def late(cast, days=8, **changes):
    """First answered and solved after every target."""
    return make.resolved_incident(cast, at=MONDAY + timedelta(days=days), **changes)


def told():
    return [
        (one.ticket.number, one.description, one.net, one.state)
        for one in Charge.objects.select_related("ticket").order_by("pk")
    ]


def run(cast, at=APRIL):
    return actions.run_month(MARCH, by=cast.bea, at=at)


def change(contract, **values):
    for name, value in values.items():
        setattr(contract, name, value)
    contract.save()


def test_each_missed_target_is_proposed_once_however_often_the_month_is_run(cast, contract, work):
    ticket = late(cast)
    run(cast)
    run(cast)
    assert told() == [
        (ticket.number, "Credit for a late first response", Decimal(-20), "proposed"),
        (ticket.number, "Credit for a late solution", Decimal(-50), "proposed"),
    ]


def test_a_credit_speaks_the_language_of_the_invoices(cast, contract, work):
    change(contract, language="nl")
    late(cast)
    run(cast)
    assert [row[1] for row in told()] == [
        "Tegoed voor een te late eerste reactie",
        "Tegoed voor een te late oplossing",
    ]


def test_nothing_is_proposed_before_the_month_is_over(cast, contract, work):
    late(cast)
    assert actions.propose_credits(MARCH, at=datetime(2026, 3, 31, 12, 0, tzinfo=UTC)) == []
    [first, second] = actions.preview(MARCH).credits
    assert (first.charge, first.amount, second.amount) == (None, 20, 50)


def test_what_is_accepted_is_one_line_and_what_is_rejected_is_none(cast, contract):
    ticket = late(cast)
    billing.hours(cast, 60, MONDAY.date(), ticket=ticket)
    response, solution = actions.propose_credits(MARCH, at=APRIL)
    contracts.accept(solution, by=cast.mia)
    contracts.reject(response, by=cast.bea, reason="They were called at once")
    [draft] = run(cast).drafted
    line = draft.lines.get(position=2)
    assert (line.description, line.net, line.detail) == (
        "Credit for a late solution",
        Decimal("-50.00"),
        ticket.number,
    )
    assert draft.net_total == Decimal("50.00")
    assert len(run(cast).unchanged) == 1
    assert [row[-1] for row in told()] == ["rejected", "open"]


def test_what_was_credited_is_not_credited_in_a_later_run(cast, contract, work):
    late(cast)
    for charge in actions.propose_credits(MARCH, at=APRIL):
        contracts.accept(charge, by=cast.bea)
    Charge.objects.update(state="invoiced")
    assert actions.propose_credits(MARCH, at=APRIL) == []
    [draft] = run(cast).drafted
    assert draft.net_total == 100
    assert Charge.objects.count() == 2


def test_an_excluded_clock_does_not_count_and_takes_its_proposal_back(cast, contract, work):
    ticket = late(cast)
    run(cast)
    leave_out(cast, ticket, "resolution")
    run(cast)
    assert [row[-1] for row in told()] == ["proposed", "withdrawn"]
    assert Charge.objects.get(state="withdrawn").decision == "The target does not count as missed."


def test_the_cap_of_the_month_is_kept_with_what_was_accepted(cast, contract):
    change(contract, credit_cap=Decimal(60))
    late(cast)
    first, second = actions.propose_credits(MARCH, at=APRIL)
    assert (first.net, second.net) == (-20, -40)
    contracts.accept(second, by=cast.bea)
    contracts.reject(first, by=cast.bea, reason="Called at once")
    late(cast)
    waiting = actions.propose_credits(MARCH, at=APRIL)
    assert [one.net for one in waiting] == [-20]


def leave_out(cast, ticket, metric):
    clock = SlaClock.objects.get(ticket=ticket.pk, metric=metric)
    desk.exclude_clocks(
        ticket, by=cast.cleo, reason="force_majeure", note="Storm", clock=clock, at=APRIL
    )


def test_what_was_accepted_uses_up_the_cap_though_its_target_left_the_count(cast, contract):
    change(contract, credit_cap=Decimal(60))
    ticket = late(cast)
    _response, solution = actions.propose_credits(MARCH, at=APRIL)
    contracts.accept(solution, by=cast.bea)
    leave_out(cast, ticket, "resolution")
    late(cast)
    waiting = actions.propose_credits(MARCH, at=APRIL)
    # 40.00 of the 60.00 are given.
    assert [one.net for one in waiting] == [-20]


def test_a_proposal_for_which_nothing_is_left_is_withdrawn_with_that_reason(cast, contract):
    change(contract, credit_cap=Decimal(60))
    late(cast)
    actions.propose_credits(MARCH, at=APRIL)
    change(contract, credit_cap=Decimal(20))
    actions.propose_credits(MARCH, at=APRIL)
    assert [row[-1] for row in told()] == ["proposed", "withdrawn"]
    withdrawn = Charge.objects.get(state="withdrawn")
    assert withdrawn.decision == "Nothing more can be given back for the month."


def test_without_a_cap_proposals_are_withdrawn_when_the_month_costs_nothing_any_more(cast, work):
    """Nothing was given back, so nothing was used up either."""
    late(cast)
    assert len(actions.propose_credits(MARCH, at=APRIL)) == 2
    timesheets.write_off([work], by=cast.bea, reason="Made good", at=APRIL)
    assert actions.propose_credits(MARCH, at=APRIL) == []
    assert [(one.state, one.decision) for one in Charge.objects.all()] == [
        ("withdrawn", "Nothing more can be given back for the month.")
    ] * 2


def test_amounts_without_a_cap_give_back_at_most_what_the_month_costs(cast, contract):
    ticket = late(cast)
    assert actions.propose_credits(MARCH, at=APRIL) == []
    # 50.00 of work, and 70.00 that were missed.
    billing.hours(cast, 30, MONDAY.date(), ticket=ticket)
    first, second = actions.propose_credits(MARCH, at=APRIL)
    assert (first.net, second.net) == (-20, -30)
    contracts.accept(second, by=cast.bea)
    # The credit itself makes the month no cheaper, and an issued month is what it was.
    [draft] = run(cast).drafted
    actions.issue(draft, by=cast.bea, at=APRIL)
    [waiting] = actions.propose_credits(MARCH, at=APRIL)
    assert (waiting.pk, waiting.net) == (first.pk, -20)


def test_a_percentage_is_of_what_the_month_costs_before_credits(cast, contract):
    change(contract, credit_unit="percent", resolution_credit=Decimal(10), response_credit=None)
    ticket = late(cast)
    billing.hours(cast, 600, MONDAY.date(), ticket=ticket)
    [proposal] = actions.propose_credits(MARCH, at=APRIL)
    assert proposal.net == Decimal("-100.00")
    # More hours come in while nobody has decided.
    billing.hours(cast, 60, MONDAY.date(), ticket=ticket)
    [proposal] = actions.propose_credits(MARCH, at=APRIL)
    assert proposal.net == Decimal("-110.00")
    contracts.accept(proposal, by=cast.bea)
    billing.hours(cast, 60, MONDAY.date(), ticket=ticket)
    assert actions.propose_credits(MARCH, at=APRIL) == []
    assert [row[2] for row in told()] == [Decimal("-110.00")]


def test_targets_that_were_met_and_contracts_that_give_nothing(cast, contract):
    make.resolved_incident(cast)
    billing.contract(cast.globex)
    theirs = make.incident(cast, by=cast.dov, requester=cast.dov)
    sla.tick(APRIL)
    assert SlaClock.objects.filter(ticket=theirs.pk, outcome="breached").exists()
    assert actions.propose_credits(MARCH, at=APRIL) == []


def test_managers_decide_about_credits_only(cast, contract, work):
    late(cast)
    proposal = actions.propose_credits(MARCH, at=APRIL)[0]
    for person in (cast.bo, cast.cleo, cast.ann):
        with pytest.raises(NotAllowed):
            contracts.accept(proposal, by=person)
    other = contracts.add_charge(
        cast.acme,
        by=None,
        on=MARCH.last,
        description="Cable",
        unit_price=Decimal(1),
        is_proposal=True,
    )
    with pytest.raises(NotAllowed):
        contracts.accept(other, by=cast.mia)
    assert contracts.accept(proposal, by=cast.mia).decided_by == cast.mia


def test_the_preview_asks_the_same_for_one_miss_and_for_many(
    cast, contract, django_assert_num_queries
):
    late(cast)
    with CaptureQueriesContext(connection) as one:
        actions.preview(MARCH)
    for _count in range(3):
        late(cast)
    with django_assert_num_queries(len(one)):
        assert len(actions.preview(MARCH).credits) == 8
