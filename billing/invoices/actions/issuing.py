"""Issuing: number, frozen copies and PDF in one transaction, or nothing at all (`BIL-11`)."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts.actions import freeze_uses
from billing.contracts.models import Charge, ChargeState
from billing.invoices import documents
from billing.invoices.errors import IncompleteInvoice
from billing.invoices.lifecycle import INVOICE, State
from billing.invoices.models import BilledCharge, BilledTime, Invoice, InvoiceEvent
from billing.invoices.models.invoice import issued_path, issued_xml_path
from billing.invoices.numbering import draw_number, payment_reference
from billing.invoices.parse import month_of
from billing.invoices.permissions import may_issue
from itil.tickets.errors import MoveNotAllowed, NotAllowed, StaleRecord
from itil.timesheets.actions import business_zone, mark_invoiced
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
    _refuse_incomplete(invoice)
    need_confirmed_issue(invoice)
    Invoice.objects.filter(pk=invoice.pk).update(
        issue_requested_at=at or timezone.now(), issue_problem=""
    )
    return invoice


def note_problem(invoice: Invoice, problem: str) -> None:
    """Keep why issuing failed, for the page of the invoice."""
    Invoice.objects.filter(pk=invoice.pk).update(issue_requested_at=None, issue_problem=problem)


def issue(invoice: Invoice, *, by: User | None, at: datetime | None = None) -> Invoice:
    """Give the draft its number and freeze it; returns the invoice as stored.

    The number is drawn and the PDF made inside one transaction: a failure at any point gives the
    number back (`B20`). Holds the lock of the number series while printing. Raises NotAllowed,
    MoveNotAllowed, IncompleteInvoice, InvalidEInvoice, SecondPersonNeeded, or StaleRecord when
    hours changed since the draft. A credit note counts on its invoice in the same transaction.
    """
    if not may_issue(by, invoice):
        raise NotAllowed(_("Only billing clerks issue invoices."))
    at = at or timezone.now()
    documents.warm_up()
    with transaction.atomic():
        invoice = (
            Invoice.objects.select_for_update(of=("self",))
            .select_related("seller", "organization", "contract")
            .get(pk=invoice.pk)
        )
        _refuse_wrong_state(invoice)
        entries, charges = _locked_entries(invoice), _locked_charges(invoice)
        _refuse_incomplete(invoice)
        need_confirmed_issue(invoice)
        _freeze(invoice, at)
        _print(invoice)
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
            for file in (invoice.pdf, invoice.xml):
                file.storage.delete(str(file.name))
            raise
    return invoice


def _refuse_wrong_state(invoice: Invoice) -> None:
    if INVOICE.find("issue", invoice.state) is None:
        raise MoveNotAllowed(
            _("Invoice %(number)s has been issued already.") % {"number": invoice.number}
        )


def _refuse_incomplete(invoice: Invoice) -> None:
    missing = documents.missing_content(invoice)
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


def _freeze(invoice: Invoice, at: datetime) -> None:
    """Copies, dates and number; nothing is written yet but the counter."""
    seller_details, buyer_details = documents.parties_of(invoice)
    issued_on = at.astimezone(business_zone()).date()
    invoice.number = draw_number(invoice.seller, issued_on=issued_on, kind=invoice.kind)
    invoice.seller_details, invoice.buyer_details = seller_details, buyer_details
    invoice.issued_on = issued_on
    # Calendar days without a shift for weekends (`BIL-14`).
    counted_from = month_of(issued_on).last if invoice.terms_from_month_end else issued_on
    invoice.due_on = counted_from + timedelta(days=invoice.payment_terms_days)
    if not invoice.is_credit_note:
        invoice.payment_reference = payment_reference(invoice.number)
    invoice.state = State.ISSUED
    invoice.issue_requested_at, invoice.issue_problem = None, ""


def _print(invoice: Invoice) -> None:
    """Make and store paper and e-invoice, once the rules have agreed.

    The draft's file goes when all is done. Raises InvalidEInvoice.
    """
    made = documents.make(invoice)
    invoice.pdf_sha256 = hashlib.sha256(made.pdf).hexdigest()
    invoice.xml_sha256 = hashlib.sha256(made.xml).hexdigest()
    invoice.xml_checks = made.checks.as_json()
    # What a killed process left behind; a draft has no issued files, and this one is locked.
    invoice.pdf.storage.delete(issued_path(invoice, ""))
    invoice.xml.storage.delete(issued_xml_path(invoice, ""))
    invoice.pdf.save(f"{invoice.number}.pdf", ContentFile(made.pdf), save=False)
    try:
        invoice.xml.save(f"{invoice.number}.xml", ContentFile(made.xml), save=False)
    except BaseException:
        invoice.pdf.storage.delete(str(invoice.pdf.name))
        raise
    outdated = invoice.draft_pdf.name
    invoice.draft_pdf, invoice.draft_pdf_of = "", ""
    if outdated:
        transaction.on_commit(lambda: default_storage.delete(outdated))
