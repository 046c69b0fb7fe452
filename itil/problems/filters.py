"""What the list of problems can be narrowed by."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from itil.desk.search import matching
from itil.services.models import Service
from itil.tickets.models import Priority
from portal.people.models import User

from .lifecycle import Status
from .models import Problem


class ProblemFilter(django_filters.FilterSet):
    """Narrow the problems a person may see. Every filter is optional; all are combined with AND."""

    q = django_filters.CharFilter(label=_("Words or number"), method="by_words")
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )
    priority = django_filters.MultipleChoiceFilter(
        label=_("Priority"), choices=Priority.choices, widget=forms.CheckboxSelectMultiple
    )
    service = django_filters.ModelChoiceFilter(label=_("Service"), queryset=Service.objects.all())
    assignee = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=User.objects.agents())

    class Meta:
        model = Problem
        fields: list[str] = []

    def by_words(self, queryset, name, value):
        return matching(queryset, value, self.request.user)
