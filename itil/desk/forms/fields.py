"""The kinds of fields that forms of the desk have."""

import re

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from itil.conversation.files import NewFile, within_limits

_CLOCK_FORM = re.compile(r"^(?:(\d{1,2})[:h]\s*(\d{1,2})?\s*m?|(\d{1,4})\s*m?)$")


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files within the limits of a message; gives a list of NewFile."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        files = [
            NewFile(upload.name, upload.read())
            if upload.size <= settings.ATTACHMENT_MAX_BYTES
            # Not read into memory: the limit refuses it by its size alone.
            else NewFile(upload.name, b"\0" * (settings.ATTACHMENT_MAX_BYTES + 1))
            for upload in uploads
        ]
        kept, refused = within_limits(files)
        if refused:
            raise forms.ValidationError(refused)
        return kept


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


class MomentField(forms.DateTimeField):
    """A day and time in the person's zone, to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {
        "invalid": gettext_lazy("Enter a day and time such as 2026-10-31 09:00.")
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)
