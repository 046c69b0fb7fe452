"""When a service was down, as a form."""

from django import forms
from django.utils.translation import gettext_lazy

from itil.incidents.models import Incident
from portal.ui.fields import MomentField


class OutageForm(forms.Form):
    """Both empty: it was not down."""

    down_from = MomentField(label=gettext_lazy("Down from"), required=False)
    down_until = MomentField(
        label=gettext_lazy("Down until"),
        required=False,
        help_text=gettext_lazy("Left empty, it is down until the incident is resolved."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial = {
            "down_from": incident.down_from or incident.received_at,
            "down_until": incident.down_until or incident.resolved_at,
            "version": incident.version,
        }
