"""What the list of changes can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType, Outcome
from itil.changes.models import Change, ChangeTemplate, ConflictStatus
from itil.services.models import Service
from portal.people.models import Team


class ChangeFilter(django_filters.FilterSet):
    """Narrow the changes a person may see. Every filter is optional; all are combined with AND."""

    q = django_filters.CharFilter(label=_("Words or number"), method="by_words")
    change_type = django_filters.ChoiceFilter(label=_("Type"), choices=ChangeType.choices)
    risk = django_filters.ChoiceFilter(label=_("Risk"), choices=Risk.choices)
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=Outcome.choices)
    conflict_status = django_filters.ChoiceFilter(
        label=_("Conflicts"), choices=ConflictStatus.choices
    )
    service = django_filters.ModelChoiceFilter(
        label=_("Service"), queryset=Service.objects.filter(active=True)
    )
    team = django_filters.ModelChoiceFilter(label=_("Team"), queryset=Team.objects.active())
    template = django_filters.ModelChoiceFilter(
        label=_("Template"),
        queryset=lambda request: ChangeTemplate.objects.visible_to(request.user),
    )

    class Meta:
        model = Change
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        words = " ".join(value.split())
        return queryset.filter(Q(title__icontains=words) | Q(number__iexact=words))
