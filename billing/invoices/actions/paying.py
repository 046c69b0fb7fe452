"""Payments: recorded, put on invoices, paid back, reversed (`BIL-15`)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.amounts import decimals_of, rounded
from billing.invoices.models import (
    Allocation,
    Invoice,
    InvoiceEvent,
    Payment,
    Refund,
    Seller,
    StatementEntry,
)
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from itil.timesheets.hours import business_date
from portal.people.models import Organization, User

from .sending import extend_links
from .settling import end_allocation, locked_invoices, made_once, settle_state, tell

# An invoice and how much of the payment it gets.
Share = tuple[Invoice, Decimal]


def record_payment(
    *,
    seller: Seller,
    organization: Organization,
    amount: Decimal,
    currency: str,
    received_on: date,
    by: User | None,
    method: str = Payment.Method.TRANSFER,
    reference: str = "",
    note: str = "",
    shares: Sequence[Share] = (),
    entry: StatementEntry | None = None,
    key: UUID | None = None,
    at: datetime | None = None,
) -> Payment:
    """Record money of a customer and put it on `shares`; the rest is the customer's credit.

    `by` None is the import. With the `key` of an earlier call it gives that payment. Raises
    NotAllowed, MissingValue for an amount or date that cannot be, and what `allocate` raises.
    """
    at = at or timezone.now()
    _allow(by)
    check_amount("amount", amount, currency)
    check_day("received_on", received_on, at)

    def make() -> Payment:
        invoices = locked_invoices(invoice.pk for invoice, _amount in shares)
        payment: Payment = Payment.objects.create(
            seller=seller,
            organization=organization,
            amount=amount,
            currency=currency,
            received_on=received_on,
            method=method,
            reference=reference.strip(),
            note=note.strip(),
            entry=entry,
            recorded_by=by,
            recorded_at=at,
            request_key=key,
        )
        for invoice, share in shares:
            _put(payment, invoices[invoice.pk], share, by, at)
        return payment

    with transaction.atomic():
        made: Payment = made_once(Payment.objects.all(), key, make)
        return made


@transaction.atomic
def allocate(
    payment: Payment, shares: Sequence[Share], *, by: User, at: datetime | None = None
) -> Payment:
    """Put what is left of a payment on invoices of the same customer, seller and currency.

    Raises Refused when the payment has not so much left, or an invoice is not owed so much.
    """
    at = at or timezone.now()
    _allow(by)
    invoices = locked_invoices(invoice.pk for invoice, _amount in shares)
    payment = _locked(payment)
    for invoice, share in shares:
        _put(payment, invoices[invoice.pk], share, by, at)
    return payment


@transaction.atomic
def take_off(
    allocation: Allocation, *, by: User, reason: str, at: datetime | None = None
) -> Payment:
    """Take a payment off an invoice; it is the customer's credit again."""
    at = at or timezone.now()
    _allow(by)
    _reason(reason)
    invoice = locked_invoices([allocation.invoice_id])[allocation.invoice_id]
    payment = _locked(allocation.payment)
    allocation = Allocation.objects.select_for_update().get(pk=allocation.pk)
    if allocation.ended_at:
        raise StaleRecord(_("That amount has been taken off already."))
    _take(payment, allocation, invoice, by, at, reason)
    return payment


def refund(
    payment: Payment,
    *,
    amount: Decimal,
    paid_on: date,
    by: User,
    reference: str = "",
    key: UUID | None = None,
    at: datetime | None = None,
) -> Refund:
    """Note that credit of a payment was paid back. Raises Refused for more than is left of it."""
    at = at or timezone.now()
    _allow(by)
    check_amount("amount", amount, payment.currency)
    check_day("paid_on", paid_on, at)

    def make() -> Refund:
        found = _locked(payment)
        if amount > found.credit:
            raise Refused(
                _("Only %(credit)s %(currency)s of this payment is left to pay back.")
                % {"credit": found.credit, "currency": found.currency}
            )
        made = Refund.objects.create(
            payment=found,
            amount=amount,
            paid_on=paid_on,
            reference=reference.strip(),
            by=by,
            at=at,
            request_key=key,
        )
        found.refunded_total += amount
        found.save(update_fields=["refunded_total"])
        return made

    with transaction.atomic():
        return made_once(Refund.objects.all(), key, make)


