"""Opening a problem."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from itil.problems import actions, permissions
from itil.problems.forms import NewProblemForm
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import DutyPage, VerbPage

# Who opens problems; the verb asks again.
DUTIES = ("is_agent", "is_problem_manager")


class FromIncident(DutyPage, View):
    """Leads from a ticket to the form, filled from it."""

    duties = DUTIES

    def get(self, request, number):
        incident = get_object_or_404(permissions.linkable_by(request.user), number=number)
        return redirect(f"{reverse('problems:new')}?incident={incident.number}")


class NewProblem(VerbPage):
    """From scratch, or from the incident that the address names."""

    duties = DUTIES
    refusals = (Refused,)
    form_class = NewProblemForm
    template_name = "itil/problems/new.html"

    @cached_property
    def incident(self) -> Ticket | None:
        number = self.request.GET.get("incident")
        if not number:
            return None
        found = permissions.linkable_by(self.request.user).filter(number=number).first()
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self):
        if self.request.method == "POST" or self.incident is None:
            return super().get_form_kwargs()
        names = ("title", "service", "category", "team")
        return {"initial": {name: getattr(self.incident, name) for name in names}}

    def get_context_data(self, **kwargs):
        return super().get_context_data(incident=self.incident, **kwargs)

    def perform(self, form):
        return actions.open_problem(
            by=self.request.user,
            incidents=[self.incident] if self.incident else [],
            is_confidential=bool(self.incident and self.incident.is_confidential),
            **form.cleaned_data,
        )

    def get_success_message(self, result):
        return _("%(number)s is open.") % {"number": result.number}

    def get_success_url(self):
        return reverse("problems:problem", args=[self.result.number])
