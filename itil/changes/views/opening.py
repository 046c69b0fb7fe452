"""A new change: by hand, from a template, or as the answer to a ticket."""

from abc import ABC
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.changes import actions, permissions
from itil.changes.forms.planning import NewForm, StandardForm
from itil.changes.models import Change
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import VerbPage


class Opening(VerbPage, ABC):
    """A form that opens a change; what was typed stays when it is refused."""

    duties = ("is_agent", "is_problem_manager", "is_change_manager")
    refusals = (Refused,)
    template_name = "itil/changes/new.html"
    form_class: Any = NewForm

    def check(self) -> None:
        if self.request.method == "POST" and not permissions.may_open(self.request.user):
            raise Http404

    def get_form(self) -> Any:
        if self.request.method == "POST":
            return self.form_class(self.request.POST, user=self.request.user)
        return self.form_class(initial=self.request.GET.dict(), user=self.request.user)

    def get_success_message(self, result: Change) -> str:
        return _("%(number)s is a draft.") % {"number": result.number}

    def get_success_url(self) -> str:
        return reverse("changes:plan", args=[self.result.number])


class New(Opening):
    title = gettext_lazy("New change")

    def perform(self, form: Any) -> Change:
        values = dict(form.cleaned_data)
        wanted = ("title", "change_type", "service", "team", "items", "answers", "implementers")
        told = {name: values.pop(name) for name in wanted}
        return actions.open_change(by=self.request.user, columns=values, **told)


class FromTemplate(Opening):
    form_class = StandardForm
    title = gettext_lazy("New standard change")

    def perform(self, form: Any) -> Change:
        values = dict(form.cleaned_data)
        return actions.open_standard(values.pop("template"), by=self.request.user, **values)


class Answer(New):
    """A change that fixes the incident or problem of the URL."""

    def check(self) -> None:
        seen = Ticket.objects.visible_to(self.request.user)
        get_object_or_404(seen, number=self.kwargs["number"])
        super().check()

    def get_form(self) -> Any:
        if self.request.method == "POST":
            return super().get_form()
        return NewForm(initial={"answers": self.kwargs["number"]}, user=self.request.user)
