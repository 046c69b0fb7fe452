"""Candidates: clusters of similar incidents, to be opened as a problem or dismissed."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.problems import actions, permissions
from itil.problems.forms import DismissForm, FromCandidateForm
from itil.problems.models import ProblemCandidate
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import ActionPage, DetailPage, ListPage

from .records import DUTIES

MEMBERS = 50


class CandidateRecord:
    model = ProblemCandidate
    duties = DUTIES

    def get_queryset(self):
        rows = ProblemCandidate.objects.visible_to(self.request.user)
        return rows.select_related("service", "item", "problem", "decided_by")


class Candidates(CandidateRecord, ListPage):
    """Those to decide, the most striking first."""

    template_name = "itil/problems/candidates.html"

    def get_queryset(self):
        open_ones = super().get_queryset().filter(state=ProblemCandidate.State.OPEN)
        return open_ones.order_by("-score", "pk")


class CandidatePage(CandidateRecord, DetailPage):
    """Its incidents, how alike they are, and what makes it stand out."""

    template_name = "itil/problems/candidate.html"

    def get_context_data(self, **kwargs):
        seen = Ticket.objects.visible_to(self.request.user)
        members = self.record.members.filter(incident__in=seen)
        return super().get_context_data(
            candidate=self.record,
            members=members.select_related("incident__requester")[:MEMBERS],
            may_decide=permissions.may_decide(self.request.user)
            and self.record.state == ProblemCandidate.State.OPEN,
            open_form=FromCandidateForm(initial={"title": self.record.words}),
            dismiss_form=DismissForm(),
            **kwargs,
        )


class CandidateAction(CandidateRecord, ActionPage):
    refusals = (Refused,)
    template_name = "itil/problems/candidate_action.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(candidate=self.record, **kwargs)

    def get_success_url(self):
        return ""


class OpenFrom(CandidateAction):
    form_class = FromCandidateForm
    title = gettext_lazy("Open a problem")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"initial": {"title": self.record.words}}

    def perform(self, form):
        self.opened = actions.open_from(self.record, by=self.request.user, **form.cleaned_data)
        return self.opened

    def leave(self):
        return redirect("problems:problem", self.opened.number)

    def get_success_message(self, result):
        return _("%(number)s is open.") % {"number": result.number}


class Dismiss(CandidateAction):
    form_class = DismissForm
    title = gettext_lazy("Dismiss the candidate")
    success_message = gettext_lazy("It is dismissed.")

    def perform(self, form):
        return actions.dismiss(self.record, by=self.request.user, **form.cleaned_data)

    def leave(self):
        return redirect("problems:candidates")
