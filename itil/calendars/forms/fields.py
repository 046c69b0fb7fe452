"""Wall times as HH:MM, and forms that notice when somebody else was faster."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from itil.calendars.hours import MINUTES_A_DAY
from itil.calendars.hours.written import wall_time


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


class VersionedForm(WagtailAdminModelForm):
    """A form of a record with a version; saving is refused when the record has a newer one.

    The row stays locked until the transaction of the request ends, so of two people who save at
    once one is told.
    """

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen = cleaned.get("seen_version")
        if self.instance.pk and seen is not None:
            rows = type(self.instance)._default_manager.select_for_update()
            version = rows.filter(pk=self.instance.pk).values_list("version", flat=True).first()
            if version != seen:
                self.add_error(None, _newer(seen, version))
        return cleaned


def _newer(seen: int, version: int | None) -> str:
    if version is None:
        return _("Somebody else has deleted this. Copy what you need from this page.")
    return _(
        "Somebody else has saved this after you opened it: it is version %(version)d now, you saw"
        " version %(seen)d. Nothing of yours was saved. It is all still here: open the page a"
        " second time, compare, and enter there what is missing."
    ) % {"version": version, "seen": seen}


class HalfDayForm(WagtailAdminModelForm):
    """Two wall times of which both or none are given."""

    starts = WallTimeField(label=gettext_lazy("From"), required=False)
    ends = WallTimeField(label=gettext_lazy("Until"), required=False)

    def need_hours(self, cleaned: dict[str, Any]) -> None:
        """Complain of missing times, and of an opening at 24:00."""
        if cleaned.get("starts") is None and "starts" not in self.errors:
            self.add_error("starts", _("Say from when."))
        if cleaned.get("ends") is None and "ends" not in self.errors:
            self.add_error("ends", _("Say until when."))
        if cleaned.get("starts") == MINUTES_A_DAY:
            self.add_error("starts", _("It begins at 23:59 at the latest."))
