"""The steps of the procedure for major incidents, as forms."""

from django import forms
from django.utils.translation import gettext_lazy

from itil.incidents.models import MajorIncident, MajorRole
from itil.incidents.models.major import DEFAULT_INTERVAL, LONGEST_INTERVAL, SHORTEST_INTERVAL
from portal.people.models import User


class WhyForm(forms.Form):
    """A step that asks why."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"), widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""})
    )


def _interval() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Minutes between updates"),
        help_text=gettext_lazy("People are promised news this often; the owner is reminded."),
        min_value=SHORTEST_INTERVAL,
        max_value=LONGEST_INTERVAL,
        initial=DEFAULT_INTERVAL,
    )


def _announcement() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Notice on the portal"),
        help_text=gettext_lazy(
            "One sentence for everybody concerned. Names of customers do not belong here."
        ),
        max_length=250,
        required=False,
    )


class PeopleField(forms.ModelChoiceField):
    """Somebody of the desk."""

    def __init__(self, **kwargs):
        super().__init__(queryset=User.objects.none(), **kwargs)


class AcceptForm(forms.Form):
    """Who leads it, how often people hear of it, and what the portal shows."""

    owner = PeopleField(
        label=gettext_lazy("Major incident manager"), help_text=gettext_lazy("The owner.")
    )
    communications = PeopleField(
        label=MajorRole.COMMUNICATIONS.label,
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    technical = PeopleField(
        label=MajorRole.TECHNICAL.label, required=False, empty_label=gettext_lazy("Nobody yet")
    )
    interval_minutes = _interval()
    announcement = _announcement()
    keeps_priority = forms.BooleanField(
        label=gettext_lazy("Keep the priority as it is"),
        help_text=gettext_lazy("Otherwise it becomes critical."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("owner", "communications", "technical"):
            self.fields[name].queryset = User.objects.agents().order_by("name")


class PeopleForm(forms.Form):
    """Roles, interval and notice of a major incident that goes on."""

    manager = PeopleField(label=MajorRole.MANAGER.label)
    communications = PeopleField(
        label=MajorRole.COMMUNICATIONS.label,
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    technical = PeopleField(
        label=MajorRole.TECHNICAL.label, required=False, empty_label=gettext_lazy("Nobody yet")
    )
    interval_minutes = _interval()
    announcement = _announcement()

    def __init__(self, *args, major: MajorIncident, **kwargs):
        super().__init__(*args, **kwargs)
        for name in MajorRole.values:
            self.fields[name].queryset = User.objects.agents().order_by("name")
        holders = {holder.role: holder.person_id for holder in major.roles.all()}
        self.initial = {
            **holders,
            "interval_minutes": major.interval_minutes,
            "announcement": major.announcement,
        }


class UpdateForm(forms.Form):
    """What everybody concerned is told."""

    text = forms.CharField(
        label=gettext_lazy("What people should know"),
        help_text=gettext_lazy(
            "What works again, what does not, what they can do meanwhile. It also stands on each"
            " of their tickets."
        ),
        widget=forms.Textarea(attrs={"rows": 5, "data-focus": ""}),
    )
