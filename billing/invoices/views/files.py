"""Files of an invoice: the PDF, the e-invoice and its hours."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views import View

from billing.invoices import actions, documents
from billing.invoices.errors import DamagedDocument
from billing.invoices.models import Invoice
from billing.invoices.tasks import print_draft
from portal.ui.pages import DutyPage, RecordMixin
from portal.ui.tables import Column, csv_response

from .record import InvoicePage

HOUR_COLUMNS = (
    Column("line", _("Line")),
    Column("description", _("Description")),
    Column("work_date", _("Date")),
    Column("ticket", _("Ticket")),
    Column("title", _("Subject")),
    Column("agent", _("Who")),
    Column("raw_minutes", _("Minutes worked")),
    Column("billed_minutes", _("Minutes billed")),
)


class Pdf(InvoicePage, DutyPage, RecordMixin, View):
    """The issued file as stored; of a draft, a file made by the worker when it is asked for."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        invoice = self.record
        if invoice.is_frozen:
            try:
                return pdf_response(invoice, invoice.read_pdf())
            except DamagedDocument as problem:
                messages.error(request, str(problem))
                return redirect(invoice)
        content = actions.draft_pdf(invoice)
        if content is None and actions.request_draft_pdf(invoice):
            print_draft.enqueue(invoice.pk)
            invoice.refresh_from_db()
            content = actions.draft_pdf(invoice)
        if content is None:
            back_url = invoice.get_absolute_url()
            return being_printed(request, title=_("Preview"), back_url=back_url)
        return pdf_response(invoice, content)


class EInvoice(InvoicePage, DutyPage, RecordMixin, View):
    """The e-invoice in one of the two syntaxes, "cii" or "ubl"."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            return xml_response(self.record, as_ubl=kwargs["syntax"] == "ubl")
        except DamagedDocument as problem:
            messages.error(request, str(problem))
            return redirect(self.record)


class Hours(InvoicePage, DutyPage, RecordMixin, View):
    """Every hour as the customer sees it, as CSV."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        with override(self.record.language):
            rows = documents.hours_of(self.record)
        return csv_response(f"{file_name(self.record)}-hours", HOUR_COLUMNS, rows)


def being_printed(
    request: HttpRequest, template: str = "billing/invoices/printing.html", **context: Any
) -> HttpResponse:
    """While a worker makes the file: a page that asks again. The one at the desk is given its
    `title`, which says what is printed, and `back_url`.
    """
    response = render(request, template, context, status=202)
    # Without scripts too the page follows when the file is there.
    response["Refresh"] = "2"
    return response


def pdf_response(invoice: Invoice, content: bytes) -> HttpResponse:
    return file_response(content, file_name(invoice))


def file_response(content: bytes, name: str) -> HttpResponse:
    """A PDF to be read in the browser; `name` is without its ending, in ASCII."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    # Amounts of a customer: no shared cache may keep them.
    response["Cache-Control"] = "private, no-store"
    return response


def xml_response(invoice: Invoice, *, as_ubl: bool) -> HttpResponse:
    """The stored e-invoice as UBL or CII. Raises Http404 without one, and DamagedDocument."""
    if not (invoice.ubl if as_ubl else invoice.xml):
        raise Http404
    content = invoice.read_ubl() if as_ubl else invoice.read_xml()
    response = HttpResponse(content, content_type="application/xml")
    ending = "ubl.xml" if as_ubl else "xml"
    response["Content-Disposition"] = f'attachment; filename="{file_name(invoice)}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(invoice: Invoice) -> str:
    """HAL-2026-000123, or the customer and month of a draft; ASCII."""
    if invoice.number:
        return invoice.number
    return f"draft-{slugify(invoice.organization.name)}-{invoice.period_first:%Y-%m}"
