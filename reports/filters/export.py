"""What another program asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from reports.metrics.indicator import CODED, NAMED, Step

from .period import OverviewForm

STEP = "step"
# A person's figures are for that person and the lead, not for a program (`KPI-25`).
UNOFFERED = "agent"


class ExportForm(OverviewForm):
    """`by` is a dimension or the step, `step` how the period is cut; both have a default."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dimensions = [name for name in (STEP, *NAMED, *CODED) if name != UNOFFERED]
        self.fields["by"] = forms.ChoiceField(
            label=_("By"), choices=[(name, name) for name in dimensions], required=False
        )
        self.fields["step"] = forms.ChoiceField(
            label=_("Step"), choices=[(one.value, one.value) for one in Step], required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["by"] = cleaned.get("by") or STEP
        cleaned["step"] = cleaned.get("step") or Step.MONTH.value
        return cleaned
