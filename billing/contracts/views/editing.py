"""Making and changing contracts, their rates, blocks and retainers."""

from abc import ABC

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from billing.contracts import actions
from billing.contracts.forms import (
    BlockForm,
    ContractForm,
    KilometreForm,
    PartForm,
    RateForm,
    RetainerForm,
)
from billing.contracts.models import (
    Contract,
    ContractRate,
    KilometreRate,
    PartPrice,
    PrepaidBlock,
    Retainer,
)
from billing.contracts.tasks import charge_months_of_orders
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, VerbPage

from .listing import CLERKS, today
from .record import ContractPage


class KeepsContract:
    """Keeps the contract of the form."""

    def perform(self, form):
        contract = actions.keep_contract(form.instance, by=self.request.user, parts=form.parts)
        # Catching up with what was delivered may take long: that is the worker's.
        if contract.orders_charged_from and "orders_charged_from" in form.changed_data:
            charge_months_of_orders.enqueue()
        return contract


class NewContract(KeepsContract, VerbPage):
    """The form of a contract; afterwards its page, where rates and blocks are added."""

    duties = CLERKS
    template_name = "billing/contracts/edit.html"
    form_class = ContractForm
    refusals = (Refused,)
    title = _("New contract")
    button = _("Make the contract")
    success_message = _("The contract was made. Add its rates.")

    def get_form_kwargs(self):
        if self.request.method == "POST":
            return {"data": self.request.POST}
        return {"initial": {"valid_from": today(), **self.request.GET.dict()}}

    def get_success_url(self):
        return self.result.get_absolute_url()


class ClerksPage(ContractPage, ActionPage, ABC):
    """A verb on a contract, for billing clerks."""

    duties = CLERKS
    template_name = "billing/contracts/action.html"
    refusals = (Refused,)
    instance_of = None

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if self.instance_of:
            kwargs["instance"] = self.instance_of(contract=self.record)
        return kwargs


class Edit(KeepsContract, ClerksPage):
    template_name = "billing/contracts/edit.html"
    form_class = ContractForm
    title = _("Change the contract")
    button = _("Save")
    success_message = _("The contract was changed. Work that was approved keeps its price.")

    @cached_property
    def edited(self):
        """A copy of its own: a refusal must not show through on the rest of the page."""
        return Contract.objects.get(pk=self.record.pk)

    def get_form_kwargs(self):
        data = {"data": self.request.POST} if self.request.method == "POST" else {}
        initial = {
            name: list(getattr(self.edited, name).values_list("pk", flat=True))
            for name in actions.PARTS
        }
        return {"instance": self.edited, "initial": initial, **data}


class NewRate(ClerksPage):
    form_class = RateForm
    instance_of = ContractRate
    title = _("Add a rate")
    success_message = _("The rate was added. It applies to what is approved from now on.")

    def perform(self, form):
        return actions.add_rate(form.instance, by=self.request.user)


class RemoveRate(ClerksPage):
    template_name = ""
    success_message = _("The rate was removed. Work that was approved keeps its price.")

    def perform(self, form):
        rate = get_object_or_404(ContractRate, contract=self.record, pk=self.kwargs["pk"])
        actions.remove_rate(rate, by=self.request.user)


class NewKilometreRate(ClerksPage):
    form_class = KilometreForm
    instance_of = KilometreRate
    title = _("Add a price of a kilometer")
    success_message = _("The price was added. It applies to travel from that day on.")

    def perform(self, form):
        return actions.add_price(form.instance, by=self.request.user)


class NewPart(ClerksPage):
    form_class = PartForm
    instance_of = PartPrice
    title = _("Add a part")
    success_message = _("The part was added. It can be chosen on the tickets of the customer.")

    def perform(self, form):
        return actions.add_price(form.instance, by=self.request.user)


class RemovePrice(ClerksPage):
    """Of a kilometer or a part."""

    template_name = ""
    model_of_row = None
    success_message = _("Removed. What was recorded keeps its price.")

    def perform(self, form):
        row = get_object_or_404(self.model_of_row, contract=self.record, pk=self.kwargs["pk"])
        actions.remove_price(row, by=self.request.user)


class SellBlock(ClerksPage):
    form_class = BlockForm
    instance_of = PrepaidBlock
    title = _("Sell a prepaid block")
    button = _("Sell")
    success_message = _("The block was sold. It stands on the next invoice.")

    def perform(self, form):
        values = form.cleaned_data
        return actions.sell_block(
            self.record,
            by=self.request.user,
            name=values["name"],
            minutes=values["hours"] or 0,
            amount=values["amount"],
            price=values["price"],
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
            rolls_to=values["rolls_to"],
            cap=values["cap"],
        )


class NewRetainer(ClerksPage):
    form_class = RetainerForm
    instance_of = Retainer
    title = _("Add a retainer")
    success_message = _("The retainer was added. Its months are sold as they begin.")

    def perform(self, form):
        retainer = actions.add_retainer(form.instance, by=self.request.user)
        actions.open_months(today())
        return retainer
