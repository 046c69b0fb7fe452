"""What an hour costs: the rates of people, roles and everybody."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.margins import actions
from billing.margins.forms import CostRateForm, EndCostForm
from billing.margins.models import CostEvent, CostRate
from billing.margins.permissions import may_see_margins
from itil.tickets.errors import Refused
from itil.timesheets.hours import business_date
from portal.ui.pages import DutyPage, VerbPage

KEEPERS = ("is_manager", "is_administrator")
EVENTS_SHOWN = 30


class CostList(DutyPage, TemplateView):
    """All cost rates. A page without numbers of pages: it is short."""

    duties = KEEPERS
    template_name = "billing/margins/costs.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        rates = CostRate.objects.visible_to(user).select_related("person", "role")
        events = CostEvent.objects.visible_to(user).select_related("actor")
        return super().get_context_data(
            rates=rates,
            events=events[:EVENTS_SHOWN],
            today=business_date(timezone.now()),
            sees_margins=may_see_margins(user),
            **kwargs,
        )


class CostPage(VerbPage):
    """A change of what work costs."""

    duties = KEEPERS
    template_name = "billing/contracts/action.html"
    refusals = (Refused,)

    def get_success_url(self):
        return reverse("margins:costs")

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.get_success_url(), **kwargs)


class NewCost(CostPage):
    form_class = CostRateForm
    title = _("Add a cost rate")
    success_message = _("The cost rate was added. Margins of all months are reckoned with it.")

    def perform(self, form):
        ends = form.cleaned_data["ends_present"]
        return actions.add_cost(form.instance, by=self.request.user, ends_present=ends)


class OfRow(CostPage):
    """A verb on one cost rate."""

    @cached_property
    def row(self):
        rows = CostRate.objects.visible_to(self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def check(self):
        _found = self.row


class EndCost(OfRow):
    form_class = EndCostForm
    title = _("End the cost rate")
    success_message = _("The cost rate has an end.")

    def perform(self, form):
        return actions.end_cost(self.row, on=form.cleaned_data["on"], by=self.request.user)


class RemoveCost(OfRow):
    template_name = ""
    success_message = _("The cost rate was removed.")

    def perform(self, form):
        actions.remove_cost(self.row, by=self.request.user)
