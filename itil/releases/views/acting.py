"""What people do to a release: each page takes a form, calls a verb and goes back."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.changes.models import Change
from itil.desk.permissions import may_read_notes
from itil.desk.views.stepping import StepPage
from itil.releases import actions, permissions
from itil.releases.forms.release import (
    ChangeForm,
    DecisionForm,
    NewReleaseForm,
    NoteForm,
    WaveForm,
    form_for,
)
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, VerbPage

from .release import ReleaseRecord


class ReleaseAction(ReleaseRecord, ActionPage):
    """A verb on the release of the URL. Its forms hold texts: who reads none has none (`c5`)."""

    refusals = (Refused,)
    template_name = "itil/releases/action.html"

    def check(self) -> None:
        if not may_read_notes(self.request.user, self.record):
            raise Http404
        super().check()

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.request.user, "at": timezone.now()}

    @property
    def data(self) -> Any:
        return self.request.POST if self.request.method == "POST" else None

    def get_form(self) -> Any:
        return self.form_class(self.data)

    def get_success_url(self) -> str:
        return reverse("releases:release", args=[self.record.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(release=self.record, back=self.get_success_url(), **kwargs)


class New(VerbPage):
    """A release that is not there yet."""

    refusals = (Refused,)
    template_name = "itil/releases/action.html"
    form_class = NewReleaseForm
    title = gettext_lazy("Plan a release")

    def check(self) -> None:
        if not permissions.may_open(self.request.user):
            raise Http404

    def get_form(self) -> Any:
        return NewReleaseForm(self.request.POST if self.request.method == "POST" else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=reverse("releases:list"), **kwargs)

    def perform(self, form: Any) -> Any:
        return actions.open_release(**form.cleaned_data, by=self.request.user, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("releases:release", args=[self.result.number])


class Move(StepPage, ReleaseAction):
    """One step of the life cycle."""

    def get_form(self) -> Any:
        return form_for(self.row.verb, self.data, self.request.user)

    def perform(self, form: Any) -> Any:
        return actions.move(self.record, self.row.verb, values=form.cleaned_data, **self.who)


class Decide(ReleaseAction):
    form_class = DecisionForm
    title = gettext_lazy("Decide go or no-go")
    success_message = gettext_lazy("Your decision is kept.")

    def perform(self, form: Any) -> Any:
        return actions.decide(self.record, **form.cleaned_data, **self.who)


class AddChange(ReleaseAction):
    title = gettext_lazy("Put a change in")

    def get_form(self) -> Any:
        return ChangeForm(self.data, by=self.request.user)

    def perform(self, form: Any) -> Any:
        return actions.add_change(self.record, form.cleaned_data["number"], **self.who)


class RemoveChange(ReleaseAction):
    template_name = ""

    def perform(self, form: Any) -> Any:
        seen = Change.objects.visible_to(self.request.user)
        change = get_object_or_404(seen, number=self.kwargs["change"])
        return actions.remove_change(self.record, change, **self.who)


class AddWave(ReleaseAction):
    form_class = WaveForm
    title = gettext_lazy("Add a group")

    def perform(self, form: Any) -> Any:
        return actions.add_wave(self.record, **form.cleaned_data, **self.who)


class RemoveWave(ReleaseAction):
    template_name = ""

    def perform(self, form: Any) -> Any:
        wave = get_object_or_404(self.record.waves, pk=self.kwargs["pk"])
        return actions.remove_wave(wave, **self.who)


class Deploy(ReleaseAction):
    """Start, finish or fail one deployment; failing asks what went wrong."""

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("It did not work")

    @cached_property
    def is_failure(self) -> bool:
        return self.kwargs["verb"] == "fail"

    @property
    def template_name(self) -> str:  # type: ignore[override]
        return "itil/releases/action.html" if self.is_failure else ""

    def get_form(self) -> Any:
        return NoteForm(self.data) if self.is_failure else super().get_form()

    def perform(self, form: Any) -> Any:
        deployment = get_object_or_404(self.record.deployments, pk=self.kwargs["pk"])
        if self.is_failure:
            note = form.cleaned_data["note"]
            return actions.fail_deployment(deployment, note=note, **self.who)
        if self.kwargs["verb"] == "start":
            return actions.start_deployment(deployment, **self.who)
        if self.kwargs["verb"] == "finish":
            return actions.finish_deployment(deployment, **self.who)
        raise Http404
