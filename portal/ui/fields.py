"""Form fields that several apps ask with."""

from functools import cache
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy


@cache
def zone_choices() -> tuple[tuple[str, str], ...]:
    """UTC and the zones of places; their names are the same in every language."""
    places = (name for name in available_timezones() if "/" in name)
    named = (name for name in sorted(places) if not name.startswith(("Etc/", "SystemV/")))
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in named))


class MomentField(forms.DateTimeField):
    """A day and time in the person's zone, to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {
        "invalid": gettext_lazy("Enter a day and time such as 2026-10-31 09:00.")
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)
