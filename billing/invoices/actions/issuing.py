"""Issuing: number, frozen copies and PDF in one transaction, or nothing at all (`BIL-11`).

The documents are made before the lock of the number series is taken, for the number that will most
likely be drawn. Under the lock they are only compared, and made again when that was wrong.
"""

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts.actions import freeze_uses
from billing.contracts.models import Charge, ChargeState
from billing.invoices import documents
from billing.invoices.amounts import converted
from billing.invoices.errors import IncompleteInvoice
from billing.invoices.lifecycle import INVOICE, State
from billing.invoices.models import BilledCharge, BilledTime, Invoice, InvoiceEvent
from billing.invoices.models.invoice import issued_path, issued_ubl_path, issued_xml_path
from billing.invoices.numbering import draw_number, foretell_number, payment_reference
from billing.invoices.parse import month_of
from billing.invoices.permissions import may_issue
from itil.tickets.errors import MoveNotAllowed, NotAllowed, StaleRecord
from itil.timesheets.actions import mark_invoiced
from itil.timesheets.hours import business_date
from itil.timesheets.models import BillingKind, EntryState, TimeEntry
from portal.people.models import User

from .confirming import need_confirmed_issue
from .crediting import apply_credit
from .settling import settle_state


def request_issue(invoice: Invoice, *, by: User, at: datetime | None = None) -> Invoice:
    """Note that a person asked for it; the worker then calls `issue`, as printing takes time.

    Raises what `issue` would raise for reasons that are known now.
    """
    if not may_issue(by, invoice):
        raise NotAllowed(_("Only billing clerks issue invoices."))
    _refuse_wrong_state(invoice)
    at = at or timezone.now()
    _refuse_incomplete(invoice, at)
    need_confirmed_issue(invoice)
    Invoice.objects.filter(pk=invoice.pk).update(issue_requested_at=at, issue_problem="")
    return invoice


def note_problem(invoice: Invoice, problem: str) -> None:
    """Keep why issuing failed, for the page of the invoice."""
    Invoice.objects.filter(pk=invoice.pk).update(issue_requested_at=None, issue_problem=problem)


@dataclass(frozen=True)
class Prepared:
    """The documents of an invoice, made for the `number` that it is expected to get."""

    number: str
    made: documents.Made


def prepare_issue(
    invoice: Invoice, *, at: datetime | None = None, before: QuerySet[Any] | None = None
) -> Prepared:
    """Make the documents that `issue` will store, without a lock and without writing anything.

    `before` are rows that will each take a number first. Raises what `issue` would raise for
    reasons that are known now.
    """
    at = at or timezone.now()
    documents.warm_up()
    invoice = Invoice.objects.select_related("seller", "organization", "contract", "corrects").get(
        pk=invoice.pk
    )
    _refuse_wrong_state(invoice)
    _refuse_incomplete(invoice, at)
    need_confirmed_issue(invoice)
    number, hours = _foretold(invoice, at, before), documents.hours_of(invoice)
    _freeze(invoice, number, at)
    return Prepared(number, documents.make(invoice, hours=hours))


def issue(
    invoice: Invoice,
    *,
    by: User | None,
    at: datetime | None = None,
    prepared: Prepared | None = None,
) -> Invoice:
    """Give the draft its number and freeze it; returns the invoice as stored.

    The number is drawn and the documents are stored inside one transaction: a failure at any point
    gives the number back (`B20`). Documents that were `prepared` are made anew when another number
    has come up meanwhile. Raises NotAllowed, MoveNotAllowed, IncompleteInvoice, InvalidEInvoice,
    SecondPersonNeeded, or StaleRecord when hours changed since the draft. A credit note counts on
    its invoice in the same transaction.
    """
    if not may_issue(by, invoice):
        raise NotAllowed(_("Only billing clerks issue invoices."))
    at = at or timezone.now()
    with _in_turn():
        if prepared is None or prepared.number != _foretold(invoice, at):
            prepared = prepare_issue(invoice, at=at)
        return _issue(invoice, by, at, prepared)


