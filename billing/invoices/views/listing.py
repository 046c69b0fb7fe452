"""The list of invoices with its four figures."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from billing.invoices.actions import preview
from billing.invoices.filters import InvoiceFilter
from billing.invoices.models import Invoice
from billing.invoices.parse import month_of
from billing.invoices.permissions import may_run
from itil.tickets.errors import Refused
from itil.timesheets.actions import business_zone
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
    return timezone.now().astimezone(business_zone()).date()


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

    def tabs(self):
        counts = Invoice.objects.visible_to(self.request.user).counts(self.today)
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

    def head(self):
        cells = zip(self.columns, super().head(), strict=True)
        return tuple(cell for column, cell in cells if column.key in self.shown)

    def get_context_data(self, **kwargs):
        try:
            waiting, problem = preview(month_of(self.today)), ""
        except Refused as refusal:
            waiting, problem = None, str(refusal)
        return super().get_context_data(
            today=self.today,
            figures=self._figures(waiting),
            waiting=waiting,
            days_left=(month_of(self.today).last - self.today).days,
            problem=problem,
            may_run=may_run(self.request.user),
            last_month=month_of(self.today).before,
            this_month=month_of(self.today),
            **kwargs,
        )

    def _figures(self, waiting):
        """Amounts by currency, never added across them (`BIL-23`). One query."""
        sums = {
            row.pop("currency"): row
            for row in Invoice.objects.visible_to(self.request.user).sums(self.today)
        }
        unbilled: dict[str, Decimal] = {}
        minutes = 0
        for currency, row in sums.items():
            if row["drafted"] is not None:
                unbilled[currency] = row["drafted"]
                minutes += row["drafted_minutes"]
        # Drafts of this month are hours of the preview again.
        for customer in waiting.customers if waiting else ():
            unbilled[customer.currency] = unbilled.get(customer.currency, Decimal(0)) + customer.net
            minutes += customer.minutes
        late_since = min(
            (row["oldest_due"] for row in sums.values() if row["oldest_due"]), default=None
        )
        return {
            "unbilled": sorted(unbilled.items()),
            "unbilled_minutes": minutes,
            "open": [(currency, row["open"]) for currency, row in sums.items() if row["open"]],
            "late": [(currency, row["late"]) for currency, row in sums.items() if row["late"]],
            "late_days": (self.today - late_since).days if late_since else 0,
            "paid": [(currency, row["paid"]) for currency, row in sums.items() if row["paid"]],
        }
