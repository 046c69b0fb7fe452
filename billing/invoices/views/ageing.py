"""Who owes what since when, and the account of one customer. Currencies are never added."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from billing.invoices.filters import OwedFilter
from billing.invoices.models import Difference, Invoice, Payment, Refund
from billing.invoices.permissions import may_book_money
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


@dataclass
class Booking:
    """One row of an account; `amount` above zero is owed by the customer."""

    on: date
    what: str
    url: str
    amount: Decimal
    currency: str
    balance: Decimal = Decimal(0)


class Account(DutyPage, TemplateView):
    """Everything between a customer and us in order, with the balance after each booking."""

    duties = DUTIES
    template_name = "billing/invoices/account.html"

    @cached_property
    def organization(self):
        found = Organization.objects.filter(
            pk__in=Invoice.objects.visible_to(self.request.user).values("organization")
        )
        return get_object_or_404(found, uuid=self.kwargs["uuid"])

    def get_context_data(self, **kwargs):
        rows = sorted(
            self._documents() + self._money() + self._differences(), key=lambda row: row.on
        )
        by_currency = defaultdict(list)
        for row in rows:
            ledger = by_currency[row.currency]
            row.balance = (ledger[-1].balance if ledger else Decimal(0)) + row.amount
            ledger.append(row)
        return super().get_context_data(
            place="ageing",
            organization=self.organization,
            ledgers=sorted(by_currency.items()),
            may_book=may_book_money(self.request.user),
            **kwargs,
        )

    def _documents(self):
        found = Invoice.objects.filter(organization=self.organization).issued()
        return [
            Booking(
                one.issued_on,
                (_("Credit note %(number)s") if one.is_credit_note else _("Invoice %(number)s"))
                % {"number": one.number},
                one.get_absolute_url(),
                -one.payable_total if one.is_credit_note else one.payable_total,
                one.currency,
            )
            for one in found.order_by("pk")
        ]

    def _money(self):
        payments = Payment.objects.standing().filter(organization=self.organization)
        refunds = Refund.objects.filter(payment__in=payments).select_related("payment")
        return [
            Booking(
                one.received_on,
                _("Payment %(reference)s") % {"reference": one.reference},
                one.get_absolute_url(),
                -one.amount,
                one.currency,
            )
            for one in payments.order_by("pk")
        ] + [
            Booking(
                one.paid_on,
                _("Paid back %(reference)s") % {"reference": one.reference},
                one.payment.get_absolute_url(),
                one.amount,
                one.payment.currency,
            )
            for one in refunds
        ]

    def _differences(self):
        found = Difference.objects.filter(
            invoice__organization=self.organization, ended_at=None
        ).select_related("invoice")
        return [
            Booking(
                one.at.date(),
                f"{one.get_kind_display()}, {one.invoice.number}",
                one.invoice.get_absolute_url(),
                -one.amount,
                one.invoice.currency,
            )
            for one in found
        ]
