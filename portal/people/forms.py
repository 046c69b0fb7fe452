"""Shapes of what people and administrators type about people."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from portal.ui.fields import zone_choices

from .models import Delegation, User


def _zones() -> list[tuple[str, str]]:
    """Every zone named after a place, and UTC; the first choice follows the house."""
    house = _("As the service desk (%(zone)s)") % {"zone": settings.BUSINESS_TIME_ZONE}
    return [("", house), *zone_choices()]


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
    hides_name_as_approver = forms.BooleanField(
        label=_("When I approve something, do not show my name to the requester"), required=False
    )


class StandInForm(forms.Form):
    """Who stands in for `person`, from the first day to the last one, in the person's own zone."""

    who = forms.CharField(
        label=_("Who stands in for you?"),
        max_length=254,
        help_text=_("A name or an e-mail address."),
        error_messages={"required": _("Enter who stands in for you.")},
    )
    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kinds = forms.MultipleChoiceField(
        label=_("What for?"),
        choices=[
            (Delegation.Kind.APPROVALS, _("Approvals: decides in your place")),
            (Delegation.Kind.TASKS, _("Tasks: sees your tasks and works on them")),
            (Delegation.Kind.MAIL_COPIES, _("Mails: gets a copy of what we write to you")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    includes_confidential = forms.BooleanField(label=_("Confidential requests too"), required=False)

    def __init__(self, *args: Any, person: User, now: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person
        self.today = now.astimezone(person.zone).date()

    def clean_who(self):
        """The one person meant, among those whom one may know of."""
        text = " ".join(self.cleaned_data["who"].split())
        people = User.objects.active().visible_to(self.person)
        found = list(people.filter(Q(name__iexact=text) | Q(email__iexact=text))[:2])
        if not found:
            raise forms.ValidationError(
                _("Nobody of that name or address was found. Write it in full.")
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several people have that name. Enter the e-mail address.")
            )
        if found[0] == self.person:
            raise forms.ValidationError(_("Choose somebody else than yourself."))
        return found[0]

    def clean_last_day(self):
        if self.cleaned_data["last_day"] < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return self.cleaned_data["last_day"]

    def clean(self):
        given = super().clean()
        who = given.get("who")
        if who and Delegation.Kind.TASKS in given.get("kinds", ()) and not who.grants.is_agent:
            self.add_error(
                "kinds",
                _("%(name)s does not work at the service desk and cannot see tasks.")
                % {"name": who.name},
            )
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first one."))
        elif first and last:
            given["starts_at"] = self._midnight(first)
            given["ends_at"] = self._midnight(last + timedelta(days=1))
        return given

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.person.zone)


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
    "billing_contact",
    "can_approve_cost",
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
