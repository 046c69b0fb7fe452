"""The ratings and tickets behind the figures of satisfaction (`KPI-26`)."""

from typing import Any

from django import forms
from django.http import QueryDict

from itil.surveys.models import Rating, Score
from itil.surveys.querysets import RatingQuerySet
from itil.tickets.models import Ticket

from .clocks import HIGHEST_KEY
from .period import OverviewForm, scope_of


class RatingsForm(OverviewForm):
    """What a link of the report says: which scores, whose solutions."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("score_from", "score_to"):
            self.fields[name] = forms.TypedChoiceField(
                choices=Score.choices, coerce=int, required=False, empty_value=None
            )
        # Only those who said whether they would recommend the desk.
        self.fields["recommended"] = forms.BooleanField(required=False)
        self.fields["solver"] = forms.IntegerField(
            min_value=0, max_value=HIGHEST_KEY, required=False
        )


def ratings_of(query: QueryDict) -> RatingQuerySet:
    """The ratings that `reports.metrics.satisfaction` counts for a link; none for a broken one."""
    form = RatingsForm(query)
    if not form.is_valid():
        return Rating.objects.none()
    given, found = form.cleaned_data, scope_of(form).ratings()
    if given["score_from"]:
        found = found.filter(score__gte=given["score_from"])
    if given["score_to"]:
        found = found.filter(score__lte=given["score_to"])
    if given["recommended"]:
        found = found.filter(recommendation__isnull=False)
    if given["solver"]:
        solved = Ticket.objects.resolved_by(given["solver"])
        found = found.filter(ticket__in=solved.order_by().values("pk"))
    elif given["solver"] == 0:
        found = found.filter(ticket__team__isnull=True)
    return found
