"""What the change calendar can be narrowed by; the same words narrow the feed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType, Status
from itil.cmdb.models import Environment
from itil.services.models import Service
from portal.people.models import Team

ANY = [("", _("All"))]


class CalendarForm(forms.Form):
    """Every field is optional; all are combined with AND. What does not fit is left out."""

    service = forms.ModelChoiceField(
        Service.objects.filter(active=True),
        label=_("Service"),
        required=False,
        empty_label=_("All"),
    )
    team = forms.ModelChoiceField(
        Team.objects.active(), label=_("Team"), required=False, empty_label=_("All")
    )
    environment = forms.ChoiceField(
        choices=[*ANY, *Environment.choices], label=_("Environment"), required=False
    )
    type = forms.ChoiceField(choices=[*ANY, *ChangeType.choices], label=_("Type"), required=False)
    risk = forms.ChoiceField(choices=[*ANY, *Risk.choices], label=_("Risk"), required=False)
    state = forms.ChoiceField(choices=[*ANY, *Status.choices], label=_("Status"), required=False)

    # The column that each field narrows.
    COLUMNS = {
        "service": "service",
        "team": "team",
        "environment": "environment",
        "type": "change_type",
        "risk": "risk",
        "state": "status",
    }

    def narrow(self, changes: Any) -> Any:
        """Those of the changes that fit."""
        self.is_valid()
        chosen = {self.COLUMNS[name]: value for name, value in self.cleaned_data.items() if value}
        return changes.filter(**chosen)

    @property
    def chosen(self) -> dict[str, str]:
        """The values that are on, as they stand in the address."""
        return {name: self.data[name] for name in self.COLUMNS if self.data.get(name)}
