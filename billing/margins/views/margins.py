"""What contracts bring and cost, and the entries behind each figure."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.contracts.models import Contract
from billing.invoices.amounts import rounded
from billing.invoices.parse import month as parse_month
from billing.margins.filters import PeriodForm
from billing.margins.matching import Item, Margin, items_between, margins_of, totals_of
from billing.margins.matching.margins import margin_of
from billing.margins.tables import missing_in_words
from itil.tickets.errors import MissingValue
from itil.tickets.models import Ticket
from itil.timesheets.hours import business_date
from portal.ui.pages import DutyPage, ListPage
from portal.ui.tables import Column, csv_response

READERS = ("is_manager",)
LOWEST = Decimal("-Infinity")


class Margins(ListPage):
    """Contracts by month with revenue, cost and margin. Rows are reckoned, not stored."""

    duties = READERS
    template_name = "billing/margins/list.html"
    csv_name = "margins"
    default_sort = "-month"
    columns = (
        Column("customer", _("Customer"), sort="customer", value="contract.organization.name"),
        Column("contract", _("Contract"), sort="contract", value="contract.number"),
        Column("month", _("Month"), sort="month", value=lambda row: f"{row.month:%Y-%m}"),
        Column("minutes", _("Time"), sort="minutes", css="r"),
        Column("billed", _("Billed"), sort="billed", css="r"),
        Column("unbilled", _("Not billed yet"), sort="unbilled", css="r"),
        Column("cost", _("Cost"), sort="cost", css="r"),
        Column("margin", _("Margin"), sort="margin", css="r"),
        Column("percent", _("Of revenue"), sort="percent", css="r"),
        Column("currency", _("Currency")),
        Column("missing", _("Missing"), value=lambda row: missing_in_words(row.missing)),
    )
    shown = (
        "customer", "contract", "month", "minutes", "billed", "unbilled", "cost", "margin",
        "percent",
    )  # fmt: skip

    @cached_property
    def form(self) -> PeriodForm:
        return PeriodForm(self.request.GET)

    @cached_property
    def filterset(self) -> Any:
        return SimpleNamespace(form=self.form)

    def get_queryset(self):
        """The contracts that this person sees."""
        found = Contract.objects.visible_to(self.request.user)
        chosen = self.form.cleaned_data.get("organization") if self.form.is_valid() else None
        return found.filter(organization=chosen) if chosen else found

    @cached_property
    def margins(self) -> list[Margin]:
        first, last = self.form.period(business_date(timezone.now()))
        contracts = set(self.get_queryset().values_list("pk", flat=True))
        return margins_of(items_between(first.first, last.last, contracts=contracts))

    def get_rows(self) -> list[Margin]:
        key = self.sort.removeprefix("-")
        column = next(one for one in self.columns if one.key == key)

        def rank(row: Margin):
            value = column.cell(row)
            return LOWEST if value is None else value

        rows = sorted(self.margins, key=lambda row: (row.contract.organization.name, row.month))
        return sorted(rows, key=rank, reverse=self.sort.startswith("-"))

    def get(self, request, *args, **kwargs):
        if request.GET.get("format") == "csv":
            return csv_response(self.csv_name, self.columns, self.get_rows())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        first, last = self.form.period(business_date(timezone.now()))
        return super().get_context_data(
            first=first.first, last=last.first, totals=totals_of(self.margins), **kwargs
        )


def _rate_told(row: SimpleNamespace) -> str:
    """By which rate, of which day and source it was converted; empty if not (`BIL-23`)."""
    used = row.converted
    return f"{used.rate.normalize():f} ({used.on}, {used.source})" if used else ""


class MarginEntries(DutyPage, TemplateView):
    """The work and the charges behind the margin of one contract in one month."""

    duties = READERS
    template_name = "billing/margins/entries.html"
    columns = (
        Column("day", _("Date")),
        Column("what", _("What")),
        Column("ticket", _("Ticket")),
        Column("person", _("Person")),
        Column("minutes", _("Minutes"), css="r"),
        Column("billed", _("Billed"), css="r"),
        Column("unbilled", _("Not billed yet"), css="r"),
        Column("cost", _("Cost"), css="r"),
        Column("currency", _("Currency")),
        Column("converted", _("Exchange rate"), value=_rate_told),
        Column("invoice", _("Invoice")),
        Column("missing", _("Missing")),
    )

    @cached_property
    def contract(self) -> Contract:
        found = Contract.objects.visible_to(self.request.user).select_related("organization")
        return get_object_or_404(found, uuid=self.kwargs["uuid"])

    @cached_property
    def items(self) -> list[Item]:
        try:
            month = parse_month(self.kwargs["month"])
        except MissingValue as problem:
            raise Http404 from problem
        self.month = month
        return items_between(month.first, month.last, contracts={self.contract.pk})

    @cached_property
    def rows(self) -> list[SimpleNamespace]:
        """One for each item. Of what is confidential neither ticket nor person is named."""
        tickets = {item.entry.ticket_id for item in self.items if item.entry}
        readable = Ticket.objects.visible_to(self.request.user).filter(pk__in=tickets)
        seen = set(readable.values_list("pk", flat=True))
        return [self._row(item, seen) for item in self.items]

    def _row(self, item: Item, seen: set[int]) -> SimpleNamespace:
        entry, charge = item.entry, item.charge
        is_open = entry is not None and entry.ticket_id in seen
        return SimpleNamespace(
            item=item,
            day=item.day,
            what=charge.description if charge else entry.activity.name,
            ticket=entry.ticket.number if is_open else "",
            person=entry.agent.name if is_open else "",
            is_open=is_open,
            minutes=item.minutes or None,
            billed=rounded(item.billed, item.currency),
            unbilled=rounded(item.unbilled, item.currency),
            cost=None if item.cost is None else rounded(item.cost, item.currency),
            converted=item.converted,
            currency=item.currency,
            invoice=str(item.line.invoice) if item.line else "",
            missing=missing_in_words(item.missing if is_open or charge else ()),
        )

    def get(self, request, *args, **kwargs):
        _found = self.items
        if request.GET.get("format") == "csv":
            return csv_response(f"margin-{self.contract.number}", self.columns, self.rows)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        margin = margin_of(self.contract, self.month.first, self.items)
        told = {
            "contract": self.contract,
            "month": self.month,
            "margin": margin,
            "missing": missing_in_words(margin.missing),
            "rows": self.rows,
            "hidden": sum(1 for row in self.rows if row.item.entry and not row.is_open),
        }
        return super().get_context_data(**kwargs | told)
