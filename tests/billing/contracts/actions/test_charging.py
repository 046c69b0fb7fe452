"""Charges and their decisions (`BIL-6`)."""

from datetime import date
from decimal import Decimal

import pytest

from billing.contracts import actions
from billing.contracts.models import Charge
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests.billing import make as billing


def charge(cast, **changes):
    return actions.add_charge(
        cast.acme,
        **{
            "by": cast.bea,
            "on": date(2026, 3, 5),
            "description": "Network cable",
            "unit_price": Decimal("10.70"),
            "quantity": Decimal("0.25"),
        }
        | changes,
    )


def test_b14_the_amount_is_rounded_half_up(cast):
    assert charge(cast).net == Decimal("2.68")


def test_a_job_that_runs_twice_makes_one_charge(cast):
    assert charge(cast, source="part:7") == charge(cast, source="part:7")
    assert Charge.objects.count() == 1


def test_a_proposal_waits_for_a_person(cast):
    proposed = charge(cast, by=None, is_proposal=True, kind="breach_credit", quantity=Decimal(-1))
    assert not Charge.objects.open().exists()
    accepted = actions.accept(proposed, by=cast.bea)
    assert (accepted.state, accepted.decided_by) == ("open", cast.bea)
    assert Charge.objects.open().get().net == Decimal("-10.70")


def test_rejecting_and_writing_off_need_a_reason_and_the_right_state(cast):
    proposed, due = charge(cast, is_proposal=True), charge(cast)
    with pytest.raises(MissingValue):
        actions.reject(proposed, by=cast.bea, reason=" ")
    with pytest.raises(Refused, match="is “Proposed” now"):
        actions.write_off(proposed, by=cast.bea, reason="Goodwill")
    with pytest.raises(Refused, match="is “To be invoiced” now"):
        actions.accept(due, by=cast.bea)
    assert actions.reject(proposed, by=cast.bea, reason="Not agreed").state == "rejected"
    assert actions.write_off(due, by=cast.bea, reason="Goodwill").decision == "Goodwill"


def test_only_clerks_decide(cast):
    proposed = charge(cast, is_proposal=True)
    for person in (cast.bo, cast.cleo, cast.mia, cast.root):
        with pytest.raises(NotAllowed):
            actions.accept(proposed, by=person)
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


@pytest.mark.parametrize("who", ["bo", "cleo", "mia", "root", "ann"])
def test_only_clerks_write_off_even_a_credit_that_a_manager_accepted(cast, who):
    credit = charge(cast, by=None, is_proposal=True, kind="breach_credit", quantity=Decimal(-1))
    actions.accept(credit, by=cast.mia)
    with pytest.raises(NotAllowed):
        actions.write_off(credit, by=getattr(cast, who), reason="Goodwill")
    credit.refresh_from_db()
    assert (credit.state, credit.decision) == ("open", "")
    assert actions.write_off(credit, by=cast.bea, reason="Goodwill").state == "written_off"


def test_the_currency_is_the_one_of_the_contract(cast):
    contract = billing.contract(cast.acme, currency="JPY")
    assert charge(cast, contract=contract).currency == "JPY"


@pytest.mark.parametrize("wrong", [{"quantity": Decimal(0)}, {"currency": "EUX"}])
def test_what_contradicts_itself_is_refused_in_words(cast, wrong):
    with pytest.raises(Refused, match="Enter"):
        charge(cast, **wrong)
