"""What the present month would bill so far: a part of the list, fetched after it."""

from decimal import Decimal

from django.views.generic import TemplateView

from billing.invoices.actions import preview
from billing.invoices.models import Invoice
from billing.invoices.parse import month_of
from billing.invoices.permissions import may_run
from itil.tickets.errors import Refused
from portal.ui.pages import DutyPage

from .listing import DUTIES, business_today


class ThisMonth(DutyPage, TemplateView):
    """The figure 'not yet billed' and what has to be mended before the month is closed.

    Pricing every open hour costs more than the list itself, so the list does not wait for it.
    Without JavaScript this is a page of its own.
    """

    duties = DUTIES

    def get_template_names(self):
        name = "_this_month" if self.request.htmx else "this_month"
        return [f"billing/invoices/{name}.html"]

    def get_context_data(self, **kwargs):
        today = business_today()
        month = month_of(today)
        try:
            waiting, problem = preview(month), ""
        except Refused as refusal:
            waiting, problem = None, str(refusal)
        return super().get_context_data(
            month=month,
            days_left=(month.last - today).days,
            waiting=waiting,
            problem=problem,
            may_run=may_run(self.request.user),
            **self._unbilled(waiting, today),
            **kwargs,
        )

    def _unbilled(self, waiting, today):
        """Drafts of earlier months and this month so far, by currency (`BIL-23`)."""
        amounts: dict[str, Decimal] = {}
        minutes = 0
        for row in Invoice.objects.visible_to(self.request.user).sums(today):
            if row["drafted"] is not None:
                amounts[row["currency"]] = row["drafted"]
                minutes += row["drafted_minutes"]
        # Drafts of this month are hours of the preview again.
        for customer in waiting.customers if waiting else ():
            amounts[customer.currency] = amounts.get(customer.currency, Decimal(0)) + customer.net
            minutes += customer.minutes
        return {"unbilled": sorted(amounts.items()), "unbilled_minutes": minutes}
