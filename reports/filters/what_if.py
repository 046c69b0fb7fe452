"""The form of the what-if page: which tickets, and what is tried."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.calendars.hours import MINUTES_A_DAY, Schedule, Week, opens_within
from itil.calendars.hours.written import minutes_from, wall_time
from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.incidents.lifecycle import HoldReason
from itil.sla.forms.business_time import BusinessTimeField
from itil.sla.models import METRICS_OF, Agreement
from itil.sla.terms import PAUSING
from itil.tickets.models import Priority
from reports.actions.questions import Question
from reports.metrics.period import Period

from .period import OverviewForm, default_query

METRICS = METRICS_OF[Agreement.Kind.SLA]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DASH = re.compile("[-–]")
# Fields that say which hours the page has shown, and for which calendar.
HOURS = (*DAYS, "holidays", "hours_of")

Openings = list[tuple[int, int]]


class HoursField(forms.CharField):
    """The openings of a day as people write them, in minutes after midnight; empty: closed."""

    default_error_messages = {
        "invalid": gettext_lazy("Write the hours as 09:00–12:00, 13:00–17:00, up to 24:00.")
    }

    def __init__(self, **kwargs: Any):
        super().__init__(**{"required": False, "max_length": 80} | kwargs)

    def to_python(self, value: Any) -> Openings:
        text = super().to_python(value) or ""
        found: Openings = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            try:
                opens, closes = (
                    minutes_from(edge.strip().replace(".", ":")) for edge in DASH.split(part)
                )
            except ValueError:
                raise self._refusal() from None
            if opens == MINUTES_A_DAY:
                raise self._refusal()
            found.append((opens, closes))
        return found

    def _refusal(self) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def run_validators(self, value: Any) -> None:
        """The text was checked while it was read."""


def written(openings: Sequence[tuple[int, int]]) -> str:
    """Openings of a day as `HoursField` reads them."""
    return ", ".join(f"{wall_time(opens)}–{wall_time(closes)}" for opens, closes in openings)


def target_name(metric: str, priority: int) -> str:
    return f"target-{metric}-{priority}"


class WhatIfForm(OverviewForm):
    """Everything is optional but the period; what is left empty stays as it was.

    The hours that are shown are those of the week of `today`.
    """

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        self.schedule: Schedule | None = None
        self.fields["agreement"] = forms.ModelChoiceField(
            Agreement.objects.filter(kind=Agreement.Kind.SLA),
            label=_("Agreement"),
            required=False,
            empty_label=_("All agreements"),
        )
        self.fields["priority"] = forms.TypedMultipleChoiceField(
            choices=Priority.choices,
            coerce=int,
            label=_("Priority"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["calendar"] = forms.ModelChoiceField(
            BusinessCalendar.objects.all(),
            label=_("Calendar"),
            required=False,
            empty_label=_("As agreed"),
        )
        self.fields["hours_of"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        for name, label in zip(DAYS, WeeklyOpening.Weekday.labels, strict=True):
            self.fields[name] = HoursField(label=label)
        self.fields["holidays"] = forms.BooleanField(label=_("Closed on holidays"), required=False)
        for metric in METRICS:
            for priority in Priority:
                label = _("%(measure)s, %(priority)s") % {
                    "measure": metric.label,
                    "priority": priority.label,
                }
                name = target_name(metric, priority)
                self.fields[name] = BusinessTimeField(
                    label=label, required=False, widget=forms.TextInput(attrs={"size": 7})
                )
        self.fields["waits"] = forms.BooleanField(
            label=_("Choose what pauses the clocks"), required=False
        )
        self.fields["reason"] = forms.MultipleChoiceField(
            choices=HoldReason.choices,
            label=_("These waits pause"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("calendar") and not any(name in self.errors for name in DAYS):
            self.schedule = self._tried(cleaned)
            if not opens_within(self.schedule, self.today):
                self.add_error("mon", _("Write down at least one opening of the week."))
        return cleaned

    def _tried(self, cleaned: dict[str, Any]) -> Schedule:
        """The calendar as it is, or with the hours that were written and without holidays."""
        schedule = cleaned["calendar"].schedule()
        week = [cleaned[name] for name in DAYS]
        if week != _week_of(schedule, self.today):
            written_down = (
                (day, opens, closes)
                for day, openings in enumerate(week)
                for opens, closes in openings
            )
            schedule = replace(schedule, weeks=(Week(tuple(written_down)),), always_open=False)
        if not cleaned["holidays"]:
            schedule = replace(
                schedule, holidays=frozenset(), half_days=(), public_holidays=None, names={}
            )
        return schedule

    def question(self) -> Question:
        """What a valid form asks."""
        cleaned = self.cleaned_data
        team, organization, agreement = (
            cleaned[name] and cleaned[name].pk for name in ("team", "organization", "agreement")
        )
        targets = {
            (str(metric), int(priority)): cleaned[target_name(metric, priority)]
            for metric in METRICS
            for priority in Priority
        }
        return Question(
            period=Period(cleaned["from"], cleaned["to"], settings.BUSINESS_TIME_ZONE),
            priorities=frozenset(cleaned["priority"]),
            team=team,
            organization=organization,
            agreement=agreement,
            targets={cell: seconds for cell, seconds in targets.items() if seconds},
            schedule=self.schedule,
            pausing=frozenset(cleaned["reason"]) if cleaned["waits"] else None,
        )


def what_if_form(query: QueryDict, *, today: date) -> WhatIfForm:
    """The form as `query` fills it.

    When another calendar is chosen than the one whose hours the page has shown, its own hours are
    filled in.
    """
    data = query.copy()
    for name, value in default_query(today).items():
        data.setdefault(name, value)
    if not query.get("waits"):
        data.setlist("reason", [reason for reason in HoldReason.values if reason in PAUSING])
    calendar = _calendar(query.get("calendar", ""))
    if calendar is None or query.get("hours_of") != str(calendar.pk):
        for name in HOURS:
            data.pop(name, None)
    if calendar is not None and "hours_of" not in data:
        data["hours_of"] = str(calendar.pk)
        data["holidays"] = "on"
        for name, openings in zip(DAYS, _week_of(calendar.schedule(), today), strict=True):
            data[name] = written(openings)
    return WhatIfForm(data, today=today)


def _calendar(key: str) -> BusinessCalendar | None:
    # A key of more digits is in no database.
    known = key.isascii() and key.isdigit() and len(key) < 19
    return BusinessCalendar.objects.filter(pk=int(key)).first() if known else None


def _week_of(schedule: Schedule, on: date) -> list[Openings]:
    """The openings of each weekday as they are on the date."""
    if schedule.always_open:
        return [[(0, MINUTES_A_DAY)] for _day in DAYS]
    valid = [week for week in schedule.weeks if (week.effective_from or date.min) <= on]
    week = max(valid, key=lambda week: week.effective_from or date.min, default=Week(()))
    return [
        sorted((opens, closes) for weekday, opens, closes in week.intervals if weekday == day)
        for day in range(len(DAYS))
    ]
