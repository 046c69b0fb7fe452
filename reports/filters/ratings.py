"""The ratings and tickets behind the figures of satisfaction (`KPI-26`)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from itil.surveys.models import Rating, Score
from itil.surveys.querysets import RatingQuerySet
from itil.tickets.models import Ticket
from reports.metrics.suppressing import are_few

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


@dataclass(frozen=True)
class RatingList:
    """The ratings that a link leads to. `are_recommendations`: they tell whether people recommend
    the desk, which no other list does; `few`: too few did, so that there are no rows."""

    rows: RatingQuerySet
    are_recommendations: bool = False
    few: bool = False


def ratings_of(query: QueryDict) -> RatingList:
    """The ratings that `reports.metrics.satisfaction` counts for a link; none for a broken one."""
    form = RatingsForm(query)
    if not form.is_valid():
        return RatingList(Rating.objects.none())
    found = _narrowed(form)
    if not form.cleaned_data["recommended"]:
        return RatingList(found)
    told = found.filter(recommendation__isnull=False)
    few = are_few(told.count())
    return RatingList(told.none() if few else told, are_recommendations=not few, few=few)


def _narrowed(form: RatingsForm) -> RatingQuerySet:
    given, found = form.cleaned_data, scope_of(form).ratings()
    if given["score_from"]:
        found = found.filter(score__gte=given["score_from"])
    if given["score_to"]:
        found = found.filter(score__lte=given["score_to"])
    if given["solver"] is not None:
        solved = Ticket.objects.resolved_by(given["solver"] or None)
        found = found.filter(ticket__in=solved.order_by().values("pk"))
    return found
