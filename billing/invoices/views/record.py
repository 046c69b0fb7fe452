"""One invoice: what it says, the hours behind each line, and issuing it."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from billing.contracts.models import Charge
from billing.invoices import actions, documents
from billing.invoices.errors import SecondPersonNeeded
from billing.invoices.models import (
    BilledCharge,
    BilledTime,
    Confirmation,
    Invoice,
    InvoiceLine,
    LineKind,
)
from billing.invoices.permissions import may_issue
from billing.invoices.tasks import issue_invoice
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import ActionPage, DetailPage, ListPage
from portal.ui.tables import Column

from .listing import DUTIES, business_today
from .money import money_of
from .panels import disputes_of, sending_of


class InvoicePage:
    """An invoice found by its unguessable id among those the person may see."""

    duties = DUTIES
    lookup = "uuid"

    def get_queryset(self):
        return Invoice.objects.visible_to(self.request.user).select_related(
            "organization", "seller", "contract"
        )


class Detail(InvoicePage, DetailPage):
    template_name = "billing/invoices/detail.html"

    def get_context_data(self, **kwargs):
        invoice = self.record
        seller, buyer = documents.parties_of(invoice)
        lines = invoice.lines.order_by("position").annotate(
            entries=Count("hours"), tickets=Count("hours__entry__ticket", distinct=True)
        )
        draft = not invoice.is_frozen
        return super().get_context_data(
            lines=lines,
            events=invoice.events.select_related("actor"),
            seller=seller,
            buyer=buyer,
            missing=documents.missing_content(invoice, business_today()) if draft else (),
            may_issue=draft and may_issue(self.request.user),
            today=business_today(),
            **money_of(invoice, self.request.user),
            **sending_of(invoice, self.request.user),
            **disputes_of(invoice, self.request.user),
            **kwargs,
        )


def note_for_file(billed: BilledTime) -> str:
    """The agent's note, but not of a confidential ticket: a file is read by others too."""
    return "" if billed.entry.ticket.is_confidential else billed.entry.note


class Line(ListPage):
    """The hours behind one line, each with its ticket."""

    duties = DUTIES
    template_name = "billing/invoices/line.html"
    default_sort = "ticket"
    csv_name = "hours"
    columns = (
        Column("ticket", _("Ticket"), sort="entry__ticket__number", value="entry.ticket.number"),
        Column("date", _("Date"), sort="entry__work_date", value="entry.work_date"),
        Column("agent", _("Who"), sort="entry__agent__name", value="entry.agent.name"),
        Column("note", _("What was done"), value=note_for_file),
        Column("worked", _("Worked"), css="r", value="raw_minutes"),
        Column("billed", _("Billed"), css="r", value="billed_minutes"),
    )

    @cached_property
    def line(self):
        return get_object_or_404(
            InvoiceLine.objects.select_related("invoice__organization"),
            invoice__in=Invoice.objects.visible_to(self.request.user),
            invoice__uuid=self.kwargs["uuid"],
            position=self.kwargs["position"],
        )

    def get_queryset(self):
        return BilledTime.objects.filter(line=self.line).select_related(
            "entry__ticket", "entry__agent"
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(line=self.line, invoice=self.line.invoice, **kwargs)
        charges = self._charges() if self.line.kind != LineKind.TIME else []
        shown = [billed.entry.ticket_id for billed in context["rows"]]
        shown += [one.charge.ticket_id for one in charges]
        # A clerk bills hours of confidential tickets without reading them (`VIS-3`).
        readable = Ticket.objects.visible_to(self.request.user).filter(pk__in=shown)
        return context | {
            "readable": set(readable.values_list("pk", flat=True)),
            "charges": charges,
        }

    def _charges(self):
        """What a line without hours was made from. One query."""
        found = BilledCharge.objects.filter(line=self.line)
        return list(found.select_related("charge__ticket", "charge__entry", "charge__contract"))


class Issue(InvoicePage, ActionPage):
    """The page that names the effect, and the button; the worker does it."""

    duties = ("is_billing_clerk",)
    template_name = "billing/invoices/issue.html"
    refusals = (Refused,)

    def perform(self, form):
        try:
            invoice = actions.request_issue(self.record, by=self.request.user)
        except SecondPersonNeeded:
            return actions.propose_issue(self.record, by=self.request.user)
        issue_invoice.enqueue(invoice.pk, self.request.user.pk)
        return invoice

    def get_success_message(self, result):
        if isinstance(result, Confirmation):
            return _("An amount this high needs a second person. The managers are asked.")
        return ""

    def get_context_data(self, **kwargs):
        invoice = self.record
        waiting = Charge.objects.visible_to(self.request.user).proposed()
        waiting = waiting.filter(organization=invoice.organization_id).until(invoice.period_last)
        return super().get_context_data(
            missing=documents.missing_content(invoice, business_today()),
            needs_second=actions.needs_confirmation(invoice),
            undecided=0 if invoice.is_credit_note else waiting.count(),
            today=business_today(),
            **kwargs,
        )


class Progress(InvoicePage, DetailPage):
    """What the page of an invoice asks for while it is being issued."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.record.issue_requested_at is None:
            return HttpResponseClientRefresh()
        return render(request, "billing/invoices/_progress.html", {"record": self.record})
