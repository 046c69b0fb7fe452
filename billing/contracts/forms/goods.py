"""Kilometers and parts: what they cost by contract, and what was used on a ticket."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import KilometreRate, PartPrice, UnitCode

from .contracting import DATE

UNITS = [(unit.value, unit.label) for unit in (UnitCode.PIECE, UnitCode.LUMP_SUM)]


class KilometreForm(forms.ModelForm):
    """A price of a kilometer from a day on."""

    class Meta:
        model = KilometreRate
        fields = ("price", "valid_from")
        widgets = {"valid_from": DATE}


class PartForm(forms.ModelForm):
    """A part on the price list of a contract."""

    class Meta:
        model = PartPrice
        fields = ("name", "number", "unit", "unit_price")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = UNITS


class MaterialForm(forms.Form):
    """What was used: a part of the contract's list, or anything with its price."""

    part = forms.ModelChoiceField(
        label=_("Part"),
        queryset=PartPrice.objects.none(),
        required=False,
        empty_label=_("Something else"),
    )
    description = forms.CharField(label=_("Or what it was"), max_length=150, required=False)
    quantity = forms.DecimalField(
        label=_("Quantity"),
        max_digits=9,
        decimal_places=2,
        min_value=Decimal("0.01"),
        initial=Decimal(1),
    )
    unit_price = forms.DecimalField(
        label=_("Price of one"),
        max_digits=12,
        decimal_places=4,
        min_value=Decimal(0),
        required=False,
        help_text=_("Without VAT. A part of the list has its price."),
    )
    on = forms.DateField(label=_("Date"), widget=DATE)

    def __init__(self, *args, parts, currency: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["part"].queryset = parts
        self.fields["unit_price"].label = _now("Price of one, %(currency)s") % {
            "currency": currency
        }
        for name in ("description", "unit_price"):
            self.fields[name].when_needed = _("for something else")
        if not parts.exists():
            self.fields["part"].widget = forms.HiddenInput()
            self.fields["description"].label = _("What it was")
            self.fields["unit_price"].help_text = _("Without VAT.")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("part") or self.errors:
            return cleaned
        if not cleaned.get("description", "").strip():
            self.add_error("description", _("Choose a part, or say what it was."))
        if cleaned.get("unit_price") is None:
            self.add_error("unit_price", _("Enter what one costs."))
        return cleaned
