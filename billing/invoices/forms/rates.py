"""Exchange rates, typed or in a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import ExchangeRate


class RateForm(forms.ModelForm):
    """One rate of one day."""

    class Meta:
        model = ExchangeRate
        fields = ("base", "currency", "on", "rate", "source")
        widgets = {"on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "base": _("Three letters, such as EUR."),
            "currency": _("Three letters, such as JPY."),
            "rate": _("How much of the second currency one unit of the first costs."),
            "source": _("As printed on invoices, such as ECB."),
        }

    def clean_base(self):
        return self.cleaned_data["base"].upper()

    def clean_currency(self):
        return self.cleaned_data["currency"].upper()

    def clean(self):
        """Not the parent's: a rate of that day that is known is no mistake, it is replaced."""
        found = self.cleaned_data
        if found.get("base") and found.get("base") == found.get("currency"):
            self.add_error("currency", _("Choose another currency than the first."))
        return found


class RatesFileForm(forms.Form):
    """A file of rates."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "The XML file of the European Central Bank, or CSV with the columns date, base, "
            "currency and rate."
        ),
        allow_empty_file=True,
    )
    source = forms.CharField(
        label=_("Source of the rates in a CSV file"), max_length=100, required=False
    )
