"""Form fields that several apps ask with."""

from django import forms
from django.utils.translation import gettext_lazy


class MomentField(forms.DateTimeField):
    """A day and time in the person's zone, to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {
        "invalid": gettext_lazy("Enter a day and time such as 2026-10-31 09:00.")
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)
