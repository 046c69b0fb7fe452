"""What payments, credit notes and booked differences add up to on an invoice (`BIL-11`).

Locks are taken in one order, so that nobody waits in a circle: invoices by key, then payments.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from billing.invoices.lifecycle import State, settled_state, step
from billing.invoices.models import Allocation, Difference, Invoice, InvoiceEvent, Payment
from itil.tickets.errors import MoveNotAllowed
from portal.people.models import User

Row = TypeVar("Row", bound=models.Model)


def made_once(rows: "QuerySet[Row]", key: UUID | None, make: Callable[[], Row]) -> Row:
    """The row of the form `key`, made by `make` when there is none; two clicks at once make one."""
    found = rows.filter(request_key=key).first() if key else None
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        found = rows.filter(request_key=key).first() if key else None
        if found is None:
            raise
        return found


def locked_invoices(keys: Iterable[int]) -> dict[int, Invoice]:
    """The invoices by key, locked until the transaction ends."""
    rows = Invoice.objects.select_for_update(of=("self",)).select_related("organization")
    return {row.pk: row for row in rows.filter(pk__in=set(keys)).order_by("pk")}


def settle_state(invoice: Invoice) -> Invoice:
    """Bring sums and state of a locked invoice in line with what touched it. Four queries.

    Raises MoveNotAllowed for a step that the table of states does not have.
    """
    if invoice.is_credit_note or not invoice.is_frozen:
        return invoice
    invoice.paid_total = _sum(Allocation.objects.filter(invoice=invoice, ended_at=None), "amount")
    notes = Invoice.objects.filter(corrects=invoice).issued()
    invoice.credited_total = _sum(notes, "payable_total")
    standing = Difference.objects.filter(invoice=invoice, ended_at=None)
    given_up = dict(
        standing.order_by()
        .values_list("kind")
        .annotate(Sum("amount"))
        .values_list("kind", "amount__sum")
    )
    invoice.discount_total = given_up.get(Difference.Kind.DISCOUNT, Decimal(0))
    invoice.written_off_total = given_up.get(Difference.Kind.WRITE_OFF, Decimal(0))
    target = settled_state(
        payable=invoice.payable_total,
        paid=invoice.paid_total,
        credited=invoice.credited_total,
        discounted=invoice.discount_total,
        written_off=invoice.written_off_total,
        is_sent=invoice.state == State.SENT or invoice.sendings.exists(),
    )
    if target != invoice.state and step(invoice.state, target) is None:
        raise MoveNotAllowed(
            _("Invoice %(number)s is %(state)s; that cannot change any more.")
            % {"number": invoice.number, "state": invoice.get_state_display().lower()}
        )
    invoice.state = target
    invoice.save(
        update_fields=[
            "state", "paid_total", "credited_total", "discount_total", "written_off_total",
        ]
    )  # fmt: skip
    return invoice


def free_excess(invoice: Invoice, *, by: User | None, at: datetime, reason: str) -> None:
    """Take off a locked invoice what is more than it asks for, the newest first.

    Differences go before payments; what a payment loses here is the customer's credit (`BIL-15`).
    """
    credited = _sum(Invoice.objects.filter(corrects=invoice).issued(), "payable_total")
    room = max(Decimal(0), invoice.payable_total - credited)
    differences = list(Difference.objects.filter(invoice=invoice, ended_at=None).order_by("-pk"))
    rows = Allocation.objects.filter(invoice=invoice, ended_at=None).order_by("-pk")
    excess = sum((row.amount for row in differences), Decimal(0)) + _sum(rows, "amount") - room
    for difference in differences:
        if excess <= 0:
            return
        kept = max(Decimal(0), difference.amount - excess)
        excess -= difference.amount - kept
        _shorten(difference, kept, by, at)
    locked = Payment.objects.select_for_update().filter(allocations__in=rows).order_by("pk")
    payments = {payment.pk: payment for payment in locked}
    for allocation in rows:
        if excess <= 0:
            return
        kept = max(Decimal(0), allocation.amount - excess)
        taken = allocation.amount - kept
        excess -= taken
        end_allocation(allocation, by=by, at=at, reason=reason)
        if kept:
            Allocation.objects.create(
                payment_id=allocation.payment_id, invoice=invoice, amount=kept, by=by, at=at
            )
        payment = payments[allocation.payment_id]
        payment.allocated_total -= taken
        payment.save(update_fields=["allocated_total"])
        tell(invoice, InvoiceEvent.Kind.ALLOCATED, by, at, payment=payment.pk, amount=str(-taken))


def end_allocation(allocation: Allocation, *, by: User | None, at: datetime, reason: str) -> None:
    """Mark it ended; the sums of payment and invoice are the caller's business."""
    allocation.ended_at, allocation.ended_by, allocation.ended_reason = at, by, reason[:300]
    allocation.save(update_fields=["ended_at", "ended_by", "ended_reason"])


def tell(invoice: Invoice, kind: str, by: User | None, at: datetime, /, **data: Any) -> None:
    """Write one event of the invoice."""
    InvoiceEvent.objects.create(invoice=invoice, kind=kind, actor=by, at=at, data=data)


def _shorten(difference: Difference, kept: Decimal, by: User | None, at: datetime) -> None:
    """End a difference; what may stand of it is booked anew."""
    difference.ended_at, difference.ended_by = at, by
    difference.save(update_fields=["ended_at", "ended_by"])
    if kept:
        Difference.objects.create(
            invoice_id=difference.invoice_id,
            kind=difference.kind,
            amount=kept,
            reason=difference.reason,
            by_id=difference.by_id,
            confirmed_by_id=difference.confirmed_by_id,
            at=at,
        )


def _sum(rows: "QuerySet[Any]", field: str) -> Decimal:
    return rows.order_by().aggregate(total=Sum(field))["total"] or Decimal(0)
