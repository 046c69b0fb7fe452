"""The forms behind the figure of what was answered before it was sent (`KPI-26`)."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from knowledgebase.models import Consultation
from knowledgebase.querysets import ConsultationQuerySet

from .period import OverviewForm, scope_of

OUTCOMES = ("solved", "read", "sent", "came_back", "pending")


class ConsultationsForm(OverviewForm):
    """What a link of the report says: what became of the form."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["outcome"] = forms.ChoiceField(choices=[(name, name) for name in OUTCOMES])


def consultations_of(query: QueryDict, *, now: datetime) -> ConsultationQuerySet:
    """The forms that `reports.metrics.deflection` counts for a link; none for a broken one."""
    form = ConsultationsForm(query)
    if not form.is_valid():
        return Consultation.objects.none()
    found = scope_of(form).consultations().with_outcome(now)
    return found.filter(outcome=form.cleaned_data["outcome"])
