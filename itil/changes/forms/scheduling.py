"""What a schedule is asked that opens standard changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.changes.models import ChangeTemplate
from itil.cmdb.models import ConfigurationItem
from itil.schedules.forms import GONE
from itil.schedules.permissions import teams_for
from itil.services.models import Service
from itil.tickets.lifecycle import Actor
from portal.people.models import User


class StandardScheduleForm(forms.Form):
    """A standard change and its window, counted from the day on which the schedule opens it.

    Whether its template is in force is asked when it is opened, so that its refusal says why.
    """

    template = forms.ModelChoiceField(
        label=_("Template"),
        queryset=ChangeTemplate.objects.select_related("team"),
        error_messages=GONE,
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=250,
        required=False,
        help_text=_("Empty: the name of the template."),
    )
    service = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Service.objects.filter(active=True),
        required=False,
        help_text=_("Where the template lets it be chosen."),
        error_messages=GONE,
    )
    lead_days = forms.IntegerField(
        label=_("Its window is so many days later"), min_value=0, max_value=90, initial=7
    )
    starts_at = forms.TimeField(
        label=_("The window begins at"),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("In the time zone of the schedule."),
        error_messages={"invalid": _("Enter a time such as 22:00.")},
    )
    minutes = forms.IntegerField(
        label=_("and lasts so many minutes"), min_value=15, max_value=2880, initial=120
    )
    items = forms.ModelMultipleChoiceField(
        label=_("Items"),
        help_text=_("Hold Ctrl (on a Mac ⌘) to choose several, or to take one out."),
        queryset=ConfigurationItem.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        error_messages=GONE,
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        items = ConfigurationItem.objects.present()
        if user is not None:
            items = items.visible_to(user)
            self.fields["template"].queryset = ChangeTemplate.objects.filter(
                state=ChangeTemplate.State.APPROVED,
                team__in=teams_for(user, Actor.CHANGE_MANAGER),
            ).select_related("team")
        self.fields["items"].queryset = items.order_by("name", "pk")
