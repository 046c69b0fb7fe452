"""When a service was down, as a form."""

from django import forms
from django.utils.translation import gettext_lazy

from itil.incidents.models import Incident
from portal.ui.fields import MomentField


class OutageForm(forms.Form):
    """Both empty: it was not down."""

    down_from = MomentField(label=gettext_lazy("Down or degraded from"), required=False)
    down_until = MomentField(
        label=gettext_lazy("Down or degraded until"),
        required=False,
        help_text=gettext_lazy("Left empty, it lasts until the incident is resolved."),
    )
    is_degraded = forms.BooleanField(
        label=gettext_lazy("Degraded: it could be used, but worse than agreed"),
        required=False,
        help_text=gettext_lazy(
            "Availability then loses only the part of this time that the agreement says, and it is"
            " no failure."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, **kwargs)
        down_from = incident.down_from or incident.received_at
        solved_at = incident.resolved_at
        if solved_at is not None:
            solved_at = incident.restored_before_courtesy(down_from) or solved_at
        self.initial = {
            "down_from": down_from,
            "down_until": incident.down_until or solved_at,
            "is_degraded": incident.is_degraded,
            "version": incident.version,
        }
