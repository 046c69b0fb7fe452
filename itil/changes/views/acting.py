"""What is done with a change: each page takes a form, calls a verb and goes back."""

from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.changes import actions, permissions
from itil.changes.forms.moving import form_for
from itil.changes.forms.planning import MoveWindowForm, PlanForm, TypeForm
from itil.changes.forms.reviewing import AnnouncementForm, ReviewForm
from itil.changes.models import (
    Announcement,
    CausedIncident,
    Change,
    Conflict,
    PostImplementationReview,
)
from itil.desk.views.stepping import StepPage
from itil.tickets.models import Ticket

from .records import ChangeAction

# The steps after which a board is asked.
ASKS_BOARD = frozenset({"ask_authority", "call_board", "start_unapproved"})


class Move(StepPage, ChangeAction):
    """One step of the life cycle. When it is refused, with the conflicts that are in its way."""

    template_name = "itil/changes/step.html"
    # The checks that look at conflicts.
    wary = frozenset({"warnings", "conflicts", "start", "spoken"})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change, conflicts = self.record, []
        if kwargs["form"].errors and self.wary & set(self.row.guards):
            found = Conflict.objects.present().filter(change=change).told_to(self.request.user)
            conflicts = [one for one in found if one.is_open or one.is_blocking]
        return super().get_context_data(
            conflicts=conflicts,
            may_accept=permissions.may_manage(self.request.user, change),
            back=change.get_absolute_url(),
            **kwargs,
        )

    def get_form(self) -> forms.Form:
        data = self.request.POST if self.request.method == "POST" else None
        return form_for(self.row.verb, self.record, data=data)

    def perform(self, form: forms.Form) -> Change:
        return actions.move(
            self.record, self.row.verb, by=self.request.user, values=form.cleaned_data
        )

    def get_success_message(self, result: Change) -> str:
        if result.is_on_hold:
            return _("%(number)s is on hold.") % {"number": result.number}
        text = super().get_success_message(result)
        if self.row.verb in ASKS_BOARD and result.is_asked_of_empty_board:
            words = {"text": text, "board": result.board}
            return (
                _(
                    "%(text)s Nobody sits on “%(board)s”, so the change managers are asked in its"
                    " place. An administrator adds members under Settings, Boards of changes."
                )
                % words
            )
        return text


class Plan(ChangeAction):
    """What is changed, when, by whom and how risky."""

    template_name = "itil/changes/plan.html"
    title = gettext_lazy("Plan the change")
    button = gettext_lazy("Save")
    success_message = gettext_lazy("The plan is saved.")

    def get_form(self) -> PlanForm:
        data = self.request.POST if self.request.method == "POST" else None
        return PlanForm(data, change=self.record)

    def perform(self, form: Any) -> Change:
        values = form.cleaned_data
        return actions.plan(
            self.record,
            by=self.request.user,
            version=values["version"],
            changes=form.changes,
            services=values["services"],
            implementers=values["implementers"],
        )


class MoveWindow(ChangeAction):
    """Another window; `?planned_start=` and `?planned_end=`, in the person's zone, fill it in."""

    form_class = MoveWindowForm
    template_name = "itil/changes/move_window.html"
    title = gettext_lazy("Move the change")
    success_message = gettext_lazy("It has another window.")

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.request.method == "POST":
            return {"data": self.request.POST}
        change = self.record
        initial = {name: getattr(change, name) for name in ("planned_start", "planned_end")}
        asked = {name: self.request.GET[name] for name in initial if self.request.GET.get(name)}
        return {"initial": initial | asked | {"version": change.version}}

    def check(self) -> None:
        super().check()
        if not permissions.may_plan(self.request.user, self.record):
            raise Http404

    def perform(self, form: forms.Form) -> Change:
        values = dict(form.cleaned_data)
        version = values.pop("version")
        return actions.plan(self.record, by=self.request.user, version=version, changes=values)


class Retype(ChangeAction):
    form_class = TypeForm
    title = gettext_lazy("Change the type")
    button = gettext_lazy("Save")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"initial": {"change_type": self.record.change_type}}

    def perform(self, form: forms.Form) -> Change:
        kind = form.cleaned_data["change_type"]
        return actions.retype(self.record, kind, by=self.request.user)


class Assess(ChangeAction):
    template_name = ""
    success_message = gettext_lazy("The risk is computed anew.")

    def perform(self, form: forms.Form) -> Any:
        return actions.assess(self.record, by=self.request.user, at=timezone.now())


class Review(ChangeAction):
    form_class = ReviewForm
    title = gettext_lazy("Post-implementation review")
    button = gettext_lazy("Save the review")
    success_message = gettext_lazy("The review is written.")

    def get_form_kwargs(self) -> dict[str, Any]:
        found = PostImplementationReview.objects.filter(change=self.record).values().first()
        initial = found or {"outcome": self.record.outcome}
        return super().get_form_kwargs() | {"initial": initial}

    def perform(self, form: forms.Form) -> Any:
        values = form.cleaned_data
        return actions.write_review(self.record, by=self.request.user, at=timezone.now(), **values)


class ConfirmItems(ChangeAction):
    template_name = ""
    success_message = gettext_lazy("The items are as they are described.")

    def perform(self, form: forms.Form) -> Any:
        return actions.confirm_items(self.record, by=self.request.user, at=timezone.now())


class Cause(ChangeAction):
    """Whether the change caused an incident that was proposed."""

    template_name = ""

    @cached_property
    def suspect(self) -> CausedIncident:
        seen = Ticket.objects.visible_to(self.request.user)
        found = CausedIncident.objects.filter(change=self.record, incident__in=seen)
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def perform(self, form: forms.Form) -> Any:
        verb = {"accept": actions.accept_caused, "dismiss": actions.dismiss_caused}
        decide = verb.get(self.request.POST.get("do", ""))
        if decide is None:
            raise Http404
        return decide(self.suspect, by=self.request.user, at=timezone.now())

    def get_success_message(self, result: CausedIncident) -> str:
        return str(result.get_state_display())


class Announce(ChangeAction):
    form_class = AnnouncementForm
    title = gettext_lazy("Announce it to the users")
    button = gettext_lazy("Publish")
    success_message = gettext_lazy("The users of these services see it on the portal.")

    def get_form_kwargs(self) -> dict[str, Any]:
        change = self.record
        told = Announcement.objects.filter(change=change).first()
        initial: dict[str, Any] = {
            "title": change.title,
            "services": [one for one in [change.service, *change.affected_services.all()] if one],
            "starts_at": change.planned_start,
            "ends_at": change.planned_end,
        }
        if told is not None:
            initial |= {"title": told.title, "effect": told.effect}
        return super().get_form_kwargs() | {"initial": initial}

    def perform(self, form: forms.Form) -> Any:
        values = form.cleaned_data
        return actions.announce(self.record, by=self.request.user, at=timezone.now(), **values)


class Withdraw(ChangeAction):
    template_name = ""
    success_message = gettext_lazy("It is no longer announced.")

    def perform(self, form: forms.Form) -> Any:
        return actions.withdraw_announcement(self.record, by=self.request.user, at=timezone.now())
