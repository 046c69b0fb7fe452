"""Following a cent back: what of a ticket was billed and where, what was not, what was given up."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.contracts.models import Charge
from billing.invoices.actions import Expected, expected, expected_on
from billing.invoices.amounts import rounded, share_of
from billing.invoices.filters import UnbilledFilter, WrittenOffFilter
from billing.invoices.forms import WriteOffForm
from billing.invoices.matching import (
    Age,
    Why,
    age_of,
    billed_charges_of,
    billed_of,
    unbilled,
    unbilled_charges,
    waiting_charges_of,
)
from billing.invoices.models import BilledCharge, Invoice
from billing.invoices.permissions import may_follow_money, may_view
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from itil.timesheets import actions as timesheets
from itil.timesheets.models import EntryState, TimeEntry
from itil.timesheets.permissions import may_write_off
from portal.ui.pages import ActionPage, DutyPage, ListPage, RecordMixin, Tab
from portal.ui.tables import Column, csv_response

from .listing import DUTIES, business_today


class OfTicket(DutyPage, RecordMixin, TemplateView):
    """The part of a ticket's page about money, for those who see amounts there."""

    duties = ("is_billing_clerk", "is_manager", "is_lead")
    model = Ticket
    lookup = "number"
    template_name = "billing/invoices/_of_ticket.html"

    def get_context_data(self, **kwargs):
        ticket, user = self.record, self.request.user
        if not may_follow_money(user, ticket):
            raise Http404
        billed = list(billed_of(ticket.pk))
        for one in billed:
            share = share_of(one.line.net, one.billed_minutes, one.line.minutes)
            one.amount = rounded(share, one.line.invoice.currency)
        return super().get_context_data(
            ticket=ticket,
            billed=billed,
            charges=billed_charges_of(ticket.pk),
            waiting_charges=waiting_charges_of(ticket.pk),
            waiting=self.waiting(),
            opens_invoices=may_view(user),
            **kwargs,
        )

    def waiting(self) -> list[tuple[str, int, dict[str, Decimal]]]:
        """Each reason why work is not billed, with its minutes and what they would come to.

        Prepaid hours and minimums are shared with other tickets, those of sister organizations too.
        """
        ticket, names = self.record, dict(Why.choices)
        found: dict[str, list[tuple[int, int]]] = {}
        for pk, why, minutes in (
            unbilled().filter(ticket=ticket).order_by("why").values_list("pk", "why", "minutes")
        ):
            found.setdefault(why, []).append((pk, minutes))
        if not found:
            return []
        amounts = expected_on(ticket)
        return [
            (names[why], sum(minutes for _pk, minutes in rows), sums_of(rows, amounts))
            for why, rows in found.items()
        ]


def sums_of(rows: Iterable[tuple[int, int]], amounts: Mapping[int, Expected]) -> dict[str, Decimal]:
    """What these entries, given by key, would come to, by currency; currencies are not added."""
    sums: dict[str, Fraction] = {}
    for pk, _minutes in rows:
        one = amounts.get(pk)
        if one is not None and one.amount:
            sums[one.currency] = sums.get(one.currency, Fraction(0)) + one.amount
    return {currency: rounded(sums[currency], currency) for currency in sorted(sums)}


class OfCharge(DutyPage, RecordMixin, TemplateView):
    """Where a charge was billed: a part of its page."""

    duties = DUTIES
    model = Charge
    lookup = "uuid"
    template_name = "billing/invoices/_of_charge.html"

    def get_context_data(self, **kwargs):
        lines = BilledCharge.objects.visible_to(self.request.user).filter(charge=self.record)
        return super().get_context_data(
            billed=lines.select_related("line__invoice").order_by("pk"), **kwargs
        )


class OpenCharges(DutyPage, TemplateView):
    """Charges on no issued invoice, by customer: a part of "Unbilled work", fetched after it."""

    duties = DUTIES
    template_name = "billing/invoices/_unbilled_charges.html"

    def get_context_data(self, **kwargs):
        rows = unbilled_charges(Charge.objects.visible_to(self.request.user))
        return super().get_context_data(rows=rows, **kwargs)


# What both lists say of an entry first.
ENTRY = (
    Column("date", _("Date"), sort="work_date", value="work_date"),
    Column(
        "customer",
        _("Customer"),
        sort="ticket__organization__name",
        value="ticket.organization.name",
    ),
    Column("ticket", _("Ticket"), sort="ticket__number", value="ticket.number"),
    Column("agent", _("Who"), sort="agent__name", value="agent.name"),
)


