"""The monthly run: one draft for each customer, the same however often it is run (`BIL-10`)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.contracts.matching import Terms, terms_in_force
from billing.contracts.models import Contract
from billing.invoices import amounts
from billing.invoices.documents import HourStyle, Wording
from billing.invoices.lifecycle import State
from billing.invoices.models import BilledTime, Invoice, InvoiceEvent, InvoiceLine, Seller
from billing.invoices.parse import Month
from billing.invoices.permissions import may_run
from itil.tickets.errors import NotAllowed, Refused
from itil.timesheets.actions import business_zone
from portal.people.models import Organization, User

from .collecting import (
    Hours,
    LineDraft,
    Reason,
    Skip,
    collect,
    current_seller,
    left_for_next_run,
    left_out,
    lines_of,
)

# The detail below a line names this many tickets; more of them are counted.
NAMED_TICKETS = 3


@dataclass
class RunResult:
    """What a run did, invoice by invoice, and the hours it left out."""

    month: Month
    drafted: list[Invoice] = field(default_factory=list)
    rebuilt: list[Invoice] = field(default_factory=list)
    unchanged: list[Invoice] = field(default_factory=list)
    # Names of customers whose draft was deleted, as none of its hours is left.
    removed: list[str] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)


def run_month(month: Month, *, by: User | None, at: datetime | None = None) -> RunResult:
    """Draft or rebuild the invoices of `month`, one transaction for each customer.

    A run that is killed leaves whole customers done or not begun; the next run does the rest. Two
    runs at once wait for each other customer by customer. Issued invoices are never touched.
    Raises NotAllowed, and Refused for a month that has not begun.
    """
    at = at or timezone.now()
    if not may_run(by):
        raise NotAllowed(_("Only billing clerks run invoices."))
    if month.first > at.astimezone(business_zone()).date():
        raise Refused(_("%(month)s has not begun yet.") % {"month": month})
    seller = current_seller()
    terms = terms_in_force()
    collected = collect(seller, month, terms)
    result = RunResult(month, skipped=[*collected.skipped, *left_out(month, terms)])
    payers = {payer for payer, _currency in collected.groups}
    payers |= set(
        Invoice.objects.for_month(month)
        .filter(seller=seller)
        .values_list("organization_id", flat=True)
    )
    for payer in sorted(payers):
        run = _CustomerRun(seller, month, terms, by, at, RunResult(month))
        try:
            run.draft(payer)
        except IntegrityError:
            # An hour went to another customer's draft between reading and writing.
            run.result = RunResult(month, skipped=[Skip(Reason.CHANGED, terms.names[payer])])
        for outcome in ("drafted", "rebuilt", "unchanged", "removed", "skipped"):
            getattr(result, outcome).extend(getattr(run.result, outcome))
    return result


@dataclass
class _CustomerRun:
    """One customer's part of a run."""

    seller: Seller
    month: Month
    terms: Terms
    by: User | None
    at: datetime
    result: RunResult

    @transaction.atomic
    def draft(self, payer: int) -> None:
        """Bring the drafts of one customer in line with the hours. Locks the organization."""
        # Not the whole row: tickets and people of the customer can be written meanwhile.
        customer = Organization.objects.select_for_update(no_key=True).get(pk=payer)
        existing = {
            invoice.currency: invoice
            for invoice in Invoice.objects.select_for_update(of=("self",))
            .for_month(self.month)
            .filter(seller=self.seller, organization=customer)
            .exclude(state=State.CANCELLED)
            .order_by("pk")
        }
        groups = collect(self.seller, self.month, self.terms, payer=payer).groups
        found = {currency: hours for (_payer, currency), hours in groups.items()}
        for currency in sorted(existing | found):
            self._draft_one(customer, currency, found.get(currency, ()), existing.get(currency))

    def _draft_one(
        self,
        customer: Organization,
        currency: str,
        hours: Sequence[Hours],
        invoice: Invoice | None,
    ) -> None:
        if invoice and invoice.is_frozen:
            self.result.unchanged.append(invoice)
            if hours:
                self.result.skipped.append(left_for_next_run(customer.name, hours))
            return
        lines = lines_of(hours)
        if amounts.mixes_outside_scope(line.terms.vat_category for line in lines):
            self.result.skipped.append(Skip(Reason.MIXED_VAT, customer.name))
            return
        if not lines:
            if invoice:
                invoice.delete()
                self.result.removed.append(customer.name)
            return
        fields, rows = self._content(customer, currency, lines)
        if invoice is None:
            invoice = Invoice(seller=self.seller, organization=customer, currency=currency)
            self._write(invoice, fields, rows, lines, InvoiceEvent.Kind.DRAFTED)
            self.result.drafted.append(invoice)
        elif invoice.fingerprint == fields["fingerprint"]:
            self.result.unchanged.append(invoice)
        else:
            invoice.lines.all().delete()
            self._write(invoice, fields, rows, lines, InvoiceEvent.Kind.REBUILT)
            self.result.rebuilt.append(invoice)

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

    def _write(
        self,
        invoice: Invoice,
        fields: dict[str, Any],
        rows: Sequence[dict[str, Any]],
        lines: Sequence[LineDraft],
        kind: str,
    ) -> None:
        for name, value in fields.items():
            setattr(invoice, name, value)
        invoice.issue_problem = ""
        invoice.save()
        made = InvoiceLine.objects.bulk_create(
            InvoiceLine(invoice=invoice, position=position, **row)
            for position, row in enumerate(rows, start=1)
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
                for line, draft in zip(made, lines, strict=True)
                for one in draft.hours
            ],
            batch_size=500,
        )
        InvoiceEvent.objects.create(
            invoice=invoice,
            kind=kind,
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
