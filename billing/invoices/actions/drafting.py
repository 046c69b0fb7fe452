"""Drafting the invoices of one customer and month, the same however often it is done (`BIL-10`)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing.contracts.actions import drop_uses, price_missing, store_uses
from billing.contracts.matching import Terms, language_for
from billing.contracts.matching.ledger import Ledger
from billing.contracts.models import ChargeKind, Contract
from billing.invoices import amounts
from billing.invoices.documents import HourStyle, Wording
from billing.invoices.lifecycle import Outcome
from billing.invoices.models import (
    BilledCharge,
    BilledTime,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    LineKind,
    Seller,
)
from billing.invoices.parse import Month
from portal.people.models import Organization, User

from .capping import CapLeft, caps_for
from .collecting import EMPTY, Bundle, GroupKey, collect, open_entries, unpriced
from .foreseeing import left_for_next_run
from .reckoning import Line, Reckoned, ledgers_for, reckon
from .skipping import Reason, Skip

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
    """What a draft is to say: its columns, those of its lines, and what stands behind them."""

    invoice: Invoice
    outcome: Outcome
    fields: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    reckoned: Reckoned


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
        entries = open_entries(self.seller, self.month, self.cut_off)
        # From now on they cost what they cost today.
        price_missing(unpriced(entries, self.terms, payer), at=self.at, terms=self.terms)
        groups = collect(
            self.seller, self.month, self.terms, cut_off=self.cut_off, payer=payer
        ).groups
        # What an issued one took of blocks and caps stays taken.
        drafts = [invoice for invoice in existing.values() if not invoice.is_frozen]
        ledgers = ledgers_for(groups.values(), but=drafts)
        caps = caps_for(groups.values(), but=drafts)
        found: dict[GroupKey, Drafted | _Content] = {
            key: self._find(customer, key, groups.get(key, EMPTY), existing.get(key), ledgers, caps)
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
        bundle: Bundle,
        invoice: Invoice | None,
        ledgers: Mapping[int, Ledger],
        caps: Mapping[int, CapLeft],
    ) -> Drafted | _Content:
        """What is to become of one group; removes a draft of which no hour is left."""
        if invoice and invoice.is_frozen:
            late = left_for_next_run(customer.name, bundle) if bundle.terms else None
            return Drafted(Outcome.UNCHANGED, invoice, late)
        reckoned = reckon(bundle, key.currency, ledgers, caps)
        if amounts.mixes_outside_scope(reckoned.categories):
            return Drafted(invoice=invoice, skip=Skip(Reason.MIXED_VAT, customer.name))
        if not reckoned.lines:
            if invoice:
                drop_uses(invoice.document_key)
                invoice.delete()
            return Drafted(Outcome.REMOVED)
        fields, rows = self._content(customer, key.currency, reckoned)
        if invoice is None:
            invoice = Invoice(
                seller=self.seller, organization=customer, currency=key.currency, group=key.group
            )
            return _Content(invoice, Outcome.DRAFTED, fields, rows, reckoned)
        if invoice.fingerprint == fields["fingerprint"]:
            return Drafted(Outcome.UNCHANGED, invoice)
        return _Content(invoice, Outcome.REBUILT, fields, rows, reckoned)

    def _content(
        self, customer: Organization, currency: str, reckoned: Reckoned
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The columns of the invoice and of its lines. One query."""
        newest = max(
            (line.terms for line in reckoned.lines), key=lambda one: (one.valid_from, one.pk)
        )
        contract = Contract.objects.get(pk=newest.pk)
        language = language_for(customer, self.month.last, contract)
        wording = Wording.of(language)
        rows = [line_columns(line, self.month, wording) for line in reckoned.lines]
        totals = amounts.totals_of(
            (amounts.TaxedAmount(line.net, *line.vat) for line in reckoned.lines), currency
        )
        fields: dict[str, Any] = {
            "contract_id": contract.pk,
            "period_first": self.month.first,
            "period_last": self.month.last,
            "language": language,
            "buyer_reference": contract.buyer_reference,
            "order_number": contract.order_number,
            "contract_number": contract.number,
            "e_invoice": contract.e_invoice,
            "payment_terms_days": contract.payment_terms_days,
            "terms_from_month_end": contract.terms_from_month_end,
            "vat_breakdown": [tax.as_row() for tax in totals.breakdown],
            "line_total": totals.lines,
            "net_total": totals.net,
            "vat_total": totals.tax,
            "payable_total": totals.payable,
            "minutes": reckoned.minutes,
        }
        fields["fingerprint"] = fingerprint_of(fields, rows, reckoned)
        return fields, rows

    def _write(self, content: _Content) -> None:
        invoice, reckoned = content.invoice, content.reckoned
        for name, value in content.fields.items():
            setattr(invoice, name, value)
        invoice.issue_problem = ""
        invoice.save()
        made = InvoiceLine.objects.bulk_create(
            InvoiceLine(invoice=invoice, position=position, **row)
            for position, row in enumerate(content.rows, start=1)
        )
        pairs = list(zip(made, reckoned.lines, strict=True))
        BilledTime.objects.bulk_create(
            [
                BilledTime(
                    entry_id=part.hours.entry,
                    segment=part.segment,
                    line=line,
                    raw_minutes=part.raw,
                    billed_minutes=part.billed,
                    is_late=part.hours.work_date < self.month.first,
                )
                for line, draft in pairs
                for part in draft.parts
            ],
            batch_size=500,
        )
        BilledCharge.objects.bulk_create(
            [
                BilledCharge(
                    charge_id=draft.item.charge,
                    line=line,
                    is_late=draft.item.on < self.month.first,
                )
                for line, draft in pairs
                if draft.item
            ],
            batch_size=500,
        )
        store_uses(invoice.document_key, reckoned.uses, at=self.at)
        InvoiceEvent.objects.create(
            invoice=invoice,
            kind=EVENTS[content.outcome],
            actor=self.by,
            at=self.at,
            data={"payable": str(invoice.payable_total), "minutes": invoice.minutes},
        )