class Unbilled(ListPage):
    """Billable work on no issued invoice, by customer and age, each entry with the reason."""

    duties = DUTIES
    template_name = "billing/invoices/unbilled.html"
    filterset_class = UnbilledFilter
    csv_name = "unbilled"
    default_sort = "date"
    columns = (
        *ENTRY,
        Column("activity", _("Activity"), sort="activity__name", value="activity.name"),
        Column("why", _("Why not billed"), value=lambda entry: Why(entry.why).label),
        Column("minutes", _("Worked"), sort="minutes", css="r"),
        Column("amount", _("Expected amount"), css="r"),
        Column("currency", _("Currency")),
    )
    shown = ("date", "customer", "ticket", "agent", "activity", "why", "minutes", "amount")

    @cached_property
    def today(self) -> date:
        return business_today()

    @cached_property
    def view_key(self) -> str:
        asked = self.request.GET.get("view", "")
        return asked if asked in Why.values else ""

    def get_queryset(self):
        found = unbilled().filter(pk__in=TimeEntry.objects.visible_to(self.request.user))
        if self.view_key:
            found = found.filter(why=self.view_key)
        return found.select_related("ticket__organization", "agent", "activity")

    def tabs(self):
        counts = dict(unbilled().values_list("why").annotate(count=Count("pk")).order_by("why"))
        every = Tab(_("All"), self._url(view=None), not self.view_key, sum(counts.values()))
        return (
            every,
            *(
                Tab(why.label, self._url(view=why), self.view_key == why, counts.get(why, 0))
                for why in Why
            ),
        )

    @cached_property
    def expected(self) -> dict[int, Expected]:
        """What each entry would come to; also of those that the filter leaves out, with which it
        shares minimums and prepaid hours.
        """
        return expected(unbilled())

    def priced(self, rows):
        """Each entry with what it would come to; None where no rate says."""
        for entry in rows:
            found = self.expected.get(entry.pk)
            entry.currency = found.currency if found else ""
            entry.amount = None
            if found and found.amount is not None:
                entry.amount = rounded(found.amount, found.currency)
            yield entry

    @cached_property
    def customers(self) -> list[dict[str, Any]]:
        """Minutes and money by customer and age, in the view that is chosen. One query."""
        found: dict[tuple[str, int], dict[str, Any]] = {}
        rows = (
            self.get_queryset()
            .order_by()
            .values_list(
                "ticket__organization__name", "ticket__organization", "work_date", "pk", "minutes"
            )
        )
        for name, key, day, pk, minutes in rows:
            row = found.setdefault((name, key), {"cells": {age: [] for age in Age}, "days": []})
            row["cells"][age_of(day, self.today)].append((pk, minutes))
            row["days"].append(day)
        return [
            {
                "name": name,
                "all": self._cell([one for cell in row["cells"].values() for one in cell], key),
                "oldest": min(row["days"]),
                "ages": [
                    (age.label, self._cell(cell, key, age)) for age, cell in row["cells"].items()
                ],
            }
            for (name, key), row in sorted(found.items())
        ]

    def _cell(self, rows: list[tuple[int, int]], organization: int, age: str | None = None):
        return {
            "minutes": sum(minutes for _pk, minutes in rows),
            "sums": sums_of(rows, self.expected),
            "url": self._list(organization, age),
        }

    @cached_property
    def total(self) -> dict[str, Any]:
        """Of the filtered list. One query for the foot and the number of pages."""
        rows = list(self.get_rows().order_by().values_list("pk", "minutes"))
        return {
            "minutes": sum(minutes for _pk, minutes in rows),
            "count": len(rows),
            "sums": sums_of(rows, self.expected),
            "without": sum(1 for pk, _minutes in rows if self._has_no_rate(pk)),
        }

    def _has_no_rate(self, entry: int) -> bool:
        found = self.expected.get(entry)
        return found is None or found.amount is None

    def get(self, request, *args, **kwargs):
        if request.GET.get("format") == "csv":
            rows = self.priced(self.get_rows().iterator(chunk_size=500))
            return csv_response(self.csv_name, self.columns, rows)
        return super().get(request, *args, **kwargs)

    def get_page_count(self):
        return self.total["count"]

    def _list(self, organization: int, age: str | None = None) -> str:
        return self._url(organization=str(organization), age=age)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            ages=[age.label for age in Age],
            customers=self.customers,
            is_clerk=self.request.user.grants.is_billing_clerk,
            total=self.total,
            **kwargs,
        )
        return context | {"rows": list(self.priced(context["rows"]))}


class WriteOffs(ListPage):
    """Time that will not be billed, and why."""

    duties = DUTIES
    template_name = "billing/invoices/write_offs.html"
    filterset_class = WrittenOffFilter
    csv_name = "write-offs"
    default_sort = "-date"
    columns = (
        *ENTRY,
        Column("reason", _("Reason"), value="state_reason"),
        Column("minutes", _("Worked"), sort="minutes", css="r"),
    )

    def get_queryset(self):
        found = TimeEntry.objects.visible_to(self.request.user)
        found = found.filter(state=EntryState.WRITTEN_OFF)
        return found.select_related("ticket__organization", "agent")

    def get_context_data(self, **kwargs):
        total = self.get_rows().aggregate(minutes=Sum("minutes", default=0))
        invoices = Invoice.objects.visible_to(self.request.user).filter(
            ~Q(written_off_total=0), kind="invoice"
        )
        return super().get_context_data(
            minutes=total["minutes"],
            invoices=invoices.select_related("organization").order_by("-issued_on")[:50],
            **kwargs,
        )


class WriteOff(ActionPage):
    """Give up billing one entry, with the reason."""

    duties = ("is_billing_clerk", "is_lead")
    template_name = "billing/invoices/write_off.html"
    form_class = WriteOffForm
    refusals = (Refused,)
    lookup = "uuid"

    def get_queryset(self):
        found = TimeEntry.objects.visible_to(self.request.user)
        return found.select_related("ticket__organization", "agent", "activity")

    def check(self):
        if not may_write_off(self.request.user, self.record):
            raise Http404

    def perform(self, form):
        return timesheets.write_off(
            [self.record],
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )

    def get_success_message(self, result):
        return _now("Written off.")

    def get_success_url(self):
        if may_view(self.request.user):
            return reverse("invoices:unbilled")
        return self.record.ticket.get_absolute_url()
