"""What the task inbox can be narrowed by."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from itil.tickets.models import Ticket
from portal.people.models import Team, User

from .lifecycle import Status
from .models import Task


class TaskFilter(django_filters.FilterSet):
    """Narrow the tasks a person may see. Every filter is optional; all are combined with AND."""

    q = django_filters.CharFilter(label=gettext_lazy("Words or number"), method="by_words")
    status = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Status"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Team"), queryset=Team.objects.active()
    )
    assignee = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Assignee"), queryset=User.objects.agents()
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def by_words(self, queryset, name, value):
        """Words of the title, the number of the task, or that of a ticket one may see."""
        words = " ".join(value.split())
        tickets = Ticket.objects.visible_to(self.request.user).filter(number__iexact=words)
        return queryset.filter(
            Q(title__icontains=words) | Q(number__iexact=words) | Q(ticket__in=tickets)
        )
