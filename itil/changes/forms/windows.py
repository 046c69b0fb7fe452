"""Asking for a freeze or a maintenance window, and for reasons."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.changes.definition import Risk
from itil.changes.hours import BadRuleError, Pattern, checked_rule, pattern_of
from itil.changes.lifecycle import ChangeType
from itil.changes.models.windows import RULE_MISTAKES, Window
from itil.cmdb.models import Environment, ItemClass
from itil.services.models import Service
from portal.ui.fields import zone_choices

REPEATS = [
    ("", _("It comes once")),
    ("daily", _("Every day")),
    ("weekly", _("On days of the week")),
    ("weekday", _("On a weekday of the month")),
    ("day", _("On a day of the month")),
    ("rule", _("By a calendar rule of its own")),
]
WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
NTH = [(1, _("first")), (2, _("second")), (3, _("third")), (4, _("fourth")), (-1, _("last"))]


def _days(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _times(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class WindowForm(forms.Form):
    """When, how often and for what. Times are those on the wall of the zone."""

    name = forms.CharField(label=_("Name"), max_length=120)
    note = forms.CharField(
        label=_("What it is for"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    begins_on = _days(_("Begins on"))
    begins_at = _times(_("Begins at"))
    ends_on = _days(_("Ends on"))
    ends_at = _times(_("Ends at"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("Times are local: they stay the same when summer time begins or ends."),
    )
    repeats = forms.ChoiceField(label=_("How often"), choices=REPEATS, required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For days of the week, and for a weekday of the month."),
    )
    nth = forms.TypedChoiceField(
        label=_("Which of the month"), choices=NTH, coerce=int, required=False, initial=1
    )
    month_day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=-1,
        max_value=31,
        required=False,
        help_text=_("From 1 to 31; -1 is the last day."),
    )
    every = forms.IntegerField(
        label=_("Every how many days, weeks or months"),
        min_value=1,
        max_value=52,
        required=False,
        initial=1,
    )
    rule = forms.CharField(
        label=_("Calendar rule"),
        max_length=200,
        required=False,
        help_text=_("As in RFC 5545, such as FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1."),
    )
    until = forms.DateField(
        label=_("Last date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.filter(active=True), label=_("Services"), required=False
    )
    item_classes = forms.ModelMultipleChoiceField(
        ItemClass.objects.filter(active=True), label=_("Classes of items"), required=False
    )
    environments = _several(_("Environments"), Environment.choices)
    risks = _several(_("Risks"), Risk.choices)
    types = _several(_("Types of changes"), ChangeType.choices)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    WHEN = ("begins_on", "begins_at", "ends_on", "ends_at", "time_zone", "repeats")
    OFTEN = ("weekdays", "nth", "month_day", "every", "rule", "until")
    SCOPE = ("services", "item_classes", "environments", "risks", "types")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kept = self.initial.get("time_zone")
        zones = zone_choices()
        # A stored name that is offered no more must not turn into another zone.
        if kept and kept not in dict(zones):
            self.fields["time_zone"].choices = [(kept, kept), *zones]

    @classmethod
    def values_of(cls, window: Window) -> dict[str, Any]:
        """What the form shows of a stored window."""
        own = {
            name: getattr(window, name)
            for name in ("name", "note", *cls.WHEN[:5], "until", "environments", "risks", "types")
        }
        found = own | {
            "services": window.services.all(),
            "item_classes": window.item_classes.all(),
            "version": window.version,
            "rule": window.rule,
        }
        if not window.rule:
            return found
        pattern = pattern_of(window.rule)
        return found | {
            "repeats": pattern.kind,
            "weekdays": list(pattern.weekdays),
            "nth": pattern.nth,
            "month_day": pattern.day if pattern.kind == "day" else None,
            "every": pattern.every,
            "rule": window.rule if pattern.kind == "rule" else "",
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        begins = (found.get("begins_on"), found.get("begins_at"))
        ends = (found.get("ends_on"), found.get("ends_at"))
        if None not in (*begins, *ends) and ends <= begins:
            self.add_error("ends_at", _now("It must end after it begins."))
        until = found.get("until")
        if until and begins[0] and until < begins[0]:
            self.add_error("until", _now("The last date must not be before the first one."))
        found["rule"] = self._rule(found)
        if found["rule"] and begins[0]:
            try:
                found["rule"] = checked_rule(found["rule"], begins[0])
            except BadRuleError as mistake:
                self.add_error("rule", str(RULE_MISTAKES[mistake.code]))
        return found

    def _rule(self, found: dict[str, Any]) -> str:
        """The calendar rule of what was chosen; empty for once."""
        kind = found.get("repeats") or ""
        if kind == "rule":
            if not found.get("rule"):
                self.add_error("rule", _now("Write the rule."))
            return found.get("rule") or ""
        days = tuple(sorted(found.get("weekdays") or ()))
        if kind == "weekly" and not days:
            self.add_error("weekdays", _now("Choose at least one day of the week."))
            return ""
        if kind == "weekday" and len(days) != 1:
            self.add_error("weekdays", _now("Choose one day of the week."))
            return ""
        day = found.get("month_day")
        if kind == "day" and not day:
            self.add_error("month_day", _now("Enter the day of the month."))
            return ""
        if not kind:
            return ""
        pattern = Pattern(
            kind,
            weekdays=days,
            nth=found.get("nth") or 1,
            day=day or 1,
            every=found.get("every") or 1,
        )
        return pattern.as_rule()

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values as the verbs take them."""
        return {name: self.cleaned_data.get(name) for name in self.cleaned_data}

    def fields_of(self, names: tuple[str, ...]) -> list[Any]:
        return [self[name] for name in names]

    @property
    def when_fields(self) -> list[Any]:
        return self.fields_of(self.WHEN)

    @property
    def often_fields(self) -> list[Any]:
        return self.fields_of(self.OFTEN)

    @property
    def scope_fields(self) -> list[Any]:
        return self.fields_of(self.SCOPE)


class ReasonForm(forms.Form):
    """Why it may be."""

    note = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
        help_text=_("It is kept with your name."),
    )
