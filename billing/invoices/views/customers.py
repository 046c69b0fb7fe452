"""The customer's own invoices, in the portal: for billing contacts (`c12`)."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View

from billing.invoices import actions
from billing.invoices.actions import Asker
from billing.invoices.documents import text_for_customer
from billing.invoices.errors import DamagedDocument
from billing.invoices.filters import OwnInvoiceFilter
from billing.invoices.forms import QuestionForm
from billing.invoices.models import BilledTime, Invoice, InvoiceLine
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import ActionPage, DetailPage, DutyPage, ListPage, RecordMixin, Tab
from portal.ui.tables import Column

from .files import pdf_response, xml_response
from .listing import business_today
from .shown import free_lines, line_of, shown, thanks_for

CONTACTS = ("is_billing_contact",)
VIEWS = {"all": _("All"), "open": _("To be paid"), "late": _("Late"), "paid": _("Paid")}


def own_invoices(user: Any) -> Any:
    """What was issued to the organization of this billing contact, whatever other duties they
    have: the portal shows one's own side only.
    """
    found = Invoice.objects.visible_to(user).issued().filter(organization=user.organization_id)
    return found.select_related("seller", "organization", "corrects")


class OwnInvoice:
    """An invoice of the own organization."""

    duties = CONTACTS
    lookup = "uuid"

    def get_queryset(self) -> Any:
        return own_invoices(self.request.user)  # type: ignore[attr-defined]


class OwnInvoices(ListPage):
    """All invoices of the organization, the newest first, and what is to be paid by currency."""

    duties = CONTACTS
    template_name = "billing/invoices/own_list.html"
    filterset_class = OwnInvoiceFilter
    csv_name = "invoices"
    default_sort = "-issued"
    columns = (
        Column("number", _("Number"), sort="number"),
        Column("kind", _("Kind"), value="get_kind_display"),
        Column("period", _("Month"), sort="period_first", value="period_first"),
        Column("issued", _("Issued"), sort="issued_on", value="issued_on"),
        Column("due", _("Due"), sort="due_on", value="due_on"),
        Column("currency", _("Currency")),
        Column("net", _("Net"), css="r", value="net_total"),
        Column("vat", _("VAT"), css="r", value="vat_total"),
        Column("total", _("Total"), sort="payable_total", css="r", value="payable_total"),
        Column("paid", _("Paid"), css="r", value="paid_total"),
        Column("credited", _("Credited"), css="r", value="credited_total"),
    )

    @cached_property
    def today(self):
        return business_today()

    @cached_property
    def view_key(self):
        asked = self.request.GET.get("view", "all")
        return asked if asked in VIEWS else "all"

    def get_queryset(self):
        found = own_invoices(self.request.user)
        narrowed = {
            "all": found.all,
            "open": found.owed,
            "late": lambda: found.late(self.today),
            "paid": found.paid,
        }
        return narrowed[self.view_key]()

    @cached_property
    def sums(self):
        """By currency. One query for the figures and the tabs."""
        return list(own_invoices(self.request.user).sums(self.today))

    def tabs(self):
        counts = {key: sum(row[f"{key}_count"] for row in self.sums) for key in VIEWS}
        return tuple(
            Tab(
                label,
                self._url(view=None if key == "all" else key),
                key == self.view_key,
                counts[key],
                key == "late" and bool(counts[key]),
            )
            for key, label in VIEWS.items()
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            today=self.today,
            open_amounts=[(row["currency"], row["open"]) for row in self.sums if row["open"]],
            late_amounts=[(row["currency"], row["late"]) for row in self.sums if row["late"]],
            **kwargs,
        )


class OwnDetail(OwnInvoice, DetailPage):
    """One invoice, with the way to the hours behind each line."""

    template_name = "billing/invoices/own.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(today=business_today(), **shown(self.record), **kwargs)


class OwnLine(ListPage):
    """The hours behind one line: ticket, day, minutes; the text where it was written for them."""

    duties = CONTACTS
    template_name = "billing/invoices/own_line.html"
    default_sort = "date"
    csv_name = "hours"
    columns = (
        Column("date", _("Date"), sort="entry__work_date", value="entry.work_date"),
        Column("ticket", _("Ticket"), sort="entry__ticket__number", value="entry.ticket.number"),
        Column("text", _("What was done"), value=lambda billed: text_for_customer(billed.entry)),
        Column(
            "billed", _("Minutes billed"), css="r", sort="billed_minutes", value="billed_minutes"
        ),
    )

    @cached_property
    def line(self):
        found = (
            InvoiceLine.objects.filter(
                invoice__in=own_invoices(self.request.user),
                invoice__uuid=self.kwargs["uuid"],
                position=self.kwargs["position"],
            )
            .select_related("invoice")
            .first()
        )
        if found is None:
            raise Http404
        return found

    def get_queryset(self):
        own = Ticket.objects.visible_to(self.request.user).filter(pk=OuterRef("entry__ticket"))
        found = BilledTime.objects.filter(line=self.line).annotate(may_read=Exists(own))
        return found.select_related("entry__ticket")

    def get_context_data(self, **kwargs):
        return super().get_context_data(line=self.line, invoice=self.line.invoice, **kwargs)


class OwnPdf(OwnInvoice, DutyPage, RecordMixin, View):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return pdf_response(self.record, self.record.read_pdf())
        except DamagedDocument as problem:
            raise Http404 from problem


class OwnXml(OwnInvoice, DutyPage, RecordMixin, View):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return xml_response(self.record, as_ubl=self.record.wants_ubl)


class OwnQuestion(OwnInvoice, ActionPage):
    """Ask about the invoice, or dispute a line of it."""

    template_name = "billing/invoices/own_question.html"
    refusals = (Refused,)

    def get_form(self):
        invoice = self.record
        if self.request.method == "POST":
            lines = invoice.lines.order_by("position")
            return QuestionForm(self.request.POST, lines=lines, is_visitor=False)
        lines = list(free_lines(invoice))
        asked = self.request.GET.get("line", "")
        initial = {"line": asked if asked in {str(one.position) for one in lines} else ""}
        return QuestionForm(lines=lines, is_visitor=False, initial=initial)

    def perform(self, form):
        return actions.dispute(
            self.record,
            by=Asker(person=self.request.user),
            line=line_of(self.record, form.cleaned_data["line"]),
            text=form.cleaned_data["text"],
            key=form.cleaned_data["key"],
            at=timezone.now(),
        )

    def get_success_message(self, result):
        return thanks_for(result)

    def get_success_url(self):
        return reverse("invoices:own", args=[self.record.uuid])

    def get_context_data(self, **kwargs):
        return super().get_context_data(invoice=self.record, **kwargs)
