"""The frames of invoices and of what came in for them; amounts are whole hundredths.

Always read from the database: what is owed changes without anything happening to a ticket.
"""

from typing import Any

from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.functions import Cast, Round

from billing.invoices.models import Allocation, Difference, Invoice, Payment, Refund
from reports.frames.columns import CHOICE, COUNT, DAY, INSTANT, KEY
from reports.frames.selection import Selection
from reports.frames.tables import Column, Table, register


def hundredths(name: str) -> Cast:
    """An amount as a whole number, also where the database keeps decimals as binary fractions."""
    return Cast(Round(F(name) * 100), BigIntegerField())


def _of(rows: QuerySet[Any], selection: Selection, path: str = "") -> QuerySet[Any]:
    """The rows of the customers of a selection."""
    if selection.organizations:
        return rows.filter(**{f"{path}organization_id__in": selection.organizations})
    return rows


def _column(name: str, path: str = "") -> Column:
    return Column(COUNT, hundredths(f"{path}{name}"))


INVOICES = Table(
    name="invoices",
    rows=lambda selection: _of(Invoice.objects.issued(), selection),
    ticket="",
    order=("pk",),
    has_own_time=True,
    is_stored=False,
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
PAYMENTS = Table(
    name="payments",
    rows=lambda selection: _of(Payment.objects.standing(), selection),
    ticket="",
    order=("pk",),
    has_own_time=True,
    is_stored=False,
    columns={
        "payment": Column(COUNT, "pk"),
        "organization": Column(COUNT, "organization_id"),
        "currency": Column(CHOICE),
        "received_on": Column(DAY),
        "amount": _column("amount"),
    },
)
REFUNDS = Table(
    name="refunds",
    rows=lambda selection: _of(
        Refund.objects.filter(payment__reversed_at=None), selection, "payment__"
    ),
    ticket="",
    order=("pk",),
    has_own_time=True,
    is_stored=False,
    columns={
        "payment": Column(COUNT, "payment_id"),
        "organization": Column(COUNT, "payment__organization_id"),
        "currency": Column(CHOICE, "payment__currency"),
        "paid_on": Column(DAY),
        "amount": _column("amount"),
    },
)
ALLOCATIONS = Table(
    name="allocations",
    rows=lambda selection: _of(
        Allocation.objects.filter(ended_at=None, payment__reversed_at=None), selection, "invoice__"
    ),
    ticket="",
    order=("pk",),
    has_own_time=True,
    is_stored=False,
    columns={
        "invoice": Column(COUNT, "invoice_id"),
        "received_on": Column(DAY, "payment__received_on"),
        "amount": _column("amount"),
    },
)
DIFFERENCES = Table(
    name="differences",
    rows=lambda selection: _of(Difference.objects.filter(ended_at=None), selection, "invoice__"),
    ticket="",
    order=("pk",),
    has_own_time=True,
    is_stored=False,
    columns={
        "invoice": Column(COUNT, "invoice_id"),
        "at": Column(INSTANT),
        "amount": _column("amount"),
    },
)

for table in (INVOICES, PAYMENTS, REFUNDS, ALLOCATIONS, DIFFERENCES):
    register(table)
