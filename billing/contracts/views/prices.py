"""The price list: rates of customers and of everyone, and what people are charged as."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from billing.contracts import actions
from billing.contracts.forms import GeneralRateForm, PersonRoleForm
from billing.contracts.models import GeneralRate, PersonRole
from billing.contracts.permissions import may_change
from billing.contracts.tables import rates_by_validity
from itil.tickets.errors import Refused
from portal.ui.pages import DutyPage, VerbPage

from .listing import CLERKS, READERS, today


class PriceList(DutyPage, TemplateView):
    """What applies where a contract says nothing. A page without numbers of pages: it is short."""

    duties = READERS
    template_name = "billing/contracts/rates.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        rates = GeneralRate.objects.visible_to(user).select_related(
            "organization", "role", "activity"
        )
        return super().get_context_data(
            rates=rates_by_validity(rates, today()),
            roles=PersonRole.objects.visible_to(user).select_related("person", "role"),
            may_change=may_change(user),
            **kwargs,
        )


class PricePage(VerbPage):
    """A change of the price list."""

    duties = CLERKS
    template_name = "billing/contracts/action.html"
    refusals = (Refused,)

    def get_success_url(self):
        return reverse("contracts:rates")

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.get_success_url(), **kwargs)


class NewGeneralRate(PricePage):
    form_class = GeneralRateForm
    title = _("Add a general rate")
    success_message = _("The rate was added. It applies to what is approved from now on.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return {**kwargs, "instance": GeneralRate()}

    def perform(self, form):
        return actions.add_rate(form.instance, by=self.request.user)


class NewRole(PricePage):
    form_class = PersonRoleForm
    title = _("Give a person a billing role")
    button = _("Save")
    success_message = _("Saved. It counts for work from that day on.")

    def perform(self, form):
        values = form.cleaned_data
        return actions.give_role(
            values["person"],
            name=values["role"],
            valid_from=values["valid_from"],
            by=self.request.user,
        )


class Removal(PricePage):
    """Takes one row of the price list away."""

    template_name = ""
    model = None

    @cached_property
    def row(self):
        rows = self.model.objects.visible_to(self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def check(self):
        _found = self.row


class RemoveGeneral(Removal):
    model = GeneralRate
    success_message = _("The rate was removed. Work that was approved keeps its price.")

    def perform(self, form):
        actions.remove_rate(self.row, by=self.request.user)


class RemoveRole(Removal):
    model = PersonRole
    success_message = _("The billing role was removed.")

    def perform(self, form):
        actions.take_role(self.row, by=self.request.user)
