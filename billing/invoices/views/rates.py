"""Exchange rates: the list, one typed by hand, and files."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.invoices import actions
from billing.invoices.forms import RateForm, RatesFileForm
from billing.invoices.models import ExchangeRate
from billing.invoices.parse import Quote
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import Refused
from portal.ui.pages import ListPage, VerbPage
from portal.ui.tables import Column

from .listing import DUTIES, business_today
from .payments import CLERKS


class RateList(ListPage):
    """What currencies were worth, newest day first."""

    duties = DUTIES
    template_name = "billing/invoices/rates.html"
    csv_name = "exchange-rates"
    default_sort = "-on"
    columns = (
        Column("on", _("Day"), sort="on"),
        Column("base", _("One unit of"), sort="base"),
        Column("currency", _("In"), sort="currency"),
        Column("rate", _("Rate"), css="r"),
        Column("source", _("Source")),
    )

    def get_queryset(self):
        return ExchangeRate.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            place="rates", may_book=may_book_money(self.request.user), **kwargs
        )


class RatePage(VerbPage):
    """A verb that leads back to the list."""

    duties = CLERKS
    template_name = "billing/invoices/act.html"
    refusals = (Refused,)

    def get_success_url(self):
        return reverse("invoices:rates")

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=reverse("invoices:rates"), **kwargs)


class EnterRate(RatePage):
    """By hand; a rate of that day that is known is replaced."""

    form_class = RateForm
    title = _("Enter an exchange rate")
    button = _("Keep it")
    success_message = _("The rate is kept.")

    def get_form_kwargs(self):
        found = super().get_form_kwargs()
        if "initial" in found:
            found["initial"] = {"base": "EUR", "on": business_today()}
        return found

    def perform(self, form):
        actions.enter_rates([Quote(**form.cleaned_data)], by=self.request.user)


class UploadRates(RatePage):
    """From a file that the clerk fetched; nothing is fetched from here."""

    form_class = RatesFileForm
    title = _("Import exchange rates")
    button = _("Take the file")

    def perform(self, form):
        return actions.take_rates(
            form.cleaned_data["file"].read(),
            source=form.cleaned_data["source"],
            by=self.request.user,
        )

    def get_success_message(self, result):
        text = ngettext("%(count)d rate is kept.", "%(count)d rates are kept.", result)
        return text % {"count": result}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=_("Days that are known are replaced; issued invoices keep the rate they state."),
            is_upload=True,
            **kwargs,
        )
