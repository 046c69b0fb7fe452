"""Discounts and write-offs are booked beside the invoice, which stays as it is (`BIL-14`)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from billing.invoices import actions
from billing.invoices.models import Difference
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from tests.billing import make as billing

MAY_11 = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def invoice(cast):
    return billing.issued(cast)


def book(cast, invoice, kind, amount, **changes):
    values = {"by": cast.bea, "reason": "Agreed by telephone", "at": MAY_11} | changes
    return actions.book_difference(invoice, kind=kind, amount=Decimal(amount), **values)


def test_a_discount_for_paying_early_settles_the_rest(cast, invoice):
    before = invoice.read_pdf()
    billing.paid_in(cast, "1166.20", shares=[(invoice, "1166.20")])
    book(cast, invoice, "discount", "23.80")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.discount_total, invoice.balance) == ("paid", Decimal("23.80"), 0)
    assert (invoice.payable_total, invoice.read_pdf()) == (Decimal("1190.00"), before)


def test_a_rest_is_written_off_with_a_reason_and_can_be_expected_again(cast, invoice):
    billing.paid_in(cast, "1189.00", shares=[(invoice, "1189.00")])
    made = book(cast, invoice, "write_off", "1.00", reason="Bank charges")
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == ("written_off", 0)
    actions.end_difference(made, by=cast.bea, at=MAY_11)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == ("partly_paid", Decimal("1.00"))
    with pytest.raises(StaleRecord):
        actions.end_difference(made, by=cast.bea, at=MAY_11)


def test_never_more_than_is_open(cast, invoice):
    with pytest.raises(Refused, match="Only 1190.00 EUR is open"):
        book(cast, invoice, "write_off", "1190.01")
    book(cast, invoice, "write_off", "1190.00")
    with pytest.raises(Refused, match="Only 0 EUR is open"):
        book(cast, invoice, "discount", "0.01")


def test_a_double_click_books_once(cast, invoice):
    key = uuid4()
    book(cast, invoice, "discount", "10.00", key=key)
    book(cast, invoice, "discount", "10.00", key=key)
    assert Difference.objects.count() == 1


def test_a_reason_is_required(cast, invoice):
    with pytest.raises(MissingValue):
        book(cast, invoice, "write_off", "1.00", reason="")


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "dov", "root"])
def test_only_clerks_give_amounts_up(cast, invoice, who):
    made = book(cast, invoice, "discount", "1.00")
    with pytest.raises(NotAllowed):
        book(cast, invoice, "write_off", "1.00", by=getattr(cast, who))
    with pytest.raises(NotAllowed):
        actions.end_difference(made, by=getattr(cast, who))
    assert Difference.objects.filter(ended_at=None).count() == 1
