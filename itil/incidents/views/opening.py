"""Opening an incident at the desk."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from itil.incidents.actions import open_incident
from itil.incidents.forms import NewIncidentForm
from itil.incidents.models import Incident
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.people.models import User
from portal.ui.pages import DutyPage, VerbPage


class NewIncident(VerbPage):
    """A call or a visitor, written down by an agent."""

    duties = ("is_agent",)
    refusals = (Refused,)
    form_class = NewIncidentForm
    template_name = "itil/incidents/new.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def perform(self, form: NewIncidentForm) -> Incident:
        return open_incident(by=self.request.user, **form.cleaned_data)

    @cached_property
    def may_see_it(self) -> bool:
        """Whoever wrote it down need not work in the team that got it."""
        seen = Ticket.objects.visible_to(self.request.user)
        return bool(seen.filter(pk=self.result.pk).exists())

    def get_success_message(self, result: Incident) -> str:
        if self.may_see_it:
            return _("%(number)s is open.") % {"number": result.number}
        return _("%(number)s is open and with %(team)s now. It does not show in your queue.") % {
            "number": result.number,
            "team": result.team,
        }

    def get_success_url(self) -> str:
        return self.result.get_absolute_url() if self.may_see_it else reverse("desk:queue")


class PeopleFound(DutyPage, TemplateView):
    """Names for the requester field while it is typed; a fragment."""

    duties = ("is_agent",)
    template_name = "itil/incidents/_people.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(people=_people(self.request), **kwargs)


def _people(request: HttpRequest):
    """At most ten people whose name or address begins with what was typed."""
    typed = request.GET.get("requester", "").strip()
    if len(typed) < 2:
        return User.objects.none()
    people = User.objects.visible_to(request.user).active()
    return (
        people.filter(name__istartswith=typed) | people.filter(email__istartswith=typed)
    ).select_related("organization")[:10]
