"""The kinds of fields that forms of the desk have."""

import re

from django import forms
from django.utils.translation import gettext_lazy

from itil.conversation.forms import ManyFilesField
from portal.ui.fields import MomentField

__all__ = ["DurationField", "ManyFilesField", "MomentField"]

_CLOCK_FORM = re.compile(r"^(?:(\d{1,2})[:h]\s*(\d{1,2})?\s*m?|(\d{1,4})\s*m?)$")


class DurationField(forms.CharField):
    """Worked time as 90, 1:30 or 1h 30m; gives whole minutes."""

    default_error_messages = {
        "unreadable": gettext_lazy("Enter the time as 1:30, as 1h 30m or in minutes.")
    }

    def clean(self, value):
        text = super().clean(value).strip().lower()
        if not text:
            return None
        found = _CLOCK_FORM.match(text)
        if not found:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        if found[3]:
            return int(found[3])
        return int(found[1]) * 60 + int(found[2] or 0)
