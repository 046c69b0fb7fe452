"""The steps of a problem, and what it is declared to be."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from itil.desk.views.stepping import StepPage
from itil.problems import actions
from itil.problems.forms import KnownErrorForm, form_for
from itil.problems.matching.incidents import offered_for_resolution

from .records import ProblemAction


class Move(StepPage, ProblemAction):
    """One step of the life cycle."""

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return form_for(self.row.verb, self.record, self.request.user, data)

    def perform(self, form):
        # What the button on another page did not ask for stays as it is.
        given = {name: value for name, value in form.cleaned_data.items() if name in form.data}
        return actions.move(self.record, self.row.verb, by=self.request.user, values=given)

    def get_success_url(self):
        # Nobody is led to a page on which there is nothing to resolve.
        if self.row.verb == "resolve" and offered_for_resolution(self.record, self.request.user):
            return reverse("problems:solve", args=[self.record.number])
        return super().get_success_url()


class KnownError(ProblemAction):
    form_class = KnownErrorForm
    title = gettext_lazy("Declare a known error")
    button = gettext_lazy("Declare it")
    success_message = gettext_lazy("It is a known error now. A draft of an article is on its way.")

    def get_form(self):
        names = ("symptoms", "root_cause", "is_detail_unknown")
        initial = {name: getattr(self.record, name) for name in names}
        data = self.request.POST if self.request.method == "POST" else None
        return KnownErrorForm(data, initial=initial)

    def perform(self, form):
        return actions.declare_known_error(self.record, by=self.request.user, **form.cleaned_data)
