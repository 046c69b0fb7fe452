"""Whatever is booked, charged, split or taken back: the sums agree, and no cent is lost."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from billing.contracts.amounts import piece_price, rounded
from billing.contracts.models import Charge, Contract
from billing.invoices import actions
from billing.invoices.models import Invoice
from billing.invoices.parse import month
from itil.tickets.errors import Refused
from tests import make
from tests.billing import make as billing
from tests.billing.invoices import bills

DAY = date(2026, 3, 5)
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)

# By the real verbs, so a few examples of each; the arithmetic alone is tried with many
# (`amounts/test_totals.py`, `einvoice/test_rules.py`).
BY_THE_VERBS = settings(max_examples=12, suppress_health_check=list(HealthCheck))
PRICE = st.decimals("0.01", "999.9999", places=4)
RATE = st.decimals("1", "250", places=2)
MINUTES = st.lists(st.integers(1, 600), min_size=1, max_size=4)
CHARGES = st.lists(
    st.tuples(st.decimals("-9", "9", places=4), PRICE, st.sampled_from([None, "7", "19"])),
    max_size=4,
)


@pytest.fixture
def ticket(cast):
    billing.seller()
    billing.contract(cast.acme, rounding_mode="none")
    return make.incident(cast)


def drafted(cast, ticket, rate, minutes, charges=(), currency="EUR"):
    """The draft of a month with this work and these charges."""
    Contract.objects.update(default_hourly_rate=rate, currency=currency)
    for count in minutes:
        billing.hours(cast, count, DAY, ticket=ticket)
    for number, (quantity, price, vat) in enumerate(charges):
        own = {"vat_category": "S", "vat_rate": Decimal(vat)} if vat else {}
        Charge.objects.create(
            organization=cast.acme,
            on=DAY,
            description=f"Item {number}",
            quantity=quantity,
            unit_price=price,
            currency=currency,
            created_at=MAY_2,
            **own,
        )
    [draft] = actions.run_month(month("2026-03"), by=cast.bea, at=MAY_2).drafted
    return draft


@BY_THE_VERBS
@given(RATE, MINUTES, CHARGES, st.sampled_from(["EUR", "JPY"]))
def test_lines_categories_and_totals_of_any_month_agree(
    cast, ticket, rate, minutes, charges, currency
):
    assume(all(quantity for quantity, _price, _vat in charges))
    with transaction.atomic():
        draft = drafted(cast, ticket, rate, minutes, charges, currency)
        lines = list(draft.lines.all())
        bases = defaultdict(Decimal)
        for line in lines:
            product = line.quantity * line.unit_price / line.price_base
            assert line.net == rounded(line.net, currency)
            if line.kind == "charge":
                assert line.net == rounded(product, currency)
            bases[line.vat_category, line.vat_rate] += line.net
        assert draft.net_total == sum(line.net for line in lines)
        rows = {
            (row["category"], Decimal(row["rate"])): (Decimal(row["taxable"]), Decimal(row["tax"]))
            for row in draft.vat_breakdown
        }
        assert rows == {
            key: (base, rounded(base * key[1] / 100, currency)) for key, base in bases.items()
        }
        assert draft.vat_total == sum(tax for _base, tax in rows.values())
        assert draft.payable_total == draft.net_total + draft.vat_total
        # What was worked is billed to the minute.
        assert sum(line.minutes for line in lines) == sum(minutes)
        transaction.set_rollback(True)


@BY_THE_VERBS
@given(RATE, MINUTES, st.lists(st.decimals("0.01", "900", places=2), max_size=5))
def test_an_invoice_credited_in_any_parts_is_credited_to_the_cent(
    cast, ticket, rate, minutes, parts
):
    with transaction.atomic():
        invoice = bills.frozen(drafted(cast, ticket, rate, minutes), cast)
        for amount in parts:
            try:
                credit(cast, invoice, {1: actions.Portion(amount=amount)})
            except Refused:
                # More than is left of the line.
                continue
        if any(rest.is_open for rest in actions.uncredited(invoice)):
            credit(cast, invoice, None)
        notes = list(Invoice.objects.filter(corrects=invoice))
        assert sum(note.net_total for note in notes) == invoice.net_total
        assert sum(note.payable_total for note in notes) == invoice.payable_total
        assert not any(rest.is_open for rest in actions.uncredited(invoice))
        transaction.set_rollback(True)


def credit(cast, invoice, portions):
    return actions.credit(invoice, by=cast.bea, reason="Too much", portions=portions, at=MAY_2)


@given(st.decimals("0.01", "99999.99", places=2), st.integers(1, 500))
def test_a_price_is_divided_by_pieces_exactly_or_not_at_all(amount, pieces):
    price = piece_price(amount, pieces)
    if price is not None:
        assert price * pieces == amount
        assert price == price.quantize(Decimal("0.0001"))
    else:
        assert (amount * 10000) % pieces
