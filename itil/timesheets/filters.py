"""What a list of entries can be narrowed by."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.timesheets.models import BillingKind, EntryState, TimeEntry
from portal.ui.fields import DayFilter


class EntryForm(forms.Form):
    """A period that ends before it begins is an error and no filter."""

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and first > last:
            del cleaned["from"]
            self.add_error("to", ValidationError(_("The period ends before it begins.")))
        return cleaned


class EntryFilter(django_filters.FilterSet):
    """Narrow the entries a person may see; all filters are combined with AND."""

    person = django_filters.CharFilter(
        label=gettext_lazy("Person"), field_name="agent__name", lookup_expr="icontains"
    )
    ticket = django_filters.CharFilter(
        label=gettext_lazy("Ticket"), field_name="ticket__number", lookup_expr="iexact"
    )
    customer = django_filters.CharFilter(
        label=gettext_lazy("Customer"),
        field_name="ticket__organization__name",
        lookup_expr="icontains",
    )
    activity = django_filters.CharFilter(
        label=gettext_lazy("Activity"), field_name="activity__name", lookup_expr="icontains"
    )
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=EntryState.choices
    )
    billing = django_filters.ChoiceFilter(
        label=gettext_lazy("Billing"), field_name="billing_kind", choices=BillingKind.choices
    )

    class Meta:
        model = TimeEntry
        fields: list[str] = []
        form = EntryForm


EntryFilter.base_filters["from"] = DayFilter(
    label=gettext_lazy("From"), field_name="work_date", lookup_expr="gte"
)
EntryFilter.base_filters["to"] = DayFilter(
    label=gettext_lazy("Until"), field_name="work_date", lookup_expr="lte"
)
