"""Drafting the invoices of one customer and month, the same however often it is done (`BIL-10`)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.contracts.matching import Terms
from billing.contracts.models import Contract
from billing.invoices import amounts
from billing.invoices.documents import HourStyle, Wording
from billing.invoices.lifecycle import Outcome
from billing.invoices.models import BilledTime, Invoice, InvoiceEvent, InvoiceLine, Seller
from billing.invoices.parse import Month
from portal.people.models import Organization, User

from .collecting import (
    GroupKey,
    Hours,
    LineDraft,
    Reason,
    Skip,
    collect,
    left_for_next_run,
    lines_of,
)

# The detail below a line names this many tickets; more of them are counted.
NAMED_TICKETS = 3

EVENTS = {
    Outcome.DRAFTED: InvoiceEvent.Kind.DRAFTED,
    Outcome.REBUILT: InvoiceEvent.Kind.REBUILT,
}


@dataclass(frozen=True)
class Drafted:
    """What became of one customer group: its outcome, or why it stays out.

    An issued invoice is `UNCHANGED`; `skip` then tells of hours that came too late for it.
    """

    outcome: Outcome | None = None
    invoice: Invoice | None = None
    skip: Skip | None = None


@dataclass(frozen=True)
class _Content:
    """What a draft is to say: columns of the invoice, of its lines, and the hours behind them."""

    invoice: Invoice
    outcome: Outcome
    fields: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    lines: Sequence[LineDraft]


@dataclass(frozen=True)
class Drafting:
    """Drafts customer after customer from hours approved until `cut_off`.

    `by` and `at` go into the events; the terms are read once for all customers.
    """

    seller: Seller
    month: Month
    terms: Terms
    cut_off: datetime
    by: User | None
    at: datetime

    @transaction.atomic
    def draft(self, payer: int) -> dict[GroupKey, Drafted]:
        """Bring the drafts of one customer in line with the hours; issued invoices stay.

        Two at once wait for each other by the row of the organization.
        """
        # Not the whole row: tickets and people of the customer can be written meanwhile.
        customer = Organization.objects.select_for_update(no_key=True).get(pk=payer)
        existing = {
            GroupKey(payer, invoice.currency, invoice.group): invoice
            for invoice in Invoice.objects.select_for_update(of=("self",))
            .of_the_run(self.seller, self.month)
            .filter(organization=customer)
            .order_by("pk")
        }
        groups = collect(
            self.seller, self.month, self.terms, cut_off=self.cut_off, payer=payer
        ).groups
        found: dict[GroupKey, Drafted | _Content] = {
            key: self._find(customer, key, groups.get(key, ()), existing.get(key))
            for key in sorted(existing.keys() | groups.keys())
        }
        contents = [one for one in found.values() if isinstance(one, _Content)]
        # All of them first: an hour may move from one draft of the customer to another.
        for one in contents:
            if one.outcome == Outcome.REBUILT:
                one.invoice.lines.all().delete()
        for one in contents:
            self._write(one)
        return {
            key: Drafted(one.outcome, one.invoice) if isinstance(one, _Content) else one
            for key, one in found.items()
        }

    def _find(
        self,
        customer: Organization,
        key: GroupKey,
        hours: Sequence[Hours],
        invoice: Invoice | None,
    ) -> Drafted | _Content:
        """What is to become of one group; removes a draft of which no hour is left."""
        if invoice and invoice.is_frozen:
            late = left_for_next_run(customer.name, hours) if hours else None
            return Drafted(Outcome.UNCHANGED, invoice, late)
        lines = lines_of(hours)
        if amounts.mixes_outside_scope(line.terms.vat_category for line in lines):
            return Drafted(invoice=invoice, skip=Skip(Reason.MIXED_VAT, customer.name))
        if not lines:
            if invoice:
                invoice.delete()
            return Drafted(Outcome.REMOVED)
        fields, rows = self._content(customer, key.currency, lines)
        if invoice is None:
            invoice = Invoice(
                seller=self.seller, organization=customer, currency=key.currency, group=key.group
            )
            return _Content(invoice, Outcome.DRAFTED, fields, rows, lines)
        if invoice.fingerprint == fields["fingerprint"]:
            return Drafted(Outcome.UNCHANGED, invoice)
        return _Content(invoice, Outcome.REBUILT, fields, rows, lines)

    def _content(
        self, customer: Organization, currency: str, lines: Sequence[LineDraft]
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The columns of the invoice and of its lines. One query."""
        newest = max((line.terms for line in lines), key=lambda one: (one.valid_from, one.pk))
        contract = Contract.objects.get(pk=newest.pk)
        language = contract.language or customer.language or settings.LANGUAGE_CODE
        with translation.override(language):
            rows = [
                line_columns(line, currency, self.month, Wording.of(language)) for line in lines
            ]
        totals = amounts.totals_of(
            (
                amounts.TaxedAmount(
                    row["net"], row["vat_category"], row["vat_rate"], row["vat_reason"]
                )
                for row in rows
            ),
            currency,
        )
        fields: dict[str, Any] = {
            "contract_id": contract.pk,
            "period_first": self.month.first,
            "period_last": self.month.last,
            "language": language,
            "buyer_reference": contract.buyer_reference,
            "contract_number": contract.number,
            "payment_terms_days": contract.payment_terms_days,
            "vat_breakdown": [
                {
                    "category": tax.category,
                    "rate": str(tax.rate),
                    "reason": tax.reason,
                    "taxable": str(tax.taxable),
                    "tax": str(tax.tax),
                }
                for tax in totals.breakdown
            ],
            "line_total": totals.net,
            "net_total": totals.net,
            "vat_total": totals.tax,
            "payable_total": totals.payable,
            "minutes": sum(line.minutes for line in lines),
        }
        fields["fingerprint"] = fingerprint_of(fields, rows, lines)
        return fields, rows

    def _write(self, content: _Content) -> None:
        invoice = content.invoice
        for name, value in content.fields.items():
            setattr(invoice, name, value)
        invoice.issue_problem = ""
        invoice.save()
        made = InvoiceLine.objects.bulk_create(
            InvoiceLine(invoice=invoice, position=position, **row)
            for position, row in enumerate(content.rows, start=1)
        )
        BilledTime.objects.bulk_create(
            [
                BilledTime(
                    entry_id=one.entry,
                    line=line,
                    raw_minutes=one.minutes,
                    billed_minutes=draft.billed[one.entry],
                    is_late=one.work_date < self.month.first,
                )
                for line, draft in zip(made, content.lines, strict=True)
                for one in draft.hours
            ],
            batch_size=500,
        )
        InvoiceEvent.objects.create(
            invoice=invoice,
            kind=EVENTS[content.outcome],
            actor=self.by,
            at=self.at,
            data={"payable": str(invoice.payable_total), "minutes": invoice.minutes},
        )


