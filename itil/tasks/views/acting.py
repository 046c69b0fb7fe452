"""What people do to a task: each page takes a form, calls a verb and goes back."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.tasks import actions
from itil.tasks.forms import AssignForm, FinishForm, TeamForm, form_for
from itil.tasks.lifecycle import LIFECYCLE
from itil.tasks.models import Task
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage

from .task import TaskPage, TaskRecord


class TaskAction(TaskRecord, ActionPage):
    """A verb on the task of the URL."""

    refusals = (Refused,)
    template_name = "itil/tasks/action.html"
    button = gettext_lazy("Save")

    def get_context_data(self, **kwargs):
        return super().get_context_data(task=self.record, **kwargs)

    def get_success_url(self):
        """Where this person can still go to: who hands a task over may not see it any more."""
        visible = Task.objects.visible_to(self.request.user).filter(pk=self.record.pk)
        return self.record.get_absolute_url() if visible.exists() else reverse("tasks:inbox")


# The steps of the life cycle that people take; finishing has a form of its own.
_VERBS = {
    "start": lambda task, values, **who: actions.start(task, **who),
    "block": lambda task, values, **who: actions.block(task, note=values["note"], **who),
    "unblock": lambda task, values, **who: actions.unblock(task, **who),
    "fail": lambda task, values, **who: actions.fail(task, note=values["note"], **who),
    "skip": lambda task, values, **who: actions.skip(task, reason=values["reason"], **who),
}


class Move(TaskAction):
    """One step of the life cycle."""

    @property
    def move(self):
        verb = self.kwargs["verb"]
        if verb not in _VERBS:
            raise Http404
        return next(row for row in LIFECYCLE.moves if row.verb == verb)

    @property
    def title(self):
        return str(self.move.label).rstrip("…")

    @property
    def button(self):
        return self.title

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return form_for(self.move.verb, self.record, data=data)

    def perform(self, form):
        return _VERBS[self.move.verb](
            self.record, form.cleaned_data, by=self.request.user, at=timezone.now()
        )

    def get_success_message(self, result):
        return _("%(number)s is now “%(status)s”.") % {
            "number": self.record.number,
            "status": self.record.status_label,
        }


class Finish(TaskAction):
    """Done, with what shows it; what was typed stays when it is refused."""

    template_name = "itil/tasks/task.html"
    success_message = gettext_lazy("Done. Whatever waited for it can begin.")

    def get(self, request, *args, **kwargs):
        return self.leave()

    def get_form(self):
        return FinishForm(self.request.POST, self.request.FILES, task=self.record)

    def get_context_data(self, **kwargs):
        """The whole page of the task around the form."""
        page = TaskPage()
        page.setup(self.request, **self.kwargs)
        return page.get_context_data(finish_form=kwargs["form"])

    def perform(self, form):
        return actions.finish(
            self.record, by=self.request.user, at=timezone.now(), **form.cleaned_data
        )


class Tick(TaskAction):
    """A line of the checklist, on or off; with htmx only the checklist comes back."""

    template_name = ""

    def perform(self, form):
        item = self.request.POST.get("item", "")
        return actions.tick(
            self.record,
            int(item) if item.isdecimal() and len(item) < 5 else -1,
            done=self.request.POST.get("done") == "1",
            by=self.request.user,
            at=timezone.now(),
        )

    def get_success_url(self):
        return f"{self.record.get_absolute_url()}#checklist"

    def leave(self):
        if getattr(self.request, "htmx", False):
            context = {"task": self.record, "may_tick": True}
            return render(self.request, "itil/tasks/_checklist.html", context)
        return super().leave()


class Take(TaskAction):
    template_name = ""
    success_message = gettext_lazy("It is yours now.")

    def perform(self, form):
        return actions.take(self.record, by=self.request.user, at=timezone.now())


class Assign(TaskAction):
    title = gettext_lazy("Assign")
    button = gettext_lazy("Assign")

    def get_form(self):
        return AssignForm(self.request.POST or None, task=self.record)

    def perform(self, form):
        person = form.cleaned_data["person"]
        return actions.assign(self.record, person, by=self.request.user, at=timezone.now())

    def get_success_message(self, result):
        return _("Assigned to %(name)s.") % {"name": self.record.assignee or _("nobody")}


class HandOver(TaskAction):
    title = gettext_lazy("Hand over to another team")
    button = gettext_lazy("Hand over")

    def get_form(self):
        return TeamForm(self.request.POST or None, task=self.record)

    def perform(self, form):
        return actions.hand_over(
            self.record, form.cleaned_data["team"], by=self.request.user, at=timezone.now()
        )

    def get_success_message(self, result):
        return _("%(number)s is with %(team)s now.") % {
            "number": self.record.number,
            "team": self.record.team,
        }
