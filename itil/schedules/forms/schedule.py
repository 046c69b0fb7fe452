"""A schedule as people describe it, without a word of RFC 5545 unless they want to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from itil.calendars.models import BusinessCalendar
from itil.schedules.definition import (
    ANY_WEEKDAY,
    OPENS,
    Frequency,
    OffDays,
    Opener,
    Timing,
    Within,
    choices_of,
    ensure_dates,
    rule_from,
    upcoming,
)
from itil.schedules.errors import WrongRule
from itil.schedules.models import MOST_GRACE, Schedule
from portal.people.models import User
from portal.ui.fields import zone_choices

NTH = (
    (1, _("first")),
    (2, _("second")),
    (3, _("third")),
    (4, _("fourth")),
    (-1, _("last")),
)
# How many of the next dates are shown before anything is saved.
SHOWN = 5
BUILDER = (
    "frequency", "every", "weekdays", "within", "month_day", "nth", "nth_day", "month", "rule",
)  # fmt: skip
# All that the dates depend on, in the order of the page.
TIMED = (
    *BUILDER, "at_time", "time_zone", "first_on", "ends_on", "off_days", "calendar",
)  # fmt: skip
_COLUMNS = (
    "title", "first_on", "at_time", "time_zone", "ends_on", "off_days", "calendar", "missed",
    "grace_hours", "owner",
)  # fmt: skip


class Asked:
    """Of a field that other choices ask for: it is not marked as optional, and may be empty all
    the same. What is missing then is said by `rule_from`.
    """

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class AskedNumber(Asked, forms.IntegerField):
    pass


class AskedText(Asked, forms.CharField):
    pass


class AskedChoice(Asked, forms.ChoiceField):
    pass


class AskedTyped(Asked, forms.TypedChoiceField):
    pass


class AskedChoices(Asked, forms.TypedMultipleChoiceField):
    pass


def _between(least: int, most: int) -> dict[str, Any]:
    """What is said of a number that does not lie between these."""
    text = format_lazy(_("Enter a whole number from {least} to {most}."), least=least, most=most)
    return {"min_value": text, "max_value": text, "invalid": text}


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label,
        widget=widget,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter a date such as 2026-10-31.")},
        **more,
    )


class ScheduleForm(forms.Form):
    """What is opened, when, and what becomes of days off and of runs that were missed.

    The fields of the opener are part of it, with OPENS before their names. After `is_valid`,
    `columns` and `values` are what the verbs take, and `dates` the next moments.
    """

    title = forms.CharField(
        label=_("Name of the schedule"),
        max_length=200,
        help_text=_("How the team calls it, such as “Weekly check of the server room”."),
    )
    frequency = forms.ChoiceField(
        label=_("How often?"),
        choices=Frequency.choices,
        initial=Frequency.WEEKLY,
        widget=forms.RadioSelect,
    )
    every = AskedNumber(
        label=_("Every how many of them?"),
        initial=1,
        min_value=1,
        max_value=99,
        help_text=_("1 is every day, week, month or year; 2 every second one."),
        error_messages=_between(1, 99),
    )
    weekdays = AskedChoices(
        label=_("On which days of the week?"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("By weeks only."),
    )
    within = AskedChoice(
        label=_("On which day of the month?"),
        choices=Within.choices,
        initial=Within.DAY,
        widget=forms.RadioSelect,
        help_text=_("By months and years only."),
    )
    month_day = AskedNumber(
        label=_("The number of the day"),
        min_value=1,
        max_value=31,
        help_text=_("Months without this day are left out. Of each the last: choose it above."),
        error_messages=_between(1, 31),
    )
    nth = AskedTyped(
        label=_("The weekday: which one of the month?"),
        choices=[("", "–"), *NTH],
        coerce=int,
        empty_value=None,
    )
    nth_day = AskedChoice(
        label=_("The weekday: its name"),
        choices=[
            ("", "–"),
            *((str(day), name) for day, name in WEEKDAYS.items()),
            (ANY_WEEKDAY, _("day from Monday to Friday")),
        ],
    )
    month = AskedTyped(
        label=_("In which month?"),
        choices=[("", "–"), *MONTHS.items()],
        coerce=int,
        empty_value=None,
        help_text=_("By years only."),
    )
    rule = AskedText(
        label=_("The rule"),
        max_length=200,
        help_text=_("By a rule only, such as FREQ=MONTHLY;BYDAY=2TU."),
    )
    at_time = forms.TimeField(
        label=_("At what time?"),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Enter a time such as 08:00.")},
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    first_on = _day(_("From which date on?"), help_text=_("Every second week counts from here."))
    ends_on = _day(_("Until which date?"), required=False)
    off_days = forms.ChoiceField(
        label=_("When it falls on a day off"),
        choices=OffDays.choices,
        initial=OffDays.OPEN,
        widget=forms.RadioSelect,
    )
    calendar = forms.ModelChoiceField(
        label=_("Calendar of working days"),
        queryset=BusinessCalendar.objects.all(),
        required=False,
        help_text=_("Needed unless it is opened anyway."),
    )
    missed = forms.ChoiceField(
        label=_("When runs were missed because nothing ran here"),
        choices=Schedule.Missed.choices,
        initial=Schedule.Missed.LATEST,
        widget=forms.RadioSelect,
    )
    grace_hours = forms.IntegerField(
        label=_("Missed after so many hours"),
        min_value=0,
        max_value=MOST_GRACE,
        initial=4,
        error_messages=_between(0, MOST_GRACE),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        help_text=_("Is told when a run fails. What is opened is opened in the owner's name."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # What is asked depends on other answers, which the browser does not know.
    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        opener: Opener,
        user: User,
        schedule: Schedule | None = None,
        now: Any,
        **kwargs: Any,
    ):
        if schedule is not None:
            kwargs["initial"] = _initial(schedule) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.opener, self.now = opener, now
        inner = opener.form_class(user=user)
        self.opens_names = [f"{OPENS}{name}" for name in inner.fields]
        self.fields |= {f"{OPENS}{name}": field for name, field in inner.fields.items()}
        self.fields["owner"].queryset = _owners(user, schedule)
        self.fields["owner"].initial = user.pk
        self.fields["time_zone"].initial = str(user.zone or settings.BUSINESS_TIME_ZONE)
        # The next moments, and the zone in which they are told.
        self.dates: list[Any] = []
        self.zone = str(self.fields["time_zone"].initial)
        if schedule is not None and not self.is_bound:
            self.zone = schedule.time_zone
            self.dates = upcoming(schedule.timing, now, SHOWN)

    @property
    def columns(self) -> dict[str, Any]:
        """What the verbs take of the schedule itself."""
        return {name: self.cleaned_data[name] for name in (*_COLUMNS, "rule")}

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take of the opener's form."""
        return {name.removeprefix(OPENS): self.cleaned_data.get(name) for name in self.opens_names}

    def bound(self, names: Iterable[str]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def opens_fields(self) -> list[forms.BoundField]:
        return self.bound(self.opens_names)

    @property
    def head_fields(self) -> list[forms.BoundField]:
        return self.bound(["title"])

    @property
    def rule_fields(self) -> list[forms.BoundField]:
        return self.bound(TIMED)

    @property
    def no_dates_because(self) -> list[str]:
        """What keeps the rule from having dates, in words."""
        if not self.is_bound:
            return []
        return [text for name in TIMED for text in self.errors.get(name, ())]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return self.bound(("missed", "grace_hours", "owner"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if set(self.errors) & set(TIMED):
            return cleaned
        try:
            cleaned["rule"] = rule_from(cleaned)
            timing = _timing(cleaned)
            ensure_dates(timing, self.now)
        except WrongRule as refusal:
            # A rule that was put together has no field of its own.
            is_built = refusal.field == "rule" and cleaned["frequency"] != Frequency.RULE
            self.add_error("frequency" if is_built else refusal.field, str(refusal))
        else:
            self.dates, self.zone = upcoming(timing, self.now, SHOWN), timing.zone
        return cleaned


def _timing(cleaned: dict[str, Any]) -> Timing:
    calendar = cleaned.get("calendar")
    return Timing(
        rule=cleaned["rule"],
        first_on=cleaned["first_on"],
        at=cleaned["at_time"],
        zone=cleaned["time_zone"],
        ends_on=cleaned.get("ends_on"),
        off_days=cleaned.get("off_days") or OffDays.OPEN,
        hours=calendar.schedule() if calendar else None,
    )


def _owners(user: User, schedule: Schedule | None) -> Any:
    """Whom this person may name: administrators every agent, others themselves or who it is."""
    people = User.objects.active()
    named = {user.pk} | ({schedule.owner_id} if schedule else set())
    if user.grants.is_administrator:
        return people.filter(pk__in=User.objects.agents().values("pk")) | people.filter(
            pk__in=named
        )
    return people.filter(pk__in=named)


def _initial(schedule: Schedule) -> dict[str, Any]:
    stored = {name: getattr(schedule, name) for name in (*_COLUMNS, "version")}
    opens = {f"{OPENS}{name}": value for name, value in schedule.values.items()}
    return stored | choices_of(schedule.rule) | opens
