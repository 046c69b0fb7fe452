"""The shape of a holiday list, of filling it and of uploading dates to it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.calendars.actions import changing
from itil.calendars.hours.public import countries
from itil.calendars.models import HolidayDate, HolidayList

from .fields import HalfDayForm, VersionedForm

# A list is filled for the years one plans for, not for centuries.
MOST_YEARS = 30
LARGEST_FILE = 1024 * 1024


class HolidayDateForm(HalfDayForm):
    """One date of a list; without times it is closed all day."""

    class Meta:
        model = HolidayDate
        fields = ["on", "name", "starts", "ends"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["starts"].label = _("Open from")
        self.fields["ends"].label = _("Open until")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("ends") is not None and cleaned.get("starts") is None:
            cleaned["starts"] = 0
        if cleaned.get("starts") is not None:
            self.need_hours(cleaned)
        return cleaned


class HolidayListForm(VersionedForm):
    """A list with its dates."""

    class Meta:
        model = HolidayList
        fields = ["name"]

    def save(self, commit: bool = True) -> HolidayList:  # noqa: FBT001, FBT002 - Django's.
        """Save; the calendars that follow the list become new versions."""
        if not commit:
            return super().save(commit=False)
        with changing(self.instance):
            return super().save()


class FillForm(forms.Form):
    """Which public holidays to write into a list."""

    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=2,
        help_text=gettext_lazy("The two letters of the country, such as DE."),
    )
    subdivision = forms.CharField(
        label=gettext_lazy("Region"),
        max_length=6,
        required=False,
        help_text=gettext_lazy("The code of the region, such as BY; empty: the whole country."),
    )
    first_year = forms.IntegerField(label=gettext_lazy("From year"), min_value=1900, max_value=2200)
    last_year = forms.IntegerField(label=gettext_lazy("To year"), min_value=1900, max_value=2200)

    def __init__(self, *args: Any, holiday_list: HolidayList, **kwargs: Any):
        year = timezone.localdate().year
        kwargs["initial"] = {
            "country": holiday_list.country,
            "subdivision": holiday_list.subdivision,
            "first_year": year,
            "last_year": year + 2,
        }
        super().__init__(*args, **kwargs)

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if country not in countries():
            raise ValidationError(_("No public holidays are known for this country code."))
        return country

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        country, subdivision = cleaned.get("country"), cleaned.get("subdivision", "").upper()
        if country and subdivision and subdivision not in countries()[country]:
            self.add_error(
                "subdivision",
                _("No public holidays are known for this region. Known are: %s.")
                % (", ".join(countries()[country]) or _("none")),
            )
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", _("The last year is before the first."))
        if first and last and last - first >= MOST_YEARS:
            self.add_error("last_year", _("Fill in %d years at most.") % MOST_YEARS)
        return cleaned | {"subdivision": subdivision}


class UploadForm(forms.Form):
    """A file of dates for a list."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV with the columns date,name and, for half days, open_from,open_until; or"
            " iCalendar (.ics) with all-day events. Dates that are already in the list are"
            " replaced. If anything in the file is wrong, nothing is taken from it."
        ),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 1 MiB."))
        return file.read()
