"""Business time as people write it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

MINUTE = 60
HOUR = 60 * MINUTE


class BusinessTimeField(forms.CharField):
    """Business time written as h:mm, in seconds; also `8 h`, `30 min` and `1 h 30 min`.

    Days are refused: a day may mean 8 hours, 24 hours or a business day (`SLA-3`). Seconds that
    came from elsewhere are shown as h:mm:ss, so that saving does not change them.
    """

    default_error_messages = {
        "invalid": gettext_lazy("Write the time as hours and minutes, for example 4:00 or 0:30."),
        "days": gettext_lazy("Write hours: a day may mean 8 h, 24 h or a business day."),
        "zero": gettext_lazy("A target is longer than 0 minutes."),
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"placeholder": "4:00", "size": 7})
        super().__init__(**{"widget": widget, "max_length": 20} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        text = f"{value // HOUR}:{value % HOUR // MINUTE:02}"
        return f"{text}:{value % MINUTE:02}" if value % MINUTE else text

    def to_python(self, value: Any) -> int | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        return self._seconds(text.strip().lower())

    def _seconds(self, text: str) -> int:
        if re.search(r"\bd(ays?)?\b|\dd", text):
            raise forms.ValidationError(self.error_messages["days"], code="days")
        found = re.fullmatch(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", text) or re.fullmatch(
            r"(?:(\d{1,4})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?()", text
        )
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        seconds = int(found[1] or 0) * HOUR + int(found[2] or 0) * MINUTE + int(found[3] or 0)
        if seconds == 0:
            raise forms.ValidationError(self.error_messages["zero"], code="zero")
        return seconds

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The text was checked while it was read; the seconds need no further check."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
