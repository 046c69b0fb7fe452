"""Which months and whose contracts the margins are about."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import Contract
from billing.invoices.filters import MonthField
from billing.invoices.parse import Month, month_of
from portal.people.models import Organization

# Shown unless asked otherwise, the present month included.
USUAL_MONTHS = 4
MOST_MONTHS = 24


class PeriodForm(forms.Form):
    """Months from one to another, both included, and one customer; empty: the latest months."""

    first = MonthField(label=_("From month"), required=False)
    last = MonthField(label=_("Until month"), required=False)
    organization = forms.ModelChoiceField(
        label=_("Customer"),
        required=False,
        queryset=Organization.objects.filter(
            pk__in=Contract.objects.values("organization")
        ).order_by("name"),
    )

    def period(self, today: date) -> tuple[Month, Month]:
        """The first and the last month; turned round when they were given so, and cut to the
        latest `MOST_MONTHS`.
        """
        given = self.cleaned_data if self.is_valid() else {}
        last = given.get("last") or max(given.get("first") or month_of(today), month_of(today))
        first = given.get("first") or _before(last, USUAL_MONTHS - 1)
        first, last = min(first, last), max(first, last)
        return max(first, _before(last, MOST_MONTHS - 1)), last


def _before(month: Month, count: int) -> Month:
    for _step in range(count):
        month = month.before
    return month
