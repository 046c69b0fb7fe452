"""Form fields that several apps ask with."""

from datetime import date
from functools import cache
from zoneinfo import available_timezones

import django_filters
from django import forms
from django.utils.translation import gettext_lazy

# Beyond the ends of the calendar nothing can be computed.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)


@cache
def zone_choices() -> tuple[tuple[str, str], ...]:
    """UTC and the zones of places; their names are the same in every language."""
    places = (name for name in available_timezones() if "/" in name)
    named = (name for name in sorted(places) if not name.startswith(("Etc/", "SystemV/")))
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in named))


class DayField(forms.DateField):
    """A calendar day, with a message that says what to type.

    Days of which not every zone and database knows the midnights are typing errors.
    """

    widget = forms.DateInput(attrs={"type": "date"})
    default_error_messages = {"invalid": gettext_lazy("Enter a date such as 2026-10-31.")}

    def to_python(self, value):
        day = super().to_python(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class MomentField(forms.DateTimeField):
    """A day and time in the person's zone, to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {
        "invalid": gettext_lazy("Enter a day and time such as 2026-10-31 09:00.")
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)
