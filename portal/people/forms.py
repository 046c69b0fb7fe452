"""Shapes of what people and administrators type about people."""

import zoneinfo

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from .models import User


def _zones() -> list[tuple[str, str]]:
    """Every zone named after a place, and UTC; the first choice follows the house."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    named = [
        (name, name.replace("_", " "))
        for name in names
        if not name.startswith(("Etc/", "SystemV/"))
    ]
    house = _("As the service desk (%(zone)s)") % {"zone": settings.BUSINESS_TIME_ZONE}
    return [("", house), ("UTC", "UTC"), *named]


class OwnSettingsForm(forms.Form):
    """What people choose for themselves; their name and address come from the administrator."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As my browser")), *settings.LANGUAGES],
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=_zones,
        help_text=_("All times on your pages are shown in this zone."),
    )
    theme = forms.ChoiceField(
        label=_("Theme"), choices=User.Theme.choices, widget=forms.RadioSelect
    )


PERSON_FIELDS = [
    "email",
    "name",
    "organization",
    "location",
    "manager",
    "phone",
    "language",
    "time_zone",
    "vip",
    "sees_organization",
]


class PersonSearchForm(BaseFilterForm):
    """Finds a person in the admin's chooser, among thousands."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False)

    def filter(self, objects):
        words = self.cleaned_data.get("q", "").split()
        for word in words:
            objects = objects.filter(Q(name__icontains=word) | Q(email__icontains=word))
        self.search_query = " ".join(words)
        self.is_searching = bool(words)
        return objects


class PersonCreationForm(UserCreationForm):
    """The administrator's form for a new person. Without a password one only writes mail, until
    one asks for a new password on the sign-in page."""

    password_required = False
    # Wagtail expects two parts of a name; ours is one field.
    first_name = None
    last_name = None

    class Meta(UserCreationForm.Meta):
        fields = [*PERSON_FIELDS, "is_superuser", "groups"]

    def clean_email(self):
        return User.objects.normalize_email(self.cleaned_data["email"])


class PersonEditForm(UserEditForm):
    """The administrator's form for somebody who is known."""

    first_name = None
    last_name = None

    class Meta(UserEditForm.Meta):
        fields = [*PERSON_FIELDS, "is_active", "is_superuser", "groups"]

    def clean_email(self):
        return User.objects.normalize_email(self.cleaned_data["email"])
