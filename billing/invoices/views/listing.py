"""The list of invoices with its four figures."""

from datetime import date

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from billing.invoices.filters import InvoiceFilter
from billing.invoices.models import Invoice
from billing.invoices.parse import month_of
from billing.invoices.permissions import may_run
from itil.timesheets.hours import business_date
from portal.ui.pages import ListPage, Tab
from portal.ui.tables import Column

DUTIES = ("is_billing_clerk", "is_manager")
VIEWS = {
    "all": _("All"),
    "draft": _("Draft"),
    "open": _("Open"),
    "late": _("Late"),
    "paid": _("Paid"),
}


def business_today() -> date:
    """Today in the zone that decides months and due dates."""
    return business_date(timezone.now())


class InvoiceList(ListPage):
    """All invoices, newest month first; tabs by state."""

    duties = DUTIES
    template_name = "billing/invoices/list.html"
    filterset_class = InvoiceFilter
    csv_name = "invoices"
    default_sort = "-period"
    columns = (
        Column("number", _("Number"), sort="number"),
        Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
        Column("period", _("Month"), sort="period_first", value="period_first"),
        Column("minutes", _("Hours"), css="r"),
        Column("issued", _("Issued"), sort="issued_on", value="issued_on"),
        Column("due", _("Due"), sort="due_on", value="due_on"),
        Column("state", _("State"), value="get_state_display"),
        Column("currency", _("Currency")),
        Column("net", _("Net"), css="r", value="net_total"),
        Column("vat", _("VAT"), css="r", value="vat_total"),
        Column("total", _("Total"), sort="payable_total", css="r", value="payable_total"),
    )
    # The page shows fewer columns than the file.
    shown = ("number", "customer", "period", "minutes", "issued", "due", "state", "total")

    @cached_property
    def today(self):
        return business_today()

    @cached_property
    def view_key(self):
        asked = self.request.GET.get("view", "all")
        return asked if asked in VIEWS else "all"

    def get_queryset(self):
        found = Invoice.objects.visible_to(self.request.user).select_related("organization")
        narrowed = {
            "all": found.all,
            "draft": found.drafts,
            "open": found.owed,
            "late": lambda: found.late(self.today),
            "paid": found.paid,
        }
        return narrowed[self.view_key]()

    @cached_property
    def sums(self):
        """By currency. One query for the figures, the tabs and the number of pages."""
        return list(Invoice.objects.visible_to(self.request.user).sums(self.today))

    @cached_property
    def counts(self):
        return {key: sum(row[f"{key}_count"] for row in self.sums) for key in VIEWS}

    def tabs(self):
        return tuple(
            Tab(
                label,
                self._url(view=None if key == "all" else key),
                key == self.view_key,
                self.counts[key],
                key == "late" and bool(self.counts[key]),
            )
            for key, label in VIEWS.items()
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            today=self.today,
            figures=self._figures(),
            may_run=may_run(self.request.user),
            last_month=month_of(self.today).before,
            **kwargs,
        )

    def get_page_count(self):
        is_narrowed = any(self.request.GET.get(name) for name in self.filterset.form.fields)
        return None if is_narrowed else self.counts[self.view_key]

    def _figures(self):
        """Amounts by currency, never added across them (`BIL-23`)."""
        since = [row["oldest_due"] for row in self.sums if row["oldest_due"]]
        found = {
            key: [(row["currency"], row[key]) for row in self.sums if row[key]]
            for key in ("open", "late", "paid")
        }
        return found | {"late_days": (self.today - min(since)).days if since else 0}
