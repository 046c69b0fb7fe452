"""The shape of a calendar as people enter it: wall times as HH:MM."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from .hours import MINUTES_A_DAY, opens_within
from .models import BusinessCalendar, CalendarDay, WeeklyOpening, wall_time


class WallTimeField(forms.CharField):
    """A time of day between 00:00 and 24:00, in minutes after midnight."""

    default_error_messages = {
        "invalid": gettext_lazy("Write the time as HH:MM, between 00:00 and 24:00.")
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"placeholder": "09:00", "size": 5})
        super().__init__(**{"widget": widget, "max_length": 5} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return wall_time(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text)
        minutes = int(found[1]) * 60 + int(found[2]) if found else None
        if found is None or int(found[2]) > 59 or minutes > MINUTES_A_DAY:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return minutes

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The text was checked while it was read; the minutes need no further check."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class OpeningForm(WagtailAdminModelForm):
    """One opening of the week."""

    opens = WallTimeField(label=gettext_lazy("Opens"))
    closes = WallTimeField(
        label=gettext_lazy("Closes"),
        help_text=gettext_lazy("Up to 24:00. A time not after the opening means the next day."),
    )

    class Meta:
        model = WeeklyOpening
        fields = ["weekday", "opens", "closes", "effective_from"]

    def clean_opens(self) -> int:
        opens = self.cleaned_data["opens"]
        if opens == MINUTES_A_DAY:
            raise forms.ValidationError(_("An opening begins at 23:59 at the latest."))
        return opens


class DayForm(WagtailAdminModelForm):
    """One date that differs from the week."""

    starts = WallTimeField(label=gettext_lazy("From"), required=False)
    ends = WallTimeField(label=gettext_lazy("Until"), required=False)

    class Meta:
        model = CalendarDay
        fields = ["on", "kind", "starts", "ends", "name"]

    def clean(self) -> dict:
        cleaned = super().clean()
        kind, starts, ends = cleaned.get("kind"), cleaned.get("starts"), cleaned.get("ends")
        if kind == CalendarDay.Kind.HOLIDAY:
            cleaned["starts"] = cleaned["ends"] = None
            return cleaned
        if kind == CalendarDay.Kind.HALF_DAY and starts is None:
            starts = cleaned["starts"] = 0
        if starts is None and "starts" not in self.errors:
            self.add_error("starts", _("Say from when."))
        if ends is None and "ends" not in self.errors:
            self.add_error("ends", _("Say until when."))
        return cleaned


class CalendarForm(WagtailAdminModelForm):
    """A calendar with its openings and special days."""

    class Meta:
        model = BusinessCalendar
        fields = [
            "name",
            "time_zone",
            "always_open",
            "holiday_policy",
            "holiday_country",
            "holiday_subdivision",
        ]

    def clean_holiday_country(self) -> str:
        return self.cleaned_data["holiday_country"].upper()

    def clean_holiday_subdivision(self) -> str:
        return self.cleaned_data["holiday_subdivision"].upper()

    def is_valid(self) -> bool:
        """Valid in itself, and open at some time of the coming 400 days (`SLA-11`)."""
        if not super().is_valid():
            return False
        schedule = self.instance.schedule_with(
            self._rows("openings", "weekday", "opens", "closes", "effective_from"),
            self._rows("days", "kind", "on", "starts", "ends"),
        )
        if not opens_within(schedule, timezone.localdate()):
            self.add_error(
                None, _("With these openings the calendar is never open in the coming 400 days.")
            )
            return False
        return True

    def _rows(self, relation: str, *names: str) -> list[tuple]:
        """What was entered for a relation, rows marked for deletion left out."""
        return [
            tuple(form.cleaned_data.get(name) for name in names)
            for form in self.formsets[relation].forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
