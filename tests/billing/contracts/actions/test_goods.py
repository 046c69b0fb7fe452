"""Material used on a ticket: recorded by agents, charged by the contract that covers it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.contracts import actions
from billing.contracts.models import Charge, ContractEvent, PartPrice
from billing.invoices import actions as invoicing
from billing.invoices.parse import month
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests import make
from tests.billing import make as billing
from tests.cast import MONDAY

APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
MARCH = month("2026-03")


@pytest.fixture
def contract(cast):
    billing.seller()
    return billing.contract(cast.acme)


@pytest.fixture
def part(cast, contract):
    made = PartPrice(
        contract=contract, name="Patch cable", number="PC-3", unit_price=Decimal("4.25")
    )
    return actions.add_price(made, by=cast.bea)


def use(cast, ticket=None, **changes):
    values = {"by": cast.bo, "quantity": Decimal(2), "at": MONDAY}
    return actions.use_material(ticket or make.incident(cast), **values | changes)


def test_a_part_has_the_price_of_the_list_whatever_it_costs_later(cast, part, contract):
    used = use(cast, part=part)
    actions.remove_price(part, by=cast.bea)
    assert (used.description, used.net, used.contract) == (
        "Patch cable (PC-3)",
        Decimal("8.50"),
        contract,
    )
    assert list(ContractEvent.objects.order_by("pk").values_list("kind", "text")) == [
        ("rate_added", "Patch cable (PC-3), 4.25 EUR"),
        ("rate_removed", "Patch cable (PC-3), 4.25 EUR"),
    ]


def test_it_is_a_line_of_the_invoice_once(cast, part):
    use(cast, part=part)
    [draft] = invoicing.run_month(MARCH, by=cast.bea, at=APRIL).drafted
    assert len(invoicing.run_month(MARCH, by=cast.bea, at=APRIL).unchanged) == 1
    line = draft.lines.get()
    assert (line.quantity, line.unit, line.net) == (2, "C62", Decimal("8.50"))


def test_what_no_contract_covers_waits_and_the_run_says_so(cast):
    billing.seller()
    use(cast, description="Router", unit_price=Decimal(80))
    [skip] = invoicing.preview(MARCH).skipped
    assert skip.sentence == "“Router” has no contract that says how it is billed."
    billing.contract(cast.acme)
    [customer] = invoicing.preview(MARCH).customers
    assert (customer.net, customer.charges) == (160, 1)


def test_removed_material_stays_with_its_reason_and_is_not_billed(cast, part):
    used = use(cast, part=part)
    with pytest.raises(MissingValue):
        actions.remove_material(used, by=cast.bo, reason=" ")
    actions.remove_material(used, by=cast.bo, reason="Wrong ticket", at=MONDAY)
    used.refresh_from_db()
    assert (used.state, used.decision, used.decided_by) == ("withdrawn", "Wrong ticket", cast.bo)
    assert invoicing.preview(MARCH).customers == []
    with pytest.raises(Refused, match="is “Withdrawn” now"):
        actions.remove_material(used, by=cast.bo, reason="Again")


def test_invoiced_material_cannot_be_removed(cast, part):
    used = use(cast, part=part)
    Charge.objects.update(state="invoiced")
    with pytest.raises(Refused, match="is “Invoiced” now"):
        actions.remove_material(used, by=cast.bo, reason="Wrong ticket")


def test_who_records_and_who_removes(cast, part):
    for person in (cast.ned, cast.ann, cast.dov, cast.mia, cast.bea):
        with pytest.raises(NotAllowed):
            use(cast, part=part, by=person)
    used = use(cast, part=part)
    for person in (cast.ned, cast.mia, cast.ann):
        with pytest.raises(NotAllowed):
            actions.remove_material(used, by=person, reason="Mistake")
    actions.remove_material(used, by=cast.cleo, reason="Mistake")


def test_what_contradicts_itself_is_refused(cast, part):
    other = PartPrice.objects.create(
        contract=billing.contract(cast.globex), name="Fan", unit_price=Decimal(9)
    )
    with pytest.raises(Refused, match="another contract"):
        use(cast, part=other)
    with pytest.raises(MissingValue, match="what one costs"):
        use(cast, description="Fan")
    with pytest.raises(MissingValue, match="earlier date"):
        use(cast, part=part, on=MONDAY.date() + timedelta(days=1))
    with pytest.raises(Refused):
        use(cast, part=part, quantity=Decimal(0))
    assert not Charge.objects.exists()


def test_a_day_before_the_contract_is_not_covered(cast):
    contract = billing.contract(cast.acme, valid_from=date(2026, 3, 2))
    used = use(cast, description="Fan", unit_price=Decimal(9), on=date(2026, 3, 1))
    assert (used.contract, used.currency) == (None, "EUR")
    assert use(cast, description="Fan", unit_price=Decimal(9)).contract == contract
