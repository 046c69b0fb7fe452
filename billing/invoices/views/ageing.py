"""Who owes what since when, and the account of one customer. Currencies are never added."""

from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from billing.invoices.filters import OwedFilter
from billing.invoices.models import Invoice
from billing.invoices.querysets import AGES
from portal.people.models import Organization
from portal.ui.pages import DutyPage, ListPage
from portal.ui.tables import Column

from .listing import DUTIES, business_today
from .payments import unallocated_of


class Ageing(DutyPage, TemplateView):
    """Open amounts by customer, currency and age."""

    duties = DUTIES
    template_name = "billing/invoices/ageing.html"

    def get_context_data(self, **kwargs):
        today = business_today()
        rows = list(Invoice.objects.visible_to(self.request.user).ageing(today))
        names = Organization.objects.filter(pk__in={row["organization"] for row in rows})
        found = {one.pk: one for one in names}
        credit = unallocated_of(found)
        for row in rows:
            row["customer"] = found[row["organization"]]
            row["credit"] = credit.get((row["organization"], row["currency"]), Decimal(0))
            row["cells"] = [(age, label, row[age] or Decimal(0)) for age, label in AGES.items()]
        rows.sort(key=lambda row: (row["currency"], -row["total"], row["customer"].name))
        return super().get_context_data(
            place="ageing",
            ages=AGES.values(),
            currencies=[
                (currency, members, _totals(members))
                for currency, members in (
                    (currency, list(group))
                    for currency, group in groupby(rows, key=lambda row: row["currency"])
                )
            ],
            today=today,
            **kwargs,
        )


def _totals(rows):
    """The sums of one currency's rows."""
    cells = [
        (age, label, sum((row[age] or Decimal(0) for row in rows), Decimal(0)))
        for age, label in AGES.items()
    ]
    return {
        "cells": cells,
        "total": sum((row["total"] for row in rows), Decimal(0)),
        "credit": sum((row["credit"] for row in rows), Decimal(0)),
    }


class Owed(ListPage):
    """The invoices behind a figure of the ageing list, with the same sum."""

    duties = DUTIES
    template_name = "billing/invoices/owed.html"
    filterset_class = OwedFilter
    csv_name = "open-invoices"
    default_sort = "due"
    columns = (
        Column("number", gettext_lazy("Number"), sort="number"),
        Column(
            "customer",
            gettext_lazy("Customer"),
            sort="organization__name",
            value="organization.name",
        ),
        Column("due", gettext_lazy("Due"), sort="due_on", value="due_on"),
        Column("state", gettext_lazy("State"), value="get_state_display"),
        Column(
            "total", gettext_lazy("Total"), sort="payable_total", css="r", value="payable_total"
        ),
        Column("balance", gettext_lazy("Open"), css="r"),
    )

    def get_queryset(self):
        found = Invoice.objects.visible_to(self.request.user).owed()
        return found.select_related("organization")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            place="ageing",
            today=business_today(),
            sums=self.filterset.qs.balances(),
            **kwargs,
        )
