"""Templates of standard changes: the list, one template, and what is done with it."""

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from itil.changes import actions, permissions
from itil.changes.forms.templates import AgainForm, SuspendForm, TemplateForm, TemplateVoteForm
from itil.changes.lifecycle import Outcome
from itil.changes.models import CHOOSABLE, Change, ChangeTemplate
from itil.tickets.errors import Refused
from portal.ui.pages import DetailPage, ListPage, VerbPage
from portal.ui.tables import Column

from .sheet import BoardsAction, frame_of

DUTIES = ("is_staff",)


def readable(user: Any) -> QuerySet[ChangeTemplate]:
    """The templates that this person may read, with what is shown of them."""
    found = ChangeTemplate.objects.visible_to(user)
    return found.select_related("team", "service", "board", "proposed_by")


class TemplateList(ListPage):
    """All templates with how often they were used and what came of it."""

    duties = DUTIES
    template_name = "itil/changes/templates.html"
    default_sort = "name"
    columns = (
        Column("name", gettext_lazy("Template"), sort="name", css="c-subject"),
        Column("team", gettext_lazy("Team"), css="c-person"),
        Column("state", gettext_lazy("State"), sort="state", css="c-status"),
        Column("used", gettext_lazy("Used"), sort="used", css="r"),
        Column("issues", gettext_lazy("With issues"), sort="issues", css="r"),
        Column("review", gettext_lazy("Review"), sort="review_on", css="c-due"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        done = ~Q(changes__outcome="")
        issues = done & ~Q(changes__outcome=Outcome.SUCCESSFUL)
        return readable(self.request.user).annotate(
            used=Count("changes", filter=done), issues=Count("changes", filter=issues)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            may_propose=permissions.may_propose(self.request.user), **kwargs
        )


class TemplateRecord:
    model = ChangeTemplate
    duties: tuple[str, ...] = ()

    def get_queryset(self) -> Any:
        return readable(self.request.user)


class TemplatePage(TemplateRecord, DetailPage):
    template_name = "itil/changes/template.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        template, user = self.record, self.request.user
        keeps = permissions.may_keep_templates(user)
        proposed = template.state == ChangeTemplate.State.PROPOSED
        voted = template.votes.filter(is_past=False, voter=user).exists()
        return super().get_context_data(
            template=template,
            choosable=[CHOOSABLE[name] for name in template.choosable if name in CHOOSABLE],
            votes=template.votes.filter(is_past=False).select_related("voter"),
            events=template.events.select_related("actor").order_by("-at", "-pk")[:30],
            uses=self.uses(),
            may_edit=permissions.may_edit_template(user, template),
            may_approve=permissions.may_approve_template(user, template)
            and proposed
            and template.approved_at is None,
            may_vote=permissions.may_vote_on(user, template) and not voted,
            may_suspend=keeps and template.is_usable,
            may_retire=keeps and template.state != ChangeTemplate.State.RETIRED,
            may_again=permissions.may_propose(user)
            and template.state in (ChangeTemplate.State.SUSPENDED, ChangeTemplate.State.EXPIRED),
            vote_form=TemplateVoteForm(),
            frame_template=frame_of(user),
            **kwargs,
        )

    def uses(self) -> QuerySet[Change]:
        """The last changes made from it that this person may read."""
        readable = Change.objects.readable_by(self.request.user).filter(template=self.record)
        return readable.select_related("assignee").order_by("-pk")[:10]


class TemplateAction(TemplateRecord, BoardsAction):
    """A verb on the template of the URL."""


class Propose(VerbPage):
    """A new template."""

    refusals = (Refused,)
    template_name = "itil/changes/board_action.html"
    title = gettext_lazy("Propose a template")
    success_message = gettext_lazy("The template is proposed to its board.")

    def check(self) -> None:
        if not permissions.may_propose(self.request.user):
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = frame_of(self.request.user)
        return super().get_context_data(
            back=reverse("changes:templates"), frame_template=frame, **kwargs
        )

    def get_form(self) -> forms.Form:
        return TemplateForm(self.request.POST if self.request.method == "POST" else None)

    def perform(self, form: forms.Form) -> ChangeTemplate:
        values = dict(form.cleaned_data)
        values.pop("version")
        return actions.propose(by=self.request.user, at=timezone.now(), **values)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class Edit(TemplateAction):
    title = gettext_lazy("Change the proposal")
    success_message = gettext_lazy("The proposal is changed; its votes begin anew.")

    def get_form(self) -> forms.Form:
        data = self.request.POST if self.request.method == "POST" else None
        return TemplateForm(data, template=self.record)

    def perform(self, form: forms.Form) -> ChangeTemplate:
        values = dict(form.cleaned_data)
        return actions.edit_template(self.record, by=self.request.user, at=timezone.now(), **values)


class Approve(TemplateAction):
    template_name = ""
    success_message = gettext_lazy("You agreed to it.")

    def perform(self, form: forms.Form) -> Any:
        return actions.approve_template(self.record, by=self.request.user, at=timezone.now())


class VoteOnIt(TemplateAction):
    form_class = TemplateVoteForm
    title = gettext_lazy("Your vote")
    success_message = gettext_lazy("Your vote counts.")

    def perform(self, form: forms.Form) -> Any:
        return actions.vote_on_template(
            self.record, by=self.request.user, at=timezone.now(), **form.cleaned_data
        )


class Suspend(TemplateAction):
    form_class = SuspendForm
    title = gettext_lazy("Suspend the template")
    success_message = gettext_lazy("Nothing begins from it any more.")

    def perform(self, form: forms.Form) -> Any:
        return actions.suspend_template(
            self.record, by=self.request.user, at=timezone.now(), **form.cleaned_data
        )


class Again(TemplateAction):
    form_class = AgainForm
    title = gettext_lazy("Propose it again")
    success_message = gettext_lazy("The template is proposed to its board.")

    def perform(self, form: forms.Form) -> Any:
        return actions.propose_again(
            self.record, by=self.request.user, at=timezone.now(), **form.cleaned_data
        )


class Retire(TemplateAction):
    template_name = ""
    success_message = gettext_lazy("The template is retired.")

    def perform(self, form: forms.Form) -> Any:
        return actions.retire_template(self.record, by=self.request.user, at=timezone.now())
