"""Opening an incident at the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from itil.tickets.errors import Refused
from portal.people.models import User
from portal.ui.pages import DutyPage

from .actions import open_incident
from .forms import NewIncidentForm


class NewIncident(DutyPage, FormView):
    """A call or a visitor, written down by an agent."""

    duties = ("is_agent",)
    form_class = NewIncidentForm
    template_name = "itil/incidents/new.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: NewIncidentForm) -> HttpResponse:
        try:
            incident = open_incident(by=self.request.user, **form.cleaned_data)
        except Refused as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("%(number)s is open.") % {"number": incident.number})
        return redirect(incident)

    def form_invalid(self, form: NewIncidentForm) -> HttpResponse:
        return render(self.request, self.template_name, {"form": form}, status=422)


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
