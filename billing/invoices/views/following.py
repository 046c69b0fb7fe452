"""Following a cent back: what of a ticket was billed and where, what was not, what was given up."""

from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.invoices.filters import UnbilledFilter, WrittenOffFilter
from billing.invoices.forms import WriteOffForm
from billing.invoices.matching import Age, Why, billed_of, of_age, unbilled
from billing.invoices.models import Invoice
from billing.invoices.permissions import may_follow_money, may_view
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from itil.timesheets import actions as timesheets
from itil.timesheets.models import EntryState, TimeEntry
from itil.timesheets.permissions import may_write_off
from portal.ui.pages import ActionPage, DutyPage, ListPage, RecordMixin, Tab
from portal.ui.tables import Column

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
        names = dict(Why.choices)
        waiting = unbilled().filter(ticket=ticket).values("why").annotate(minutes=Sum("minutes"))
        return super().get_context_data(
            ticket=ticket,
            billed=billed_of(ticket.pk),
            waiting=[(names[row["why"]], row["minutes"]) for row in waiting.order_by("why")],
            opens_invoices=may_view(user),
            **kwargs,
        )


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
    )

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
    def customers(self) -> list[dict[str, Any]]:
        """Minutes by customer and age, in the view that is chosen. One query."""
        ages = {
            f"age{position}": Sum("minutes", filter=of_age(age, self.today), default=0)
            for position, age in enumerate(Age)
        }
        rows = self.get_queryset().order_by("ticket__organization__name")
        found = rows.values("ticket__organization", "ticket__organization__name").annotate(
            minutes_sum=Sum("minutes"), oldest=Min("work_date"), **ages
        )
        return [
            {
                "name": row["ticket__organization__name"],
                "total": row["minutes_sum"],
                "oldest": row["oldest"],
                "url": self._list(row["ticket__organization"]),
                "ages": [
                    (row[f"age{position}"], self._list(row["ticket__organization"], age))
                    for position, age in enumerate(Age)
                ],
            }
            for row in found
        ]

    @cached_property
    def total(self) -> dict[str, int]:
        """Of the filtered list. One query for the foot and the number of pages."""
        rows = self.get_rows().order_by()
        return rows.aggregate(minutes=Sum("minutes", default=0), count=Count("pk"))

    def get_page_count(self):
        return self.total["count"]

    def _list(self, organization: int, age: str | None = None) -> str:
        return self._url(organization=str(organization), age=age)

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            ages=[age.label for age in Age],
            customers=self.customers,
            is_clerk=user.grants.is_billing_clerk,
            minutes=self.total["minutes"],
            **kwargs,
        )


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
