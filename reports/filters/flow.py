"""What the page of flow can be narrowed by: a day between two halves, and a rate to try."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .period import DayField, OverviewForm


class FlowForm(OverviewForm):
    """`split` is the first day of the second half, the middle of the period by default; `rate` what
    an hour of waiting is taken to cost, in the own currency. Only the page knows the rate."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["split"] = DayField(label=gettext_lazy("Compare before and after"),
                                        required=False)  # fmt: skip
        self.fields["rate"] = forms.DecimalField(
            label=gettext_lazy("What if an hour of waiting costs"),
            required=False,
            min_value=Decimal(0),
            max_value=Decimal(100_000),
            decimal_places=2,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last, split = (cleaned.get(name) for name in ("from", "to", "split"))
        if first and last and split and not first < split <= last:
            self.add_error("split", _("Choose a day within the period, after its first one."))
        return cleaned

    def more(self) -> dict[str, str]:
        first, last = self.cleaned_data["from"], self.cleaned_data["to"]
        split: date = self.cleaned_data["split"] or first + timedelta(days=(last - first).days // 2)
        return {"split": split.isoformat()}
