"""The problem of the URL, and what the pages about it share."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from itil.desk.permissions import may_read_notes
from itil.problems.models import Problem
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage

# Who sees problems at all; which ones is the queryset's business.
DUTIES = ("is_agent", "sees_all_tickets")


class ProblemRecord:
    """Finds it among those that the person may see, in one query."""

    model = Problem
    lookup = "number"
    duties = DUTIES

    def get_queryset(self):
        return Problem.objects.visible_to(self.request.user).select_related(
            "assignee", "team", "service__owner", "accepted_by", "organization", "requester"
        )


class ProblemAction(ProblemRecord, ActionPage):
    """A verb on the problem of the URL. Its forms hold texts: who reads none has none (`c5`)."""

    refusals = (Refused,)
    template_name = "itil/problems/action.html"
    button = gettext_lazy("Save")

    def check(self):
        if not may_read_notes(self.request.user, self.record):
            raise Http404
        super().check()

    def get_context_data(self, **kwargs):
        return super().get_context_data(ticket=self.record, **kwargs)

    def get_success_url(self):
        return reverse("problems:problem", args=[self.record.number])
