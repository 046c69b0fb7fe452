"""Two people at once: payments, credit notes and forms (`BIL-13`, `BIL-15`)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from billing.invoices import actions
from billing.invoices.actions import Portion
from billing.invoices.models import Allocation, Invoice, Payment
from itil.tickets.errors import Refused
from tests.billing import make as billing

from .test_together import in_threads

MAY_11 = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def tried(function):
    """What it gives, or None when it was refused."""
    try:
        return function()
    except Refused:
        return None


def test_a_payment_is_never_allocated_twice_over(cast):
    invoices = [billing.issued(cast, month=f"2026-0{number}") for number in (1, 2, 3, 4)]
    payment = billing.paid_in(cast, "1190.00")
    done = in_threads(
        4,
        lambda invoice: tried(
            lambda: actions.allocate(payment, [(invoice, Decimal("1190.00"))], by=cast.bea)
        ),
        invoices,
    )
    assert sum(one is not None for one in done) == Allocation.objects.count() == 1
    assert Payment.objects.get().credit == 0
    assert Invoice.objects.filter(state="paid").count() == 1


def test_an_invoice_is_never_paid_twice_over(cast):
    invoice = billing.issued(cast)
    done = in_threads(
        4,
        lambda _number: tried(
            lambda: billing.paid_in(cast, "1190.00", shares=[(invoice, "1190.00")])
        ),
        range(4),
    )
    assert sum(one is not None for one in done) == Payment.objects.count() == 1
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == ("paid", 0)


def test_credit_notes_at_once_never_take_more_than_the_rest(cast):
    invoice = billing.issued(cast)
    done = in_threads(
        4,
        lambda _number: tried(
            lambda: actions.credit(
                invoice,
                by=cast.bea,
                reason="Too much",
                portions={1: Portion(amount=Decimal("600.00"))},
            )
        ),
        range(4),
    )
    assert sum(one is not None for one in done) == 1
    assert Invoice.objects.filter(corrects=invoice).count() == 1


def test_a_form_sent_twice_at_once_makes_one_document(cast):
    invoice, key = billing.issued(cast), uuid4()
    done = in_threads(
        4,
        lambda _number: tried(
            lambda: actions.credit(invoice, by=cast.bea, reason="Twice", key=key).pk
        ),
        range(4),
    )
    assert len({one for one in done if one}) == 1
    assert Invoice.objects.filter(corrects=invoice).count() == 1


def test_a_payment_reversed_while_its_invoice_is_credited_ends_without_a_circle(cast):
    invoices = [billing.issued(cast, month=f"2026-0{number}") for number in (1, 2, 3)]
    for invoice in invoices:
        payment = billing.paid_in(cast, "1190.00", shares=[(invoice, "1190.00")])
        note = actions.credit(invoice, by=cast.bea, reason="Wrong")
        in_threads(
            2,
            lambda verb: tried(verb),
            [
                lambda payment=payment: actions.reverse(payment, by=cast.bea, reason="Bounced"),
                lambda note=note: actions.issue(note, by=cast.bea),
            ],
        )
        payment.refresh_from_db()
        invoice.refresh_from_db()
        assert payment.reversed_at
        assert (payment.allocated_total, invoice.state) == (0, "cancelled")
