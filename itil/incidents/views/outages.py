"""When the service of an incident was down or degraded."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.desk.views.queue import DUTIES
from itil.incidents import actions
from itil.incidents.forms import OutageForm
from itil.incidents.models import Incident
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage


class Outage(ActionPage):
    """From and until; availability is counted from it."""

    model = Incident
    lookup = "number"
    duties = DUTIES
    refusals = (Refused,)
    template_name = "itil/desk/action.html"
    title = gettext_lazy("When was the service down or degraded?")
    button = gettext_lazy("Save")

    def get_queryset(self):
        found = Incident.objects.visible_to(self.request.user)
        return found.select_related("service", "requester", "team", "organization")

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return OutageForm(data, incident=self.record)

    def get_context_data(self, **kwargs):
        return super().get_context_data(ticket=self.record, **kwargs)

    def perform(self, form):
        return actions.note_outage(self.record, by=self.request.user, **form.cleaned_data)

    def get_success_message(self, result):
        return _("Saved.")
