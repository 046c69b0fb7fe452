"""What is paid before it is used: blocks, and retainers that sell one every month."""

import contextlib
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import PrepaidBlock, Retainer, Unit

from .contracting import DATE


class HoursField(forms.DecimalField):
    """Hours such as 12.5; cleans to whole minutes."""

    def clean(self, value):
        found = super().clean(value)
        return None if found is None else int(found * 60)


class PrepaidForm(forms.ModelForm):
    """What blocks and retainers ask alike: hours or money, and the price."""

    hours = HoursField(
        label=_("Hours"), required=False, min_value=Decimal(0), max_digits=7, decimal_places=2
    )
    cap = forms.DecimalField(
        label=_("At most so much is carried over"),
        help_text=_("In hours or money, as above. Empty: all that is left."),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].required = False
        self.fields["amount"].label = _("Or money")
        if not self.instance.amount:
            self.initial["amount"] = None
        self.fields["hours"].when_needed = self.fields["amount"].when_needed = _("one of the two")

    def clean(self):
        cleaned = super().clean()
        hours, money = cleaned.get("hours") or 0, cleaned.get("amount") or Decimal(0)
        cleaned["amount"] = money
        if bool(hours) == bool(money) and not self.errors:
            self.add_error("hours", _("Enter how many hours, or how much money; one of the two."))
        if hours and cleaned.get("cap") is not None:
            cleaned["cap"] *= 60
        return cleaned

    def _post_clean(self):
        self.instance.minutes = self.cleaned_data.get("hours") or 0
        self.instance.unit = Unit.HOURS if self.instance.minutes else Unit.MONEY
        with contextlib.suppress(KeyError):
            self.instance.amount = self.cleaned_data["amount"]


class BlockForm(PrepaidForm):
    """A block to sell."""

    field_order = ("name", "hours", "amount", "price", "valid_from", "valid_to", "rolls_to", "cap")

    class Meta:
        model = PrepaidBlock
        fields = ("name", "amount", "price", "valid_from", "valid_to", "rolls_to", "cap")
        widgets = {"valid_from": DATE, "valid_to": DATE, "rolls_to": DATE}
        help_texts = {"rolls_to": _("Empty: what is left lapses with the last day.")}


class MonthField(forms.DateField):
    """A month written 2026-10; cleans to its first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    default_error_messages = {"invalid": _("Enter a month such as 2026-10.")}

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m"], **kwargs)


class RetainerForm(PrepaidForm):
    """A block of every month."""

    field_order = (
        "name",
        "hours",
        "amount",
        "price",
        "first_month",
        "last_month",
        "keeps_months",
        "cap",
    )
    first_month = MonthField(label=_("First month"))
    last_month = MonthField(
        label=_("Last month"), required=False, help_text=_("Empty: until further notice.")
    )

    class Meta:
        model = Retainer
        fields = (
            "name",
            "amount",
            "price",
            "first_month",
            "last_month",
            "keeps_months",
            "cap",
        )
        help_texts = {"keeps_months": _("0: what is left of a month lapses with it.")}

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and last < first:
            self.add_error("last_month", _("The retainer ends before it begins."))
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        for name in ("name", "price", "first_month", "last_month", "keeps_months", "cap"):
            with contextlib.suppress(KeyError):
                setattr(self.instance, name, self.cleaned_data[name])
