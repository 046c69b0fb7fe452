"""What every schedule is asked that opens a record in a team's queue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.schedules.permissions import teams_for
from itil.services.models import Service
from itil.tickets.models import Category, Level
from portal.people.models import Team, User

GONE = {"invalid_choice": _("what was chosen is not in use any more. Choose another one.")}


class RecordForm(forms.Form):
    """The record that is opened. With a user, the teams are those that the user may have it opened
    for; without one, every record in use may be chosen.
    """

    # Who may have records of this type opened wherever they like.
    managed_by = ""

    title = forms.CharField(label=_("Subject"), max_length=250)
    text = forms.CharField(label=_("What is to be done?"), widget=forms.Textarea(attrs={"rows": 5}))
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), error_messages=GONE
    )
    service = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Service.objects.filter(active=True),
        required=False,
        error_messages=GONE,
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.filter(active=True),
        required=False,
        error_messages=GONE,
    )
    impact = forms.TypedChoiceField(
        label=_("Impact"), choices=Level.choices, coerce=int, initial=Level.LOW
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), choices=Level.choices, coerce=int, initial=Level.MEDIUM
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_for(user, self.managed_by)
