"""What invoices draw from prepaid hours, from the draft to the credit note (`BIL-7`, `BIL-13`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.contracts import actions as contracts
from billing.contracts.matching import balances
from billing.contracts.models import BlockUse, Retainer
from billing.invoices import actions
from billing.invoices.actions import Portion
from billing.invoices.models import Invoice
from billing.invoices.parse import month
from itil.tickets.errors import Refused
from tests.billing import make as billing

MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
MAY_20 = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
MARCH, APRIL = month("2026-03"), month("2026-04")


@pytest.fixture
def contract(cast):
    """Hours at 100.00, 110.00 beyond the two that Acme bought for March and April."""
    billing.seller()
    made = billing.contract(cast.acme, overage_rate=Decimal(110))
    contracts.sell_block(
        made,
        by=cast.bea,
        name="Two hours",
        minutes=120,
        price=Decimal("190.00"),
        valid_from=date(2026, 3, 1),
        valid_to=date(2026, 4, 30),
        at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    return made


def worked(cast, minutes, day=date(2026, 3, 5)):
    entry = billing.hours(cast, minutes, day)
    contracts.price_missing([entry])
    return entry


def drafted(which=MARCH) -> Invoice:
    actions.run_month(which, by=None, at=MAY_2)
    return Invoice.objects.drafts().get()


def issued(cast, which=MARCH) -> Invoice:
    return actions.issue(drafted(which), by=cast.bea, at=MAY_2)


def left(contract) -> Decimal:
    [balance] = balances(contract)
    return balance.left


def credited(cast, invoice, **changes) -> Invoice:
    note = actions.credit(
        invoice, **{"by": cast.bea, "reason": "Not ordered", "at": MAY_20} | changes
    )
    return actions.issue(note, by=cast.bea, at=MAY_20)


def test_a_draft_draws_nothing_for_good_and_issuing_freezes_it(cast, contract):
    entry = worked(cast, 150)
    draft = drafted()
    assert BlockUse.objects.frozen().count() == 0
    assert sorted((line.kind, line.minutes, line.net) for line in draft.lines.all()) == [
        ("block", 0, Decimal("190.00")),
        ("block", 120, Decimal("0.00")),
        ("time", 30, Decimal("55.00")),
    ]
    actions.issue(draft, by=cast.bea, at=MAY_2)
    [use] = BlockUse.objects.frozen()
    assert (use.entry, use.minutes, use.frozen_at) == (entry, 120, MAY_2)
    entry.refresh_from_db()
    assert entry.state == "invoiced"
    assert left(contract) == 0


def test_a_draft_that_is_thrown_away_gives_everything_back(cast, contract):
    worked(cast, 150)
    actions.void(drafted(), by=cast.bea)
    assert not BlockUse.objects.exists()


def test_an_issue_that_is_refused_freezes_nothing(cast, contract):
    worked(cast, 150)
    draft = drafted()
    contract.organization.street = ""
    contract.organization.save()
    with pytest.raises(Refused):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    assert BlockUse.objects.frozen().count() == 0


def test_a_full_credit_that_frees_the_time_returns_the_hours_once_and_they_are_drawn_again(
    cast, contract
):
    worked(cast, 150)
    invoice = issued(cast)
    credited(cast, invoice, frees_time=True)
    assert list(BlockUse.objects.order_by("pk").values_list("minutes", flat=True)) == [120, -120]
    # Approved again and not billed yet, it draws as before.
    [balance] = balances(contract)
    assert [(row.drawn, row.open) for row in balance.movements] == [(120, 120)]
    again = drafted(APRIL)
    assert ("time", 30) in [(line.kind, line.minutes) for line in again.lines.all()]
    actions.issue(again, by=cast.bea, at=MAY_20)
    assert left(contract) == 0
    uses = BlockUse.objects.frozen().order_by("pk").values_list("minutes", flat=True)
    assert list(uses) == [120, -120, 120]


def test_a_full_credit_that_keeps_the_time_credited_returns_nothing(cast, contract):
    entry = worked(cast, 150)
    credited(cast, issued(cast))
    entry.refresh_from_db()
    assert entry.state == "invoiced"
    assert BlockUse.objects.get().minutes == 120


def test_a_partial_credit_takes_money_back_and_no_prepaid_hours(cast, contract):
    worked(cast, 150)
    invoice = issued(cast)
    overage = invoice.lines.get(kind="time").position
    note = credited(cast, invoice, portions={overage: Portion()}, frees_time=True)
    assert note.net_total == Decimal("55.00")
    assert BlockUse.objects.get().minutes == 120
    assert left(contract) == 0


def test_hours_that_come_back_after_the_block_has_expired_are_marked(cast, contract):
    worked(cast, 60)
    invoice = issued(cast)
    credited(cast, invoice, frees_time=True)
    back = BlockUse.objects.get(minutes=-60)
    # 20 May is after the block's last day: somebody decides what becomes of it.
    assert back.after_expiry
    assert balances(contract)[0].returned_late


@pytest.mark.parametrize(
    ("keeps", "cap", "from_march", "overage"),
    [
        (0, None, 0, 60),  # nothing stays
        (1, None, 60, 0),  # what is left of March serves April first
        (1, Decimal(30), 30, 30),  # at most half an hour of it does
    ],
)
def test_what_a_month_leaves_rolls_over_or_lapses_on_the_next_invoice(
    cast, keeps, cap, from_march, overage
):
    billing.seller()
    contract = billing.contract(cast.acme, overage_rate=Decimal(110))
    Retainer.objects.create(
        contract=contract,
        name="Care",
        minutes=120,
        price=Decimal(190),
        first_month=date(2026, 3, 1),
        last_month=date(2026, 4, 1),
        keeps_months=keeps,
        cap=cap,
    )
    contracts.open_months(date(2026, 4, 30))
    worked(cast, 60)
    issued(cast)
    worked(cast, 180, date(2026, 4, 7))
    lines = issued(cast, APRIL).lines
    assert sum(line.minutes for line in lines.filter(kind="time")) == overage
    drawn = BlockUse.objects.frozen().filter(work_date=date(2026, 4, 7))
    assert sum(use.minutes for use in drawn.filter(block__name="Care 2026-03")) == from_march
    assert sum(use.minutes for use in drawn.filter(block__name="Care 2026-04")) == 120
