"""What managers enter about costs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.contracts.forms.contracting import DATE, currency_choices, staff
from billing.contracts.models import BillingRole

from .models import CostRate, home_currency


class CostRateForm(forms.ModelForm):
    """What an hour costs, of whom, and from when."""

    ends_present = forms.BooleanField(
        label=_("End the rate that holds now the day before"), required=False, initial=True
    )

    class Meta:
        model = CostRate
        fields = ["person", "role", "hourly_cost", "currency", "valid_from", "valid_to"]
        widgets = {"valid_from": DATE, "valid_to": DATE}
        help_texts = {
            "person": _("Empty, with an empty role: for everybody who has no rate of their own."),
            "hourly_cost": _("All that an hour costs: salary, dues, place of work."),
            "valid_to": _("Empty: until further notice."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = staff()
        self.fields["person"].empty_label = _("Nobody in particular")
        self.fields["role"].queryset = BillingRole.objects.filter(active=True)
        self.fields["role"].empty_label = _("No role in particular")
        self.fields["currency"] = forms.ChoiceField(
            label=_("Currency"), choices=currency_choices, initial=home_currency
        )

    def _post_clean(self):
        """The verb judges the whole; here the values are only put on the row."""
        self.instance = forms.models.construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )


class EndCostForm(forms.Form):
    on = forms.DateField(label=_("Last day"), widget=DATE)
