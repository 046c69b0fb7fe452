"""The frames of invoices and of what came in for them; amounts are whole hundredths.

Always read from the database: what is owed changes without anything happening to a ticket.
"""

from django.db.models import BigIntegerField, F
from django.db.models.functions import Cast, Round

from billing.invoices.models import Allocation, Difference, Invoice, Payment, Refund
from reports.frames.columns import CHOICE, COUNT, DAY, INSTANT, KEY
from reports.frames.tables import Column, apart, register


def hundredths(name: str) -> Cast:
    """An amount as a whole number, also where the database keeps decimals as binary fractions."""
    return Cast(Round(F(name) * 100), BigIntegerField())


def _column(name: str) -> Column:
    return Column(COUNT, hundredths(name))


INVOICES = apart(
    name="invoices",
    rows=lambda selection: selection.narrow(
        Invoice.objects.issued(), organizations="organization_id"
    ),
    has_own_time=True,
    columns={
        "invoice": Column(COUNT, "pk"),
        # An invoice, or a credit note that corrects one.
        "document": Column(CHOICE, "kind"),
        "corrects": Column(KEY, "corrects_id"),
        "organization": Column(COUNT, "organization_id"),
        "currency": Column(CHOICE),
        "issued_on": Column(DAY),
        "due_on": Column(DAY),
        "payable": _column("payable_total"),
    },
)
PAYMENTS = apart(
    name="payments",
    rows=lambda selection: selection.narrow(
        Payment.objects.standing(), organizations="organization_id"
    ),
    has_own_time=True,
    columns={
        "payment": Column(COUNT, "pk"),
        "organization": Column(COUNT, "organization_id"),
        "currency": Column(CHOICE),
        "received_on": Column(DAY),
        "amount": _column("amount"),
    },
)
REFUNDS = apart(
    name="refunds",
    rows=lambda selection: selection.narrow(
        Refund.objects.filter(payment__reversed_at=None), organizations="payment__organization_id"
    ),
    has_own_time=True,
    columns={
        "payment": Column(COUNT, "payment_id"),
        "organization": Column(COUNT, "payment__organization_id"),
        "currency": Column(CHOICE, "payment__currency"),
        "paid_on": Column(DAY),
        "amount": _column("amount"),
    },
)
ALLOCATIONS = apart(
    name="allocations",
    rows=lambda selection: selection.narrow(
        Allocation.objects.filter(ended_at=None, payment__reversed_at=None),
        organizations="invoice__organization_id",
    ),
    has_own_time=True,
    columns={
        "invoice": Column(COUNT, "invoice_id"),
        "received_on": Column(DAY, "payment__received_on"),
        "amount": _column("amount"),
    },
)
DIFFERENCES = apart(
    name="differences",
    rows=lambda selection: selection.narrow(
        Difference.objects.filter(ended_at=None), organizations="invoice__organization_id"
    ),
    has_own_time=True,
    columns={
        "invoice": Column(COUNT, "invoice_id"),
        "at": Column(INSTANT),
        "amount": _column("amount"),
    },
)

for table in (INVOICES, PAYMENTS, REFUNDS, ALLOCATIONS, DIFFERENCES):
    register(table)
