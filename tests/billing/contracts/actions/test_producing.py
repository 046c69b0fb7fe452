"""Charges that are kept in step with what they were made from."""

from datetime import date
from decimal import Decimal

import pytest

from billing.contracts import actions
from billing.contracts.models import Charge
from tests.cast import MONDAY


def keep(cast, price="10.00", **changes):
    values = {
        "organization": cast.acme,
        "on": date(2026, 3, 5),
        "description": "Cable",
        "unit_price": Decimal(price),
    }
    return actions.keep_charge("order:1", at=MONDAY, **values | changes)


def test_a_charge_follows_its_source_and_is_made_once(cast):
    first = keep(cast)
    assert keep(cast, "12.00").pk == first.pk
    assert Charge.objects.get().unit_price == 12


def test_a_withdrawn_charge_comes_back_as_it_should_be_now(cast):
    charge = keep(cast)
    assert actions.withdraw_charge(charge, reason="Reopened", at=MONDAY)
    assert not actions.withdraw_charge(charge, reason="Reopened", at=MONDAY)
    back = keep(cast, "12.00")
    assert (back.state, back.unit_price, back.decision) == ("open", 12, "")


@pytest.mark.parametrize("state", ["invoiced", "written_off", "rejected"])
def test_what_was_billed_or_decided_stays(cast, state):
    charge = keep(cast)
    Charge.objects.update(state=state)
    assert not actions.withdraw_charge(charge, reason="Reopened", at=MONDAY)
    assert (keep(cast, "12.00").unit_price, Charge.objects.get().state) == (10, state)


def test_a_proposal_that_was_accepted_keeps_its_amount(cast):
    actions.accept(keep(cast, is_proposal=True), by=cast.bea)
    kept = keep(cast, "12.00", is_proposal=True)
    assert (kept.unit_price, kept.state) == (10, "open")
