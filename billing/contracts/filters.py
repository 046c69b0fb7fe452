"""What the lists of contracts, charges and time can be narrowed by."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from itil.timesheets.models import EntryState, TimeEntry
from portal.people.models import Organization

from .models import Charge, ChargeKind, Contract

WAITING = (EntryState.SUBMITTED, EntryState.DRAFT, EntryState.REJECTED)


def with_contracts(request):
    contracts = Contract.objects.visible_to(request.user)
    return Organization.objects.filter(pk__in=contracts.values("organization"))


def with_charges(request):
    charges = Charge.objects.visible_to(request.user)
    return Organization.objects.filter(pk__in=charges.values("organization"))


def _words(queryset, name, value):
    return queryset.filter(Q(number__icontains=value) | Q(name__icontains=value))


class ContractFilter(django_filters.FilterSet):
    words = django_filters.CharFilter(label=_("Number or name"), method=_words)
    organization = django_filters.ModelChoiceFilter(label=_("Customer"), queryset=with_contracts)

    class Meta:
        model = Contract
        fields = ["words", "organization"]


class ChargeFilter(django_filters.FilterSet):
    organization = django_filters.ModelChoiceFilter(label=_("Customer"), queryset=with_charges)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ChargeKind)

    class Meta:
        model = Charge
        fields = ["organization", "kind"]


class TimeFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(
        label=_("Person or customer"), method="by_name", widget=forms.TextInput
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(state.value, state.label) for state in WAITING]
    )

    class Meta:
        model = TimeEntry
        fields = ["name", "state"]

    def by_name(self, queryset, name, value):
        return queryset.filter(
            Q(agent__name__icontains=value) | Q(ticket__organization__name__icontains=value)
        )
