"""Parts of an invoice that nobody expects any more: discounts and write-offs (`BIL-14`)."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.models import Confirmation, Difference, Invoice, InvoiceEvent, Purpose
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from portal.people.models import User

from .confirming import confirm, need_second_person, propose
from .paying import check_amount
from .settling import locked_invoices, made_once, settle_state, tell


def book_difference(
    invoice: Invoice,
    *,
    kind: str,
    amount: Decimal,
    reason: str,
    by: User,
    confirmed_by: User | None = None,
    key: UUID | None = None,
    at: datetime | None = None,
) -> Difference:
    """Take `amount` off what is expected for an invoice; the document stays as it is.

    Raises SecondPersonNeeded for a write-off above the limit that nobody confirmed, and Refused
    for more than the invoice is open by.
    """
    at = at or timezone.now()
    _allow(by)
    check_amount("amount", amount, invoice.currency)
    if not reason.strip():
        raise MissingValue("reason", _("Say why, for those who look at it later."))

    def make() -> Difference:
        found = locked_invoices([invoice.pk])[invoice.pk]
        if not found.is_owed or amount > found.balance:
            raise Refused(
                _("Only %(balance)s %(currency)s is open on invoice %(number)s.")
                % {
                    "balance": found.balance if found.is_owed else 0,
                    "currency": found.currency,
                    "number": found,
                }
            )
        if kind == Difference.Kind.WRITE_OFF and confirmed_by is None:
            need_second_person(found, purpose=Purpose.WRITE_OFF, amount=amount, matter=str(amount))
        made = Difference.objects.create(
            invoice=found,
            kind=kind,
            amount=amount,
            reason=reason.strip()[:300],
            by=by,
            confirmed_by=confirmed_by,
            at=at,
            request_key=key,
        )
        settle_state(found)
        tell(
            found,
            InvoiceEvent.Kind.DIFFERENCE,
            by,
            at,
            kind=kind,
            amount=str(amount),
            reason=made.reason,
        )
        return made

    with transaction.atomic():
        return made_once(Difference.objects.all(), key, make)


@transaction.atomic
def end_difference(difference: Difference, *, by: User, at: datetime | None = None) -> Invoice:
    """Expect the amount again, as when money came after all."""
    at = at or timezone.now()
    _allow(by)
    invoice = locked_invoices([difference.invoice_id])[difference.invoice_id]
    difference = Difference.objects.select_for_update().get(pk=difference.pk)
    if difference.ended_at:
        raise StaleRecord(_("It has been taken back already."))
    difference.ended_at, difference.ended_by = at, by
    difference.save(update_fields=["ended_at", "ended_by"])
    settle_state(invoice)
    tell(
        invoice,
        InvoiceEvent.Kind.DIFFERENCE_ENDED,
        by,
        at,
        kind=difference.kind,
        amount=str(difference.amount),
    )
    return invoice


def propose_write_off(
    invoice: Invoice, *, amount: Decimal, reason: str, by: User, at: datetime | None = None
) -> Confirmation:
    """Ask the managers to let an amount above the limit go."""
    check_amount("amount", amount, invoice.currency)
    if not reason.strip():
        raise MissingValue("reason", _("Say why, for those who look at it later."))
    return propose(
        invoice,
        purpose=Purpose.WRITE_OFF,
        amount=amount,
        matter=str(amount),
        by=by,
        reason=reason,
        at=at,
    )


@transaction.atomic
def confirm_write_off(
    confirmation: Confirmation, *, by: User, at: datetime | None = None
) -> Difference:
    """Confirm a proposed write-off and book it, in the name of who proposed it."""
    confirmed = confirm(confirmation, by=by, at=at)
    return book_difference(
        confirmed.invoice,
        kind=Difference.Kind.WRITE_OFF,
        amount=confirmed.amount,
        reason=confirmed.reason,
        by=confirmed.proposed_by,
        confirmed_by=by,
        at=at,
    )


def _allow(by: User) -> None:
    if not may_book_money(by):
        raise NotAllowed(_("Only billing clerks write amounts off."))
