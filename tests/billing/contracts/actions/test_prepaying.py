"""Selling in advance, retainers by month, and what is drawn from them (`BIL-7`)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.contracts import actions
from billing.contracts.matching import balances, ledgers, unbilled
from billing.contracts.models import BlockUse, Charge, PrepaidBlock, Retainer
from itil.tickets.errors import NotAllowed, Refused
from tests.billing import make as billing

JAN, FEB, MAR = date(2026, 1, 20), date(2026, 2, 20), date(2026, 3, 20)


def block(cast, contract, **changes):
    return actions.sell_block(
        contract,
        **{
            "by": cast.bea,
            "name": "20 hours",
            "minutes": 1200,
            "price": Decimal("1900.00"),
            "valid_from": date(2026, 1, 1),
            "valid_to": date(2026, 6, 30),
        }
        | changes,
    )


def worked(cast, minutes, day, **changes):
    """Approved work of Bo, with its price."""
    entry = billing.hours(cast, minutes, day, **changes)
    actions.price_missing([entry])
    return entry


def close_month(contract, name):
    """What the run does: settle what is approved, keep the uses with the document, freeze them."""
    settled = ledgers([contract.pk])[contract.pk].settle(unbilled(contract), contract.currency)
    actions.store_uses(name, settled.uses)
    actions.freeze_uses(name)
    return settled


def test_a_block_is_invoiced_when_it_is_sold(cast):
    sold = block(cast, billing.contract(cast.acme))
    charge = Charge.objects.get()
    assert (charge.kind, charge.state, charge.net) == ("block", "open", Decimal("1900.00"))
    assert (sold.charge, charge.organization, charge.currency) == (charge, cast.acme, "EUR")


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"amount": Decimal(5)},
        {"valid_to": date(2025, 12, 31)},
        {"rolls_to": date(2026, 6, 30)},
    ],
)
def test_a_block_that_contradicts_itself_is_refused(cast, wrong):
    contract = billing.contract(cast.acme)
    with pytest.raises(Refused):
        block(cast, contract, **wrong)
    assert not PrepaidBlock.objects.exists()
    assert not Charge.objects.exists()


def test_only_clerks_sell(cast):
    contract = billing.contract(cast.acme)
    for person in (cast.bo, cast.cleo, cast.mia, cast.root):
        with pytest.raises(NotAllowed):
            block(cast, contract, by=person)


def test_b9_a_retainer_through_three_months(cast):
    contract = billing.contract(cast.acme, overage_rate=Decimal(110), rounding_mode="none")
    Retainer.objects.create(
        contract=contract,
        name="Care",
        minutes=600,
        price=Decimal(950),
        first_month=date(2026, 1, 1),
        last_month=date(2026, 3, 1),
        keeps_months=1,
        cap=300,
    )
    actions.open_months(date(2026, 4, 2))
    assert actions.open_months(date(2026, 4, 2)) == []
    assert Charge.objects.count() == 3
    left = []
    for number, (day, minutes) in enumerate([(JAN, 420), (FEB, 750), (MAR, 690)]):
        worked(cast, minutes, day)
        settled = close_month(contract, f"month {number}")
        left.append([rest.minutes for rest in settled.rests])
    assert left == [[], [], [60]]
    assert actions.warn_about_blocks(at=datetime(2025, 1, 1, tzinfo=UTC)) == 0
    drawn = [(row.block.name, row.drawn, row.left) for row in reversed(balances(contract))]
    assert drawn == [
        ("Care 2026-01", 600, 0),
        ("Care 2026-02", 600, 0),
        ("Care 2026-03", 600, 0),
    ]


def test_the_balance_counts_what_is_approved_and_not_billed_yet(cast):
    contract = billing.contract(cast.acme)
    block(cast, contract)
    worked(cast, 80, MAR)
    [balance] = balances(contract)
    assert (balance.drawn, balance.left, balance.percent) == (90, 1110, 7)
    assert [(row.month, row.drawn, row.open) for row in balance.movements] == [
        (date(2026, 3, 1), 90, 90)
    ]
    close_month(contract, "march")
    [balance] = balances(contract)
    assert [(row.drawn, row.open) for row in balance.movements] == [(90, 0)]


def test_a_draft_made_again_draws_once(cast):
    contract = billing.contract(cast.acme)
    block(cast, contract)
    entry = worked(cast, 60, MAR)
    for _again in range(2):
        settled = ledgers([contract.pk])[contract.pk].settle(unbilled(contract), "EUR")
        actions.store_uses("draft", settled.uses)
    assert BlockUse.objects.get().minutes == 60
    assert actions.freeze_uses("draft") == 1
    entry.refresh_from_db()
    assert entry.state == "invoiced"
    actions.drop_uses("draft")
    assert BlockUse.objects.count() == 1


def test_a_reversed_entry_returns_its_hours_to_the_same_block_even_if_expired(cast):
    contract = billing.contract(cast.acme)
    sold = block(cast, contract)
    entry = worked(cast, 60, MAR)
    close_month(contract, "march")
    later = datetime(2026, 9, 1, tzinfo=UTC)
    [came_back] = actions.return_uses([entry], at=later)
    assert (came_back.block, came_back.minutes, came_back.after_expiry) == (sold, -60, True)
    assert actions.return_uses([entry], at=later) == []
    [balance] = balances(contract)
    assert (balance.drawn, balance.left, balance.returned_late) == (0, 1200, True)


def test_a_return_in_time_is_not_marked(cast):
    contract = billing.contract(cast.acme)
    block(cast, contract)
    entry = worked(cast, 60, MAR)
    close_month(contract, "march")
    [came_back] = actions.return_uses([entry], at=datetime(2026, 4, 1, tzinfo=UTC))
    assert not came_back.after_expiry


def test_months_of_a_retainer_end_with_it_and_lapse_without_roll_over(cast):
    contract = billing.contract(cast.acme)
    Retainer.objects.create(
        contract=contract,
        name="Care",
        minutes=600,
        price=Decimal(950),
        first_month=date(2026, 1, 1),
        last_month=date(2026, 2, 1),
    )
    made = actions.open_months(date(2026, 7, 1))
    assert [(one.valid_from, one.valid_to, one.rolls_to) for one in made] == [
        (date(2026, 1, 1), date(2026, 1, 31), None),
        (date(2026, 2, 1), date(2026, 2, 28), None),
    ]


def test_ledgers_cost_the_same_for_many_contracts(cast, django_assert_num_queries):
    contracts = [billing.contract(cast.acme), billing.contract(cast.globex)]
    for contract in contracts:
        block(cast, contract)
        block(cast, contract, valid_from=date(2026, 1, 1) + timedelta(days=1))
    with django_assert_num_queries(2):
        assert len(ledgers([contract.pk for contract in contracts])) == 2
