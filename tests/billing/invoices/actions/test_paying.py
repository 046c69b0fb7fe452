"""Payments: partial, for several invoices, over-paid, refunded, reversed (`BIL-15`)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from billing.invoices import actions
from billing.invoices.models import Allocation, Invoice, Payment, Refund, Seller
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from tests.billing import make as billing

MAY_11 = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def invoice(cast):
    """1 190.00 with VAT."""
    return billing.issued(cast)


@pytest.fixture
def second(cast, invoice):
    """595.00 with VAT."""
    return billing.issued(cast, "500.00", month="2026-04")


def state_of(invoice):
    invoice.refresh_from_db()
    return invoice.state, invoice.paid_total, invoice.balance


def test_a_part_and_then_the_rest(cast, invoice):
    billing.paid_in(cast, "190.00", shares=[(invoice, "190.00")])
    assert state_of(invoice) == ("partly_paid", Decimal("190.00"), Decimal("1000.00"))
    billing.paid_in(cast, "1000.00", shares=[(invoice, "1000.00")])
    assert state_of(invoice) == ("paid", Decimal("1190.00"), 0)
    assert [event.kind for event in invoice.events.all()][-2:] == ["allocated", "allocated"]


def test_one_payment_pays_two_invoices(cast, invoice, second):
    payment = billing.paid_in(cast, "1785.00", shares=[(invoice, "1190.00"), (second, "595.00")])
    assert state_of(invoice)[0] == state_of(second)[0] == "paid"
    assert (payment.allocated_total, payment.credit) == (Decimal("1785.00"), 0)


def test_what_is_paid_too_much_is_credit_for_the_next_invoice(cast, invoice, second):
    payment = billing.paid_in(cast, "1300.00", shares=[(invoice, "1190.00")])
    assert payment.credit == Decimal("110.00")
    actions.allocate(payment, [(second, Decimal("110.00"))], by=cast.bea, at=MAY_11)
    assert state_of(second) == ("partly_paid", Decimal("110.00"), Decimal("485.00"))
    payment.refresh_from_db()
    assert payment.credit == 0


@pytest.mark.parametrize(
    ("amount", "share", "reason"),
    [
        ("2000.00", "1190.01", "Only 1190.00 EUR is open"),
        ("100.00", "100.01", "Only 100.00 EUR of this payment"),
        ("100.00", "0", "above zero"),
    ],
)
def test_never_more_than_the_payment_or_the_balance(cast, invoice, amount, share, reason):
    with pytest.raises(Refused, match=reason):
        billing.paid_in(cast, amount, shares=[(invoice, share)])
    assert not Payment.objects.exists()
    assert state_of(invoice)[0] == "issued"


def test_the_database_keeps_both_limits(cast, invoice):
    payment = billing.paid_in(cast, "100.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(allocated_total=Decimal("100.01"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(paid_total=Decimal("1190.01"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Decimal("0.00")}, "amount"),
        ({"amount": Decimal("-5.00")}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
        ({"amount": Decimal("1.50"), "currency": "JPY"}, "amount"),
        ({"received_on": date(2026, 5, 12)}, "received_on"),
        ({"received_on": date(1999, 5, 12)}, "received_on"),
    ],
)
def test_amounts_and_dates_that_cannot_be_are_refused(cast, invoice, changes, field):
    with pytest.raises(MissingValue) as refusal:
        billing.paid_in(cast, "100.00", **changes)
    assert refusal.value.field == field
    assert not Payment.objects.exists()


def test_money_stays_with_its_customer_and_its_currency(cast, invoice):
    for changes in ({"organization": cast.globex}, {"currency": "USD"}):
        with pytest.raises(Refused):
            billing.paid_in(cast, "100.00", shares=[(invoice, "100.00")], **changes)


def test_a_double_click_records_one_payment(cast, invoice):
    key = uuid4()
    first = billing.paid_in(cast, "100.00", shares=[(invoice, "100.00")], key=key)
    again = billing.paid_in(cast, "100.00", shares=[(invoice, "100.00")], key=key)
    assert first == again
    assert state_of(invoice)[1] == Decimal("100.00")


def test_a_reversed_payment_makes_its_invoices_owed_again(cast, invoice, second):
    Invoice.objects.filter(pk=second.pk).update(state="sent")
    payment = billing.paid_in(cast, "1785.00", shares=[(invoice, "1190.00"), (second, "595.00")])
    actions.reverse(payment, by=cast.bea, reason="Bounced", at=MAY_11)
    assert state_of(invoice) == ("issued", 0, Decimal("1190.00"))
    assert state_of(second)[1:] == (0, Decimal("595.00"))
    payment.refresh_from_db()
    assert (payment.allocated_total, payment.credit) == (0, 0)
    assert payment.reversal_reason == "Bounced"
    with pytest.raises(Refused, match="has been reversed"):
        actions.reverse(payment, by=cast.bea, reason="Again", at=MAY_11)


def test_taken_off_one_invoice_it_is_credit_again(cast, invoice):
    payment = billing.paid_in(cast, "1190.00", shares=[(invoice, "1190.00")])
    allocation = Allocation.objects.get()
    actions.take_off(allocation, by=cast.bea, reason="Wrong invoice", at=MAY_11)
    assert state_of(invoice)[0] == "issued"
    payment.refresh_from_db()
    assert payment.credit == Decimal("1190.00")
    with pytest.raises(StaleRecord):
        actions.take_off(allocation, by=cast.bea, reason="Twice", at=MAY_11)


def test_credit_is_paid_back_and_no_more(cast, invoice):
    payment = billing.paid_in(cast, "1300.00", shares=[(invoice, "1190.00")])
    values = {"paid_on": date(2026, 5, 11), "by": cast.bea, "at": MAY_11}
    with pytest.raises(Refused, match="Only 110.00 EUR"):
        actions.refund(payment, amount=Decimal("110.01"), **values)
    key = uuid4()
    actions.refund(payment, amount=Decimal("110.00"), key=key, **values)
    actions.refund(payment, amount=Decimal("110.00"), key=key, **values)
    payment.refresh_from_db()
    assert (payment.refunded_total, payment.credit) == (Decimal("110.00"), 0)
    assert Refund.objects.count() == 1
    with pytest.raises(Refused, match="paid back"):
        actions.reverse(payment, by=cast.bea, reason="Bounced", at=MAY_11)


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "dov", "root"])
def test_only_clerks_book_money(cast, invoice, who):
    payment = billing.paid_in(cast, "100.00", shares=[(invoice, "50.00")])
    person = getattr(cast, who)
    calls = [
        lambda: billing.paid_in(cast, "1.00", by=person),
        lambda: actions.allocate(payment, [(invoice, Decimal(1))], by=person),
        lambda: actions.take_off(Allocation.objects.get(), by=person, reason="x"),
        lambda: actions.refund(
            payment, amount=Decimal(1), paid_on=date(2026, 5, 1), by=person, at=MAY_11
        ),
        lambda: actions.reverse(payment, by=person, reason="x"),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
    assert state_of(invoice)[1] == Decimal("50.00")
    assert Seller.objects.get().payments.count() == 1
