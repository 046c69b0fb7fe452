"""Deciding what customers disagree with."""

from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from billing.invoices import actions
from billing.invoices.forms import SettleForm
from billing.invoices.models import Dispute, Invoice
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage

from .record import InvoicePage


class Settle(InvoicePage, ActionPage):
    """Who is right, and what the customer is told."""

    duties = ("is_billing_clerk",)
    template_name = "billing/invoices/settle.html"
    refusals = (Refused,)

    @cached_property
    def dispute(self) -> Dispute:
        found: Dispute = get_object_or_404(
            Dispute.objects.select_related("line", "ticket"),
            invoice=self.record,
            uuid=self.kwargs["dispute"],
        )
        return found

    def check(self):
        _found = self.dispute

    def get_form(self):
        kwargs = super().get_form_kwargs() if self.request.method == "POST" else {}
        return SettleForm(has_line=self.dispute.line_id is not None, **kwargs)

    def perform(self, form):
        return actions.settle(
            self.dispute,
            outcome=form.cleaned_data.get("outcome", ""),
            answer=form.cleaned_data["answer"],
            by=self.request.user,
            at=timezone.now(),
        )

    def get_success_message(self, result):
        if result.outcome == Dispute.Outcome.UPHELD:
            return _("Settled. Now credit what was wrong.")
        return _("Settled. The customer is told.")

    def get_success_url(self):
        if self.result and self.result.outcome == Dispute.Outcome.UPHELD:
            return credit_url(self.record, self.dispute) or self.record.get_absolute_url()
        return self.record.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(dispute=self.dispute, **kwargs)


def credit_url(invoice: Invoice, dispute: Dispute) -> str:
    """Where a credit note is written, with the disputed line marked; "" without such a page."""
    try:
        page = reverse("invoices:credit", args=[invoice.uuid])
    except NoReverseMatch:
        return ""
    return f"{page}?line={dispute.line.position}" if dispute.line else page
