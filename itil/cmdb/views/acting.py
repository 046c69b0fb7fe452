"""What agents do to an item: each page takes a form, calls a verb and goes back."""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.cmdb import actions
from itil.cmdb.errors import Refused
from itil.cmdb.forms import HandOverForm, NoteForm
from itil.cmdb.lifecycle import STEPS
from itil.cmdb.models import Relation
from portal.ui.pages import ActionPage

from .item import ItemRecord


class ItemAction(ItemRecord, ActionPage):
    """A verb on the item of the URL."""

    duties = ("is_agent",)
    refusals = (Refused,)
    template_name = "itil/cmdb/action.html"
    button = gettext_lazy("Save")

    def get_context_data(self, **kwargs):
        return super().get_context_data(item=self.record, **kwargs)


class Move(ItemAction):
    """One step of the life cycle."""

    @cached_property
    def step(self):
        step = next((step for step in STEPS if step.verb == self.kwargs["verb"]), None)
        if step is None:
            raise Http404
        return step

    @property
    def title(self):
        return str(self.step.label)

    @property
    def button(self):
        return self.title

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return NoteForm(data) if self.step.needs_note else forms.Form(data)

    def perform(self, form):
        return actions.move_item(
            self.record,
            self.step.verb,
            by=self.request.user,
            note=form.cleaned_data.get("note", ""),
            at=self.now,
        )

    def get_success_message(self, result):
        return _("%(name)s is now “%(status)s”.") % {
            "name": result.name,
            "status": result.status_label,
        }


class HandOver(ItemAction):
    title = gettext_lazy("Hand over to a person")
    button = gettext_lazy("Hand over")

    def get_form(self):
        data = self.request.POST if self.request.method == "POST" else None
        return HandOverForm(data, by=self.request.user)

    def perform(self, form):
        return actions.hand_over(
            self.record,
            form.cleaned_data["person"],
            by=self.request.user,
            note=form.cleaned_data["note"],
            at=self.now,
        )

    def get_success_message(self, result):
        return _("%(name)s has it now.") % {"name": result.held_by}


class TakeBack(ItemAction):
    template_name = ""

    def perform(self, form):
        return actions.take_back(self.record, by=self.request.user, at=self.now)

    def get_success_message(self, result):
        return _("%(name)s is now “%(status)s”.") % {
            "name": result.name,
            "status": result.status_label,
        }


class Unrelate(ItemAction):
    """End one of the item's relations."""

    template_name = ""
    success_message = gettext_lazy("The relation has ended. It stays in the history.")

    def perform(self, form):
        relations = Relation.objects.of(self.record)
        relation = get_object_or_404(relations, pk=self.kwargs["relation"])
        return actions.unrelate(relation, by=self.request.user, at=self.now)


class RevokeLabel(ItemAction):
    """Let the item's code work no longer."""

    template_name = ""

    def perform(self, form):
        return actions.revoke_label(self.record, by=self.request.user, at=self.now)

    def get_success_message(self, result):
        if result:
            return _("The label no longer works. Print a new one and stick it over the old one.")
        return _("There is no label that works.")
