"""What the overview can be narrowed by: period, team, organization."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.people.models import Organization, Team
from reports.actions.reading import Scope
from reports.metrics.period import Period

LONGEST_YEARS = 5
FIRST_YEAR = 1990


class DayField(forms.DateField):
    """A calendar day of the business time zone."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {
        "invalid": gettext_lazy("Enter a date that exists, such as 2026-10-31."),
        "required": gettext_lazy("Enter a date such as 2026-10-31."),
    }

    def __init__(self, **kwargs: Any):
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and not FIRST_YEAR <= day.year <= 2999:
            raise forms.ValidationError(_("Enter a date from 1990 on."))
        return day


class OverviewForm(forms.Form):
    """`from` and `to` are both included."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from"] = DayField(label=_("From"))
        self.fields["to"] = DayField(label=_("To"))
        self.fields["team"] = forms.ModelChoiceField(
            Team.objects.all(), label=_("Team"), required=False, empty_label=_("All teams")
        )
        self.fields["organization"] = forms.ModelChoiceField(
            Organization.objects.all(),
            label=_("Organization"),
            required=False,
            empty_label=_("All organizations"),
        )

    @classmethod
    def default(cls, today: date) -> dict[str, str]:
        """What is asked when nothing is."""
        return default_query(today)

    def more(self) -> dict[str, str]:
        """What the figures of a valid form depend on beside its scope."""
        return {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last:
            if first > last:
                self.add_error("to", _("The period ends before it begins."))
            elif (last - first).days > LONGEST_YEARS * 366:
                self.add_error("to", _("Choose at most five years."))
        return cleaned


@dataclass(frozen=True)
class Choice:
    """What the page is about, and the form that says so. The form may hold an error; the scope
    is then the one shown before. `more` is what the figures depend on beside the scope."""

    scope: Scope
    form: OverviewForm
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        """The query string that asks for the same figures."""
        return query_of(self.scope) | dict(self.more)


def default_query(today: date) -> dict[str, str]:
    """This month so far and the two before."""
    first = (today.replace(day=1) - timedelta(days=32)).replace(day=1)
    return {"from": first.isoformat(), "to": today.isoformat()}


def choose(
    query: QueryDict,
    *,
    before: dict[str, str] | None,
    today: date,
    form_class: type[OverviewForm] = OverviewForm,
) -> Choice:
    """Read the query string; `before` is the last one that made sense, if any."""
    default = form_class.default(today)
    given = {name: query[name] for name in form_class().fields if name in query}
    form = form_class(default | given)
    if form.is_valid():
        return Choice(scope_of(form), form, form.more())
    for fallback in (before, default):
        kept = form_class(fallback) if fallback else None
        if kept and kept.is_valid():
            return Choice(scope_of(kept), form, kept.more())
    raise AssertionError("unreachable: the default period is always valid")


def scope_of(form: OverviewForm) -> Scope:
    """What a valid form is about."""
    cleaned = form.cleaned_data
    team, organization = cleaned["team"], cleaned["organization"]
    return Scope(
        period=Period(cleaned["from"], cleaned["to"], settings.BUSINESS_TIME_ZONE),
        team_id=team and team.pk,
        organization_id=organization and organization.pk,
    )


def query_of(scope: Scope) -> dict[str, str]:
    """The query string of `scope`, without what is not narrowed."""
    values = {
        "from": scope.period.first.isoformat(),
        "to": scope.period.last.isoformat(),
        "team": scope.team_id,
        "organization": scope.organization_id,
    }
    return {name: str(value) for name, value in values.items() if value}
