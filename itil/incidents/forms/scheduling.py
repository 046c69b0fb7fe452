"""What a schedule is asked that opens incidents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.cmdb.models import ConfigurationItem
from itil.schedules.permissions import teams_for
from itil.services.models import Service
from itil.tickets.models import Category, Level
from portal.people.models import Team, User

GONE = {"invalid_choice": _("what was chosen is not in use any more. Choose another one.")}


class CheckForm(forms.Form):
    """A check: who does what, on which items. Without a user every record in use may be chosen."""

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
    items = forms.ModelMultipleChoiceField(
        label=_("Items"),
        queryset=ConfigurationItem.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        error_messages=GONE,
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_for(user)
        items = ConfigurationItem.objects.present()
        if user is not None:
            items = items.visible_to(user)
        self.fields["items"].queryset = items.order_by("name", "pk")
