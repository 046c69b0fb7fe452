"""The account of a customer: everything between them and us in order, and what is left by age."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from billing.invoices.models import Difference, Invoice, Payment, Refund
from billing.invoices.querysets import AGES
from itil.timesheets.hours import business_date
from portal.people.models import Organization

ZERO = Decimal(0)


class BookingKind(Enum):
    """What a row of an account is; the values are phrases of our documents."""

    INVOICE = "booked_invoice"
    CREDIT_NOTE = "booked_credit_note"
    PAYMENT = "booked_payment"
    REFUND = "booked_refund"
    DISCOUNT = "booked_discount"
    WRITE_OFF = "booked_write_off"


@dataclass
class Booking:
    """One row; `amount` above zero is owed by the customer, `balance` is what it came to."""

    on: date
    kind: BookingKind
    # The number of a document, or what the payer wrote.
    reference: str
    url: str
    amount: Decimal
    currency: str
    balance: Decimal = ZERO


@dataclass(frozen=True)
class AccountPart:
    """An account in one currency from a day on, with what was carried over to that day.

    `ages` is what is open today by the keys of `AGES`, `credit` what of the customer's money is on
    no invoice; the first less the second is `balance`.
    """

    carried: Decimal
    rows: list[Booking]
    balance: Decimal
    ages: dict[str, Decimal]
    credit: Decimal


def accounts_of(organization: Organization) -> dict[str, list[Booking]]:
    """The accounts of a customer by currency, each in order with its balances. Four queries."""
    rows = sorted(
        [*_documents(organization), *_money(organization), *_differences(organization)],
        key=lambda row: row.on,
    )
    found: dict[str, list[Booking]] = defaultdict(list)
    for row in rows:
        account = found[row.currency]
        row.balance = (account[-1].balance if account else ZERO) + row.amount
        account.append(row)
    return dict(sorted(found.items()))


def part_of(
    organization: Organization, currency: str, since: date | None, today: date
) -> AccountPart:
    """The account from `since` (None: from its beginning), and the ages of what is open `today`.
    Six queries.
    """
    rows = accounts_of(organization).get(currency, [])
    earlier = [row for row in rows if since is not None and row.on < since]
    own = Invoice.objects.filter(organization=organization, currency=currency)
    aged = own.ageing(today).first() or {}
    money = Payment.objects.filter(organization=organization, currency=currency)
    credit = next((row["credit"] for row in money.credit_by_currency()), ZERO)
    return AccountPart(
        carried=earlier[-1].balance if earlier else ZERO,
        rows=rows[len(earlier) :],
        balance=rows[-1].balance if rows else ZERO,
        ages={age: aged.get(age) or ZERO for age in AGES},
        credit=credit,
    )


def _documents(organization: Organization) -> list[Booking]:
    found = Invoice.objects.filter(organization=organization).issued()
    return [
        Booking(
            one.issued_on,
            BookingKind.CREDIT_NOTE if one.is_credit_note else BookingKind.INVOICE,
            one.number,
            one.get_absolute_url(),
            -one.payable_total if one.is_credit_note else one.payable_total,
            one.currency,
        )
        for one in found.order_by("pk")
    ]


def _money(organization: Organization) -> list[Booking]:
    payments = Payment.objects.standing().filter(organization=organization)
    refunds = Refund.objects.filter(payment__in=payments).select_related("payment")
    return [
        Booking(
            one.received_on,
            BookingKind.PAYMENT,
            one.reference,
            one.get_absolute_url(),
            -one.amount,
            one.currency,
        )
        for one in payments.order_by("pk")
    ] + [
        Booking(
            one.paid_on,
            BookingKind.REFUND,
            one.reference,
            one.payment.get_absolute_url(),
            one.amount,
            one.payment.currency,
        )
        for one in refunds
    ]


def _differences(organization: Organization) -> list[Booking]:
    found = Difference.objects.filter(invoice__organization=organization, ended_at=None)
    is_discount = Difference.Kind.DISCOUNT
    return [
        Booking(
            business_date(one.at),
            BookingKind.DISCOUNT if one.kind == is_discount else BookingKind.WRITE_OFF,
            one.invoice.number,
            one.invoice.get_absolute_url(),
            -one.amount,
            one.invoice.currency,
        )
        for one in found.select_related("invoice")
    ]