@transaction.atomic
def reverse(payment: Payment, *, by: User, reason: str, at: datetime | None = None) -> Payment:
    """Take a payment back that bounced or was recorded by mistake; its invoices are owed again.

    The line of the bank's statement it came from waits to be booked again.
    """
    at = at or timezone.now()
    _allow(by)
    _reason(reason)
    standing = payment.allocations.filter(ended_at=None)
    invoices = locked_invoices(standing.values_list("invoice_id", flat=True))
    payment = _locked(payment)
    if payment.refunded_total:
        raise Refused(_("A part of this payment was paid back, so it cannot be reversed."))
    for allocation in standing.select_for_update():
        if allocation.invoice_id not in invoices:
            raise StaleRecord(_("This payment was changed by someone else. Try again."))
        _take(payment, allocation, invoices[allocation.invoice_id], by, at, reason)
    payment.reversed_at, payment.reversed_by = at, by
    payment.reversal_reason = reason.strip()[:300]
    payment.save(update_fields=["reversed_at", "reversed_by", "reversal_reason"])
    if payment.entry_id:
        StatementEntry.objects.filter(pk=payment.entry_id).update(
            state=StatementEntry.State.OPEN, decided_by=None, decided_at=None
        )
    return payment


def check_amount(field: str, amount: Decimal, currency: str) -> None:
    """Raise MissingValue for an amount of nothing, or with more decimals than the currency has."""
    if amount <= 0:
        raise MissingValue(field, _("Enter an amount above zero."))
    if amount != rounded(amount, currency):
        raise MissingValue(
            field,
            _("%(currency)s has %(count)d decimals; enter the amount with no more than that.")
            % {"currency": currency, "count": decimals_of(currency)},
        )


def check_day(field: str, day: date, at: datetime) -> None:
    """Raise MissingValue for a day after that of `at` in the business zone, or of another age."""
    if day > business_date(at):
        raise MissingValue(field, _("This date is in the future. Enter today or an earlier day."))
    if day.year < 2000:
        raise MissingValue(field, _("Enter a date after 1999."))


def _allow(by: User | None) -> None:
    if not may_book_money(by):
        raise NotAllowed(_("Only billing clerks record and change payments."))


def _reason(reason: str) -> None:
    if not reason.strip():
        raise MissingValue("reason", _("Say why, for those who look at it later."))


def _locked(payment: Payment) -> Payment:
    found: Payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if found.reversed_at:
        raise Refused(_("This payment has been reversed."))
    return found


def _put(
    payment: Payment, invoice: Invoice, amount: Decimal, by: User | None, at: datetime
) -> None:
    """Allocate; both rows are locked."""
    check_amount("amount", amount, payment.currency)
    if invoice.currency != payment.currency:
        raise Refused(
            _("Invoice %(number)s is in %(theirs)s, this payment in %(ours)s.")
            % {"number": invoice, "theirs": invoice.currency, "ours": payment.currency}
        )
    if (invoice.organization_id, invoice.seller_id) != (payment.organization_id, payment.seller_id):
        raise Refused(_("Invoice %(number)s is not one of this customer's.") % {"number": invoice})
    if not invoice.is_frozen or amount > invoice.balance:
        raise Refused(
            _("Only %(balance)s %(currency)s is open on invoice %(number)s.")
            % {
                "balance": invoice.balance if invoice.is_frozen else 0,
                "currency": invoice.currency,
                "number": invoice,
            }
        )
    if amount > payment.credit:
        raise Refused(
            _("Only %(credit)s %(currency)s of this payment is left.")
            % {"credit": payment.credit, "currency": payment.currency}
        )
    Allocation.objects.create(payment=payment, invoice=invoice, amount=amount, by=by, at=at)
    payment.allocated_total += amount
    payment.save(update_fields=["allocated_total"])
    settle_state(invoice)
    extend_links(invoice, paid_on=payment.received_on)
    tell(invoice, InvoiceEvent.Kind.ALLOCATED, by, at, payment=payment.pk, amount=str(amount))


def _take(
    payment: Payment,
    allocation: Allocation,
    invoice: Invoice,
    by: User,
    at: datetime,
    reason: str,
) -> None:
    """End an allocation; all three rows are locked."""
    end_allocation(allocation, by=by, at=at, reason=reason.strip())
    payment.allocated_total -= allocation.amount
    payment.save(update_fields=["allocated_total"])
    settle_state(invoice)
    tell(
        invoice,
        InvoiceEvent.Kind.ALLOCATED,
        by,
        at,
        payment=payment.pk,
        amount=str(-allocation.amount),
        reason=reason.strip(),
    )
