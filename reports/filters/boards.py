"""What dashboards can be narrowed by, within what a person may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.desk.filters import kind_choices
from itil.services.models import Service
from itil.tickets.models import Priority
from reports.actions.boards import BoardScope, Compare
from reports.metrics.indicator import Step
from reports.metrics.period import Period
from reports.permissions import Reach

from .period import OverviewForm, default_query

# Up to so many days a period is cut into days, into weeks, when nobody says.
DAYS_BY_DAY, DAYS_BY_WEEK = 31, 190
MOST_STEPS = 400
STEPS = {
    Step.DAY: gettext_lazy("days"),
    Step.WEEK: gettext_lazy("weeks"),
    Step.MONTH: gettext_lazy("months"),
}
COMPARES = {
    Compare.BEFORE: gettext_lazy("the period before"),
    Compare.YEAR: gettext_lazy("the same period last year"),
    Compare.NONE: gettext_lazy("nothing"),
}
FIRST_ROW = ("from", "to", "team", "organization")
NAMES = (*FIRST_ROW, "service", "priority", "kind", "compare", "step")
# Those that say whose figures are told.
NARROWING = frozenset({"team", "organization", "service", "priority", "kind"})


class BoardForm(OverviewForm):
    """Choices are those within a reach: teams of one's own, or a single customer."""

    def __init__(self, data: Mapping[str, Any], reach: Reach):
        super().__init__(data)
        self.reach = reach
        if reach.teams is not None:
            team = self.fields["team"]
            team.queryset = team.queryset.filter(pk__in=reach.teams)
            team.empty_label = _("All my teams")
        if reach.organization:
            del self.fields["team"], self.fields["organization"]
        self.fields["service"] = forms.ModelChoiceField(
            Service.objects.all(), label=_("Service"), required=False, empty_label=_("All services")
        )
        self.fields["priority"] = forms.TypedChoiceField(
            choices=[("", _("All priorities")), *Priority.choices],
            coerce=int,
            empty_value=None,
            label=_("Priority"),
            required=False,
        )
        self.fields["kind"] = forms.ChoiceField(
            choices=[("", _("All types")), *kind_choices()], label=_("Type"), required=False
        )
        self.fields["compare"] = forms.ChoiceField(
            choices=list(COMPARES.items()), label=_("Compare with"), required=False
        )
        self.fields["step"] = forms.ChoiceField(
            choices=[("", _("automatic")), *STEPS.items()],
            label=_("Interval"),
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("from"), cleaned.get("to")
        is_long = first and last and (last - first).days >= MOST_STEPS
        if is_long and cleaned.get("step") == Step.DAY:
            self.add_error("step", _("Choose weeks or months for so long a period."))
        return cleaned

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What is mostly changed."""
        return [self[name] for name in FIRST_ROW if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in NAMES if name not in FIRST_ROW]

    @property
    def more_is_set(self) -> bool:
        """Whether one of the other filters narrows, or is wrong."""
        narrowing = ("service", "priority", "kind", "step")
        return any(self.data.get(name) for name in narrowing) or any(
            name not in FIRST_ROW for name in self.errors
        )

    def scope(self) -> BoardScope:
        """What the form is about; it has to be valid."""
        cleaned = self.cleaned_data
        period = Period(cleaned["from"], cleaned["to"], settings.BUSINESS_TIME_ZONE)
        team, organization = cleaned.get("team"), cleaned.get("organization")
        service = cleaned["service"]
        return BoardScope(
            period=period,
            step=Step(cleaned["step"]) if cleaned["step"] else _usual_step(period),
            compare=Compare(cleaned["compare"] or Compare.BEFORE),
            teams=frozenset({team.pk}) if team else self.reach.teams,
            organization=self.reach.organization or (organization and organization.pk),
            service=service and service.pk,
            priority=cleaned["priority"],
            kind=cleaned["kind"] or None,
        )

    def query(self) -> dict[str, str]:
        """The valid filters as a query string takes them, without what is not narrowed."""
        return {name: str(self.data[name]) for name in NAMES if self.data.get(name)}


def _usual_step(period: Period) -> Step:
    if period.days <= DAYS_BY_DAY:
        return Step.DAY
    return Step.WEEK if period.days <= DAYS_BY_WEEK else Step.MONTH


@dataclass(frozen=True)
class BoardChoice:
    """What the page is about and the query that says so; the form may hold an error, the scope is
    then that of what was shown before."""

    form: BoardForm
    scope: BoardScope
    query: Mapping[str, str]


def choose_board(
    query: Mapping[str, str],
    reach: Reach,
    *,
    today: date,
    before: Mapping[str, str] | None = None,
) -> BoardChoice:
    """Read the query string; `before` is the last one that made sense, if any."""
    usual = default_query(today)
    given = {name: query[name] for name in NAMES if name in query}
    form = BoardForm(usual | given, reach)
    if form.is_valid():
        return BoardChoice(form, form.scope(), form.query())
    for fallback in (before, usual):
        kept = BoardForm(fallback, reach) if fallback else None
        if kept and kept.is_valid():
            return BoardChoice(form, kept.scope(), kept.query())
    raise AssertionError("unreachable: the usual period is always valid")


def presets(today: date) -> list[tuple[str | Promise, dict[str, str]]]:
    """Periods that are often looked at, each with its part of the query string."""
    month = today.replace(day=1)
    last = month - timedelta(days=1)
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    year_ago = (month - timedelta(days=330)).replace(day=1)
    return [
        (label, {"from": first.isoformat(), "to": end.isoformat()})
        for label, first, end in (
            (_("This month"), month, today),
            (_("Last month"), last.replace(day=1), last),
            (_("This quarter"), quarter, today),
            (_("Last 90 days"), today - timedelta(days=89), today),
            (_("12 months"), year_ago, today),
            (_("This year"), today.replace(month=1, day=1), today),
        )
    ]
