"""What the list of invoices can be narrowed by."""

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import Contract
from itil.tickets.errors import MissingValue
from itil.timesheets.hours import business_date
from itil.timesheets.models import TimeEntry
from portal.people.models import Organization

from .matching import Age, of_age
from .models import DocumentKind, Invoice, Payment
from .parse import month
from .querysets import AGES, age_of


class MonthField(forms.CharField):
    """A month written 2026-10; cleans to a Month, or None when empty."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return month(text)
        except MissingValue as problem:
            raise forms.ValidationError(str(problem)) from problem


class MonthFilter(django_filters.Filter):
    field_class = MonthField

    def filter(self, queryset, value):
        return queryset.for_month(value) if value else queryset


def invoiced_organizations(request):
    """Those the viewer has invoices of."""
    invoices = Invoice.objects.visible_to(request.user)
    return Organization.objects.filter(pk__in=invoices.values("organization"))


class RunForm(forms.Form):
    """Which month to draft, and for whom; nobody chosen is everybody."""

    month = MonthField(label=_("Month"))
    organization = forms.ModelMultipleChoiceField(
        label=_("Only these customers"),
        queryset=Organization.objects.exclude(contracts=None).distinct(),
        required=False,
    )
    contract = forms.ModelMultipleChoiceField(
        label=_("Only these contracts"), queryset=Contract.objects.all(), required=False
    )


class SendMonthForm(forms.Form):
    """Of which month of issue invoices are sent; empty is the present one."""

    month = MonthField(label=_("Month"), required=False)


class InvoiceFilter(django_filters.FilterSet):
    month = MonthFilter(label=_("Month"))
    organization = django_filters.ModelChoiceFilter(
        label=_("Customer"), queryset=invoiced_organizations
    )

    class Meta:
        model = Invoice
        fields = ["month", "organization"]


class DaysFilter(django_filters.DateFilter):
    """A day, picked from a calendar."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class PaymentFilter(django_filters.FilterSet):
    organization = django_filters.ModelChoiceFilter(
        label=_("Customer"), queryset=invoiced_organizations
    )
    since = DaysFilter(label=_("From"), field_name="received_on", lookup_expr="gte")
    until = DaysFilter(label=_("To"), field_name="received_on", lookup_expr="lte")
    method = django_filters.ChoiceFilter(label=_("How"), choices=Payment.Method.choices)

    class Meta:
        model = Payment
        fields = ["organization", "since", "until", "method"]


class OwedFilter(django_filters.FilterSet):
    """The cells of the ageing list."""

    organization = django_filters.ModelChoiceFilter(
        label=_("Customer"), queryset=invoiced_organizations
    )
    currency = django_filters.CharFilter(label=_("Currency"))
    age = django_filters.ChoiceFilter(
        label=_("Age"), choices=list(AGES.items()), method="filter_age"
    )

    class Meta:
        model = Invoice
        fields = ["organization", "currency", "age"]

    def filter_age(self, queryset, _name, value):
        return queryset.filter(age_of(value, business_date(timezone.now())))


class OwnInvoiceFilter(django_filters.FilterSet):
    """What a customer narrows the own invoices by."""

    month = MonthFilter(label=_("Month"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=DocumentKind.choices)
    number = django_filters.CharFilter(label=_("Number"), lookup_expr="icontains")

    class Meta:
        model = Invoice
        fields = ["month", "kind", "number"]


def customers_with_time(request):
    """Those on whose tickets time was booked that the viewer sees."""
    entries = TimeEntry.objects.visible_to(request.user)
    return Organization.objects.filter(pk__in=entries.values("ticket__organization"))


class UnbilledFilter(django_filters.FilterSet):
    """Unbilled work by customer and age."""

    organization = django_filters.ModelChoiceFilter(
        label=_("Customer"), field_name="ticket__organization", queryset=customers_with_time
    )
    age = django_filters.ChoiceFilter(label=_("Age"), choices=Age.choices, method="of_age")

    class Meta:
        model = TimeEntry
        fields = ["organization", "age"]

    def of_age(self, queryset, _name, value):
        today = business_date(timezone.now())
        return queryset.filter(of_age(Age(value), today))


class WrittenOffFilter(django_filters.FilterSet):
    """Time that was given up, by customer."""

    organization = django_filters.ModelChoiceFilter(
        label=_("Customer"), field_name="ticket__organization", queryset=customers_with_time
    )

    class Meta:
        model = TimeEntry
        fields = ["organization"]
