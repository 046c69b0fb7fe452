"""The list of contracts."""

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from billing.contracts.filters import ContractFilter
from billing.contracts.models import Contract
from billing.contracts.permissions import may_change
from itil.timesheets.hours import business_date
from portal.ui.pages import ListPage, Tab
from portal.ui.tables import Column

READERS = ("is_billing_clerk", "is_manager", "is_lead")
CLERKS = ("is_billing_clerk",)
VIEWS = {"current": _("In force"), "coming": _("Coming"), "ended": _("Ended"), "all": _("All")}


def today():
    """The date in the business time zone."""
    return business_date(timezone.now())


class ContractList(ListPage):
    """Contracts by customer; those in force unless asked otherwise."""

    duties = READERS
    template_name = "billing/contracts/list.html"
    filterset_class = ContractFilter
    csv_name = "contracts"
    default_sort = "customer"
    columns = (
        Column("number", _("Number"), sort="number"),
        Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
        Column("name", _("Name"), sort="name"),
        Column("from", _("From"), sort="valid_from", value="valid_from"),
        Column("to", _("Until"), sort="valid_to", value="valid_to"),
        Column("currency", _("Currency")),
        Column("rate", _("Hourly rate"), css="r", value="default_hourly_rate"),
        Column("active", _("State")),
    )

    @cached_property
    def today(self):
        return today()

    @cached_property
    def view_key(self):
        asked = self.request.GET.get("view", "current")
        return asked if asked in VIEWS else "current"

    @cached_property
    def conditions(self):
        ended = Q(active=False) | Q(valid_to__lt=self.today)
        return {
            "current": Q(active=True, valid_from__lte=self.today)
            & (Q(valid_to=None) | Q(valid_to__gte=self.today)),
            "coming": Q(active=True, valid_from__gt=self.today),
            "ended": ended,
            "all": Q(),
        }

    def get_queryset(self):
        found = Contract.objects.visible_to(self.request.user).select_related("organization")
        return found.filter(self.conditions[self.view_key])

    @cached_property
    def counts(self):
        """Contracts by tab. One query."""
        return Contract.objects.visible_to(self.request.user).aggregate(
            **{key: Count("pk", filter=condition) for key, condition in self.conditions.items()}
        )

    def tabs(self):
        return tuple(
            Tab(label, self._url(view=key), key == self.view_key, self.counts[key])
            for key, label in VIEWS.items()
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            today=self.today, may_change=may_change(self.request.user), **kwargs
        )