def line_columns(line: Line, month: Month, wording: Wording) -> dict[str, Any]:
    """One line as columns; texts in the language of the document."""
    category, rate, reason = line.vat
    return {
        "kind": line.kind,
        "contract_id": line.terms.pk,
        "activity_id": line.parts[0].hours.activity if line.kind == LineKind.TIME else None,
        "description": description_of(line, wording)[:200],
        "detail": detail_of(line, month, wording)[:300],
        "minutes": line.minutes,
        "quantity": line.quantity.amount,
        "unit": line.quantity.unit,
        "price_base": line.quantity.price_base,
        "unit_price": line.unit_price,
        "base_price": line.base_price,
        "multiplier": line.multiplier,
        "net": line.net,
        "vat_category": category,
        "vat_rate": rate,
        "vat_reason": reason,
    }


def description_of(line: Line, wording: Wording) -> str:
    """What is sold: the charge as it was written, or the activity with why it costs more."""
    if line.item and line.item.kind == ChargeKind.KILOMETRE:
        return wording.say("by_distance", text=line.item.description)
    if line.item:
        return line.item.description
    if line.kind == LineKind.BLOCK:
        return wording.say("from_block")
    text = line.parts[0].hours.activity_name
    if line.multiplier != 1:
        text = wording.say(
            "dearer",
            text=text,
            reason=wording.say(line.reason),
            base=wording.decimal(line.base_price or Decimal(0)),
            factor=wording.decimal(line.multiplier),
        )
    return wording.say("beyond_block", text=text) if line.is_overage else text


def detail_of(line: Line, month: Month, wording: Wording) -> str:
    """The small text: which tickets, and how much of it was worked before the month."""
    if line.item:
        text = line.item.ticket_number
        if line.item.on < month.first:
            day = wording.dated_day(line.item.on)
            text = " · ".join(one for one in (text, wording.say("supplied_on", day=day)) if one)
        return text
    numbers = list(dict.fromkeys(part.hours.ticket_number for part in line.parts))
    if len(numbers) <= NAMED_TICKETS:
        text = ", ".join(numbers)
    else:
        text = wording.say("tickets", count=len(numbers))
    late = sum(part.billed for part in line.parts if part.hours.work_date < month.first)
    if late:
        hours = wording.hours(late, HourStyle.of([late]))
        before = wording.say("worked_before", hours=hours, month=wording.month(month.first))
        return f"{text} · {before}"
    return text


def fingerprint_of(
    fields: dict[str, Any], rows: Sequence[dict[str, Any]], reckoned: Reckoned
) -> str:
    """Equal for two runs that would write the same."""
    behind = [
        [
            sorted((part.hours.entry, part.segment, part.raw, part.billed) for part in line.parts),
            line.item.charge if line.item else None,
        ]
        for line in reckoned.lines
    ]
    uses = sorted((use.entry, use.segment, use.block, use.minutes) for use in reckoned.uses)
    text = json.dumps([fields, rows, behind, uses], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
