"""What the list of items can be narrowed by."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from itil.services.models import Service
from portal.people.models import Organization

from .lifecycle import Status
from .models import ConfigurationItem, Criticality, ItemClass, Relation


class ItemFilter(django_filters.FilterSet):
    """Narrow the items a person may see. Every filter is optional; all are combined with AND."""

    q = django_filters.CharFilter(label=_("Words, number or serial"), method="by_words")
    item_class = django_filters.ModelChoiceFilter(
        label=_("Class"), queryset=ItemClass.objects.all(), method="by_class"
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )
    organization = django_filters.ModelChoiceFilter(
        label=_("Organization"), queryset=Organization.objects.active()
    )
    service = django_filters.ModelChoiceFilter(
        label=_("Provides"),
        queryset=Service.objects.all(),
        method="by_service",
        # Chosen on the page of the service.
        widget=forms.HiddenInput,
    )
    criticality = django_filters.ChoiceFilter(label=_("Criticality"), choices=Criticality.choices)

    class Meta:
        model = ConfigurationItem
        fields: list[str] = []

    def by_words(self, queryset, name, value):
        return queryset.matching(value)

    def by_class(self, queryset, name, value):
        """The class, and what is a kind of it."""
        return queryset.filter(item_class=value) | queryset.filter(item_class__parent=value)

    def by_service(self, queryset, name, value):
        provided = Relation.objects.in_force()
        provided = provided.filter(service=value) | provided.filter(offering__service=value)
        return queryset.filter(pk__in=provided.values("source"))