@contextlib.contextmanager
def _in_turn() -> Iterator[None]:
    """Where rows cannot be locked, those who issue queue here with one number to be foretold.

    At the lock of the whole database nobody queues: of many who wait one may never come. And who
    printed for a number that another one drew would print again under that lock. Who is in a
    transaction does not wait: the one in front may be waiting for its end.
    """
    name = str(connection.settings_dict["NAME"])
    on_disk = not (connection.features.has_select_for_update or name.startswith("file:"))
    if not on_disk or connection.in_atomic_block:
        yield
        return
    with Path(f"{name}-issuing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _issue(invoice: Invoice, by: User | None, at: datetime, prepared: Prepared) -> Invoice:
    """The transaction of `issue`."""
    with transaction.atomic():
        invoice = (
            Invoice.objects.select_for_update(of=("self",))
            .select_related("seller", "organization", "contract", "corrects")
            .get(pk=invoice.pk)
        )
        _refuse_wrong_state(invoice)
        entries, charges = _locked_entries(invoice), _locked_charges(invoice)
        _refuse_incomplete(invoice, at)
        need_confirmed_issue(invoice)
        said = documents.Wording.of(invoice.language).say("confidential")
        BilledTime.objects.of(invoice).keep_texts(said)
        # From here to the end others wait who want a number of the same series.
        number = draw_number(invoice.seller, issued_on=_day_of(at), kind=invoice.kind)
        _freeze(invoice, number, at)
        _print(invoice, prepared.made)
        try:
            invoice.save()
            mark_invoiced(entries)
            freeze_uses(invoice.document_key, at=at)
            Charge.objects.filter(pk__in=[charge.pk for charge in charges]).update(
                state=ChargeState.INVOICED
            )
            InvoiceEvent.objects.create(
                invoice=invoice,
                kind=InvoiceEvent.Kind.ISSUED,
                actor=by,
                at=at,
                data={"number": invoice.number, "sha256": invoice.pdf_sha256},
            )
            if invoice.is_credit_note:
                apply_credit(invoice, by=by, at=at)
            elif not invoice.payable_total:
                settle_state(invoice)
        except BaseException:
            for file in (invoice.pdf, invoice.xml, invoice.ubl):
                file.storage.delete(str(file.name))
            raise
    return invoice


def _refuse_wrong_state(invoice: Invoice) -> None:
    if INVOICE.find("issue", invoice.state) is None:
        raise MoveNotAllowed(
            _("Invoice %(number)s has been issued already.") % {"number": invoice.number}
        )


def _refuse_incomplete(invoice: Invoice, at: datetime) -> None:
    missing = documents.missing_content(invoice, business_date(at))
    if missing:
        raise IncompleteInvoice(
            _("The invoice must state more before it can be issued: %(missing)s.")
            % {"missing": "; ".join(missing)},
            missing,
        )


def _locked_entries(invoice: Invoice) -> list[TimeEntry]:
    """The entries on the invoice, locked. Raises StaleRecord when one differs from the draft."""
    drafted: dict[int, list[BilledTime]] = {}
    for one in BilledTime.objects.filter(line__invoice=invoice).select_related("line"):
        drafted.setdefault(one.entry_id, []).append(one)
    entries = list(TimeEntry.objects.select_for_update().filter(pk__in=drafted).order_by("pk"))
    for entry in entries:
        parts = drafted[entry.pk]
        if (
            entry.state != EntryState.APPROVED
            or entry.billing_kind == BillingKind.NON_BILLABLE
            or entry.minutes != sum(part.raw_minutes for part in parts)
            or any(part.line.activity_id not in (None, entry.activity_id) for part in parts)
            or entry.work_date > invoice.period_last
        ):
            raise StaleRecord(
                _("Hours on this draft have changed. Draft the month again, then issue.")
            )
    return entries


def _locked_charges(invoice: Invoice) -> list[Charge]:
    """The charges on the invoice, locked. Raises StaleRecord when one differs from the draft."""
    drafted = {
        one.charge_id: one.line
        for one in BilledCharge.objects.filter(line__invoice=invoice).select_related("line")
    }
    charges = list(
        Charge.objects.select_for_update(of=("self",)).filter(pk__in=drafted).order_by("pk")
    )
    for charge in charges:
        line = drafted[charge.pk]
        if charge.state != ChargeState.OPEN or (charge.quantity, charge.unit_price) != (
            line.quantity,
            line.unit_price,
        ):
            raise StaleRecord(
                _("Charges on this draft have changed. Draft the month again, then issue.")
            )
    return charges


def _day_of(at: datetime) -> date:
    return business_date(at)


def _foretold(invoice: Invoice, at: datetime, before: QuerySet[Any] | None = None) -> str:
    return foretell_number(invoice.seller, issued_on=_day_of(at), kind=invoice.kind, before=before)


def _freeze(invoice: Invoice, number: str, at: datetime) -> None:
    """Copies, dates and number; nothing is written yet."""
    seller_details, buyer_details = documents.parties_of(invoice)
    issued_on = _day_of(at)
    invoice.number = number
    invoice.seller_details, invoice.buyer_details = seller_details, buyer_details
    invoice.issued_on = issued_on
    # Calendar days without a shift for weekends (`BIL-14`).
    counted_from = month_of(issued_on).last if invoice.terms_from_month_end else issued_on
    invoice.due_on = counted_from + timedelta(days=invoice.payment_terms_days)
    if not invoice.is_credit_note:
        invoice.payment_reference = payment_reference(number)
    if documents.needs_rate(invoice):
        _freeze_rate(invoice)
    invoice.state = State.ISSUED
    invoice.issue_requested_at, invoice.issue_problem = None, ""


def _freeze_rate(invoice: Invoice) -> None:
    """VAT in the currency of the tax office, with the rate of the day; rounded once (`BIL-23`)."""
    found = documents.rate_of(invoice, invoice.issued_on) if invoice.issued_on else None
    if found is None:
        raise ValueError("an invoice without its rate is incomplete")
    currency = invoice.seller.currency
    invoice.tax_currency = currency
    invoice.tax_exchange_rate = found.rate
    invoice.tax_rate_source, invoice.tax_rate_on = found.source, found.on
    invoice.vat_total_in_tax_currency = converted(invoice.vat_total, found.rate, currency)


def _print(invoice: Invoice, ahead: documents.Made) -> None:
    """Store paper and e-invoice, those made `ahead` when they say what the invoice says now.

    The draft's file goes when all is done. Raises InvalidEInvoice.
    """
    made = documents.make(invoice, ahead=ahead)
    invoice.pdf_sha256 = hashlib.sha256(made.pdf).hexdigest()
    invoice.xml_sha256 = hashlib.sha256(made.xml).hexdigest()
    invoice.ubl_sha256 = hashlib.sha256(made.ubl).hexdigest()
    invoice.xml_checks, invoice.ubl_checks = made.checks.as_json(), made.ubl_checks.as_json()
    files = (
        (invoice.pdf, issued_path, made.pdf),
        (invoice.xml, issued_xml_path, made.xml),
        (invoice.ubl, issued_ubl_path, made.ubl),
    )
    try:
        for file, path, content in files:
            # What a killed process left behind; a draft has no issued files, and it is locked.
            file.storage.delete(path(invoice, ""))
            file.save(path(invoice, ""), ContentFile(content), save=False)
    except BaseException:
        for file, path, _content in files:
            file.storage.delete(path(invoice, ""))
        raise
    outdated = invoice.draft_pdf.name
    invoice.draft_pdf, invoice.draft_pdf_of = "", ""
    if outdated:
        transaction.on_commit(lambda: default_storage.delete(outdated))
