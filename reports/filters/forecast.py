"""What a forecast can learn from, and the people to try it with."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from .period import OverviewForm

# Two years and the eight weeks ahead: a pattern of the year shows only when it was seen before.
LEARNED_WEEKS = 112


class ForecastForm(OverviewForm):
    """The period is what is learned from. The people and their hours are for the page alone."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from"].label = gettext_lazy("Learn from")
        self.fields["agents"] = forms.DecimalField(
            label=gettext_lazy("What if there are so many agents"),
            required=False, min_value=Decimal(0), max_value=Decimal(10_000), decimal_places=2,
        )  # fmt: skip
        self.fields["hours"] = forms.DecimalField(
            label=gettext_lazy("Hours on tickets each, a week"),
            required=False, min_value=Decimal(0), max_value=Decimal(168), decimal_places=2,
        )  # fmt: skip

    @classmethod
    def default(cls, today: date) -> dict[str, str]:
        first = today - timedelta(days=today.weekday(), weeks=LEARNED_WEEKS)
        return {"from": first.isoformat(), "to": today.isoformat()}
