"""Adding tasks to a ticket, putting them in order, trying one again."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.tasks import actions, permissions
from itil.tasks.forms import NewTaskForm, WaitForForm
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import ActionPage

from .acting import TaskAction
from .inbox import DUTIES


class Add(ActionPage):
    """A task by hand, on the ticket of the URL."""

    model = Ticket
    lookup = "number"
    duties = DUTIES
    refusals = (Refused,)
    template_name = "itil/tasks/add.html"

    def get_form(self):
        return NewTaskForm(self.request.POST or None, ticket=self.record)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            ticket=self.record,
            may_plan=permissions.may_plan(self.request.user, self.record),
            **kwargs,
        )

    def perform(self, form):
        values = form.cleaned_data
        return actions.add_task(
            self.record,
            by=self.request.user,
            at=timezone.now(),
            **values | {"checklist": values["checklist"].splitlines()},
        )

    def get_success_message(self, result):
        return _("%(number)s is with %(team)s.") % {"number": result.number, "team": result.team}


class Again(TaskAction):
    """A new task in the place of one that failed; leads to the new one."""

    template_name = ""

    def perform(self, form):
        self.new = actions.try_again(self.record, by=self.request.user, at=timezone.now())
        return self.new

    def get_success_url(self):
        return getattr(self, "new", self.record).get_absolute_url()

    def get_success_message(self, result):
        return _("%(number)s takes its place.") % {"number": result.number}


class WaitFor(TaskAction):
    title = gettext_lazy("Wait for another task")

    def get_form(self):
        return WaitForForm(self.request.POST or None, task=self.record, user=self.request.user)

    def perform(self, form):
        return actions.depend(
            self.record,
            form.cleaned_data["predecessor"],
            by=self.request.user,
            at=timezone.now(),
        )

    def get_success_message(self, result):
        return _("%(number)s waits for it.") % {"number": self.record.number}
