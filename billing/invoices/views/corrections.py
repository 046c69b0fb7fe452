"""Correcting an invoice: credit notes, voiding drafts, amounts that nobody expects any more."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from billing.invoices import actions
from billing.invoices.errors import SecondPersonNeeded
from billing.invoices.forms import CreditForm, DifferenceForm
from billing.invoices.models import Confirmation, Difference
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage

from .payments import CLERKS
from .record import InvoicePage


class Correction(InvoicePage, ActionPage):
    """A verb of a clerk on an invoice."""

    duties = CLERKS
    template_name = "billing/invoices/act.html"
    refusals = (Refused,)
    intro = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=self.intro,
            above=f"{self.record}, {self.record.organization.name}",
            back_url=self.record.get_absolute_url(),
            **kwargs,
        )


class Credit(Correction):
    """Choose what of an issued invoice to credit; it becomes a draft."""

    template_name = "billing/invoices/credit.html"
    form_class = CreditForm
    title = _("Write a credit note")
    button = _("Draft the credit note")
    success_message = _("The credit note is a draft. Look at it, then issue it.")

    def check(self):
        super().check()
        if not self.record.is_frozen or self.record.is_credit_note:
            raise Http404

    def get_form_kwargs(self):
        found = super().get_form_kwargs()
        found.pop("initial", None)
        return found | {"rests": actions.uncredited(self.record)}

    def perform(self, form):
        given = form.cleaned_data
        portions = form.portions
        return actions.credit(
            self.record,
            by=self.request.user,
            reason=given["reason"],
            portions=portions
            and {position: actions.Portion(*pair) for position, pair in portions.items()},
            frees_time=given["time"] == "free",
            key=given["key"],
        )

    def get_success_url(self):
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs):
        # The line that a dispute was about, when the clerk comes from there.
        return super().get_context_data(marked=self.request.GET.get("line", ""), **kwargs)


class Void(Correction):
    """Throw a draft away."""

    title = _("Void the draft")
    intro = _(
        "The draft is deleted. Its hours are not billed and come back with the next run; a credit "
        "note that was not issued has no effect. Only drafts can be voided."
    )
    success_message = _("The draft is gone.")

    def perform(self, form):
        return actions.void(self.record, by=self.request.user)

    def get_success_url(self):
        return reverse("invoices:list")


class Differ(Correction):
    """Book a discount for early payment, or write a rest off."""

    form_class = DifferenceForm
    title = _("Book a difference")
    intro = _(
        "The invoice stays as it was sent; only what is expected for it becomes less. To correct "
        "what was charged, write a credit note."
    )

    def get_form_kwargs(self):
        found = super().get_form_kwargs()
        if "initial" in found:
            found["initial"] = {"amount": self.record.balance, "kind": Difference.Kind.WRITE_OFF}
        return found

    def perform(self, form):
        given = form.cleaned_data
        try:
            return actions.book_difference(self.record, by=self.request.user, **given)
        except SecondPersonNeeded:
            return actions.propose_write_off(
                self.record, amount=given["amount"], reason=given["reason"], by=self.request.user
            )

    def get_success_message(self, result):
        if isinstance(result, Confirmation):
            return _("An amount this high needs a second person. The managers are asked.")
        return _("The difference is booked.")


class EndDifference(Correction):
    """Expect the amount again."""

    template_name = ""
    success_message = _("The amount is expected again.")

    @cached_property
    def difference(self):
        return get_object_or_404(
            Difference, invoice=self.record, pk=self.kwargs["difference"], ended_at=None
        )

    def check(self):
        super().check()
        _found = self.difference

    def perform(self, form):
        return actions.end_difference(self.difference, by=self.request.user)
