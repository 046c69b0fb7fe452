"""The kinds of fields that forms of the desk have."""

from django import forms
from django.utils.translation import gettext_lazy

from itil.conversation.forms import ManyFilesField
from itil.timesheets.parse import minutes_of
from portal.ui.fields import MomentField

__all__ = ["DurationField", "ManyFilesField", "MomentField"]


class DurationField(forms.CharField):
    """Worked time as 90, 1:30 or 1h 30m; gives whole minutes."""

    default_error_messages = {
        "unreadable": gettext_lazy("Enter the time as 1:30, as 1h 30m or in minutes.")
    }

    def clean(self, value):
        text = super().clean(value).strip()
        if not text:
            return None
        minutes = minutes_of(text)
        if minutes is None:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return minutes