def line_columns(line: LineDraft, currency: str, month: Month, wording: Wording) -> dict[str, Any]:
    """One line as columns; texts in the active language."""
    quantity = amounts.quantity_of(line.minutes)
    return {
        "contract_id": line.terms.pk,
        "activity_id": line.activity,
        "description": line.activity_name,
        "detail": detail_of(line, month, wording),
        "minutes": line.minutes,
        "quantity": quantity.amount,
        "unit": quantity.unit,
        "price_base": quantity.price_base,
        "unit_price": line.rate,
        "net": amounts.price_of(line.minutes, line.rate, currency),
        "vat_category": line.terms.vat_category,
        "vat_rate": line.terms.vat_rate,
        "vat_reason": line.terms.vat_reason,
    }


def detail_of(line: LineDraft, month: Month, wording: Wording) -> str:
    """The small text: which tickets, and how much of it was worked before the month."""
    numbers = list(dict.fromkeys(one.ticket_number for one in line.hours))
    if len(numbers) <= NAMED_TICKETS:
        text = ", ".join(numbers)
    else:
        text = ngettext("%(count)d ticket", "%(count)d tickets", len(numbers)) % {
            "count": len(numbers)
        }
    late = sum(line.billed[one.entry] for one in line.hours if one.work_date < month.first)
    if late:
        hours = wording.hours(late, HourStyle.of([late]))
        text += " · " + _("including %(hours)s h worked before %(month)s") % {
            "hours": hours,
            "month": wording.month(month.first),
        }
    return text


def fingerprint_of(
    fields: dict[str, Any], rows: Sequence[dict[str, Any]], lines: Sequence[LineDraft]
) -> str:
    """Equal for two runs that would write the same."""
    entries = [sorted(line.billed.items()) for line in lines]
    raw = [[one.minutes for one in line.hours] for line in lines]
    text = json.dumps([fields, rows, entries, raw], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
