"""The sheet of a change: all that those read who decide on it, with their votes."""

from typing import Any, NoReturn

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from django.views.generic import View

from itil.approvals import actions as approvals
from itil.approvals.models import ApprovalProcess, Vote
from itil.approvals.terms import StepTerms
from itil.changes import actions, permissions
from itil.changes.forms.boards import NoteForm, VoteForm
from itil.changes.models import (
    AgendaItem,
    BoardMeeting,
    Change,
    Conflict,
    PostImplementationReview,
    RiskAssessment,
)
from itil.conversation.models import Attachment, Message
from itil.conversation.views import handed_out
from itil.desk import actions as desk
from itil.desk.permissions import may_note
from itil.services.models import Service
from itil.tickets.errors import Refused
from itil.tickets.models import ImpactEvidence
from portal.ui.pages import ActionPage, DetailPage, DutyPage, RecordMixin


class SheetRecord:
    """The change of the URL among those of one's boards and of the desk (`c3`)."""

    model = Change
    lookup = "number"
    duties: tuple[str, ...] = ()

    def get_queryset(self) -> Any:
        return Change.objects.readable_by(self.request.user).select_related(
            "assignee", "service", "board", "team", "template", "verbal_authoriser"
        )


def frame_of(user: Any) -> str:
    """The frame of the page: that of the desk for staff, that of the portal for others."""
    return "ui/desk.html" if user.grants.is_staff else "ui/portal.html"


class BoardsAction(ActionPage):
    """A verb on a record of the boards, in the frame of who calls it."""

    refusals = (Refused,)
    template_name = "itil/changes/board_action.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "back": self.record.get_absolute_url(),
                "frame_template": frame_of(self.request.user),
            }
            | kwargs
        )


class Sheet(SheetRecord, DetailPage):
    template_name = "itil/changes/sheet.html"

    @cached_property
    def now(self) -> Any:
        return timezone.now()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change, user = self.record, self.request.user
        vote = actions.vote_of(change, user)
        vote = vote if vote and vote.is_waiting else None
        closes_at = StepTerms.of(vote.step.terms).closes_at if vote else None
        is_late = closes_at is not None and closes_at <= self.now
        kwargs.setdefault("form", VoteForm())
        kwargs.setdefault("note_form", NoteForm())
        return super().get_context_data(
            change=change,
            now=self.now,
            frame_template=frame_of(user),
            assessment=RiskAssessment.objects.filter(change=change)
            .select_related("formula")
            .first(),
            conflicts=list(Conflict.objects.present().filter(change=change).told_to(user)),
            may_accept=permissions.may_manage(user, change),
            readiness=self.readiness(),
            steps=self.steps(),
            vote=None if is_late else vote,
            is_late=is_late,
            touched=self.touched(),
            reads_notes=permissions.may_read_notes_of(user, change),
            notes=Message.objects.notes_on(change),
            may_note=may_note(user, change),
            implementers=change.implementers.all(),
            review=PostImplementationReview.objects.filter(change=change)
            .select_related("written_by")
            .first(),
            **self.place(),
            **kwargs,
        )

    def readiness(self) -> list[tuple[Any, bool]]:
        """What should be there before it is authorized, and whether it is."""
        change = self.record
        return [
            (gettext_lazy("Back-out plan, tested"), change.is_back_out_tested),
            (gettext_lazy("All plans that its risk asks for"), self.has_plans()),
            (gettext_lazy("Risk assessed"), bool(change.risk)),
            (gettext_lazy("No open conflict"), change.conflict_status in ("none", "acknowledged")),
            (gettext_lazy("Nothing forbids its window"), change.conflict_status != "blocked"),
        ]

    def has_plans(self) -> bool:
        return all(getattr(self.record, name).strip() for name in self.record.needed_plans)

    def steps(self) -> list[dict[str, Any]]:
        """The steps of the last run of its approvals, with what each still needs."""
        process = ApprovalProcess.objects.of(self.record).first()
        if process is None:
            return []
        found = []
        for step in process.chain:
            votes, terms = step.cast_votes, StepTerms.of(step.terms)
            found.append(
                {
                    "step": step,
                    "votes": votes,
                    # Once it is decided, who was not needed any more is not among the votes.
                    "is_open": step.is_running,
                    "given": sum(vote.is_given for vote in votes),
                    "needed": terms.rule.needed(len(votes)) if votes else 0,
                    "closes_at": terms.closes_at,
                    "is_on_hold": process.suspended_at is not None,
                }
            )
        return found

    def touched(self) -> dict[str, Any]:
        """Its items, and the services that fail with them, as it was found when they were added."""
        items = [link.item for link in self.record.item_links.select_related("item__item_class")]
        services: dict[int, str] = {}
        for evidence in ImpactEvidence.objects.filter(ticket=self.record.pk):
            services |= {hit["pk"]: hit["name"] for hit in evidence.result["services"]}
        named = Service.objects.filter(changes=self.record)
        services |= {one.pk: one.name for one in named}
        return {"items": items, "services": sorted(services.values())}

    def place(self) -> dict[str, Any]:
        """Where it stands on the agenda that the page was opened from, with its neighbours."""
        key = self.request.GET.get("meeting", "")
        meeting = BoardMeeting.objects.filter(pk=key).first() if key.isdigit() else None
        if meeting is None or not permissions.may_attend(self.request.user, meeting):
            return {"meeting": None}
        agenda = [item.change for item in AgendaItem.objects.of(meeting, self.request.user)]
        if self.record not in agenda:
            return {"meeting": None}
        index = agenda.index(self.record)
        return {
            "meeting": meeting,
            "position": index + 1,
            "agenda_size": len(agenda),
            "previous": agenda[index - 1] if index else None,
            "following": agenda[index + 1] if index + 1 < len(agenda) else None,
        }


class GiveVote(SheetRecord, ActionPage):
    """The vote of a member about the change of the URL."""

    refusals = (Refused,)
    form_class = VoteForm
    template_name = "itil/changes/sheet.html"
    success_message = gettext_lazy("Your vote counts.")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.leave()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Sheet()
        page.setup(self.request, **self.kwargs)
        return page.get_context_data(**kwargs)

    def get_success_url(self) -> str:
        return self.record.sheet_url

    def perform(self, form: forms.Form) -> Any:
        vote = actions.vote_of(self.record, self.request.user)
        if vote is None:
            self.refuse_what_is_over()
        values, now = form.cleaned_data, timezone.now()
        given = approvals.vote(vote, by=self.request.user, at=now, **values)
        actions.decided(self.record, reason=values["reason"], at=now)
        return given

    def refuse_what_is_over(self) -> NoReturn:
        """Raises Refused for who was asked once, and Http404 for who never was."""
        asked = Vote.objects.filter(step__process__ticket=self.record.pk, voter=self.request.user)
        if not asked.exists():
            raise Http404
        text = gettext("This vote is over; yours was not counted. The owner can ask again.")
        raise Refused(text)


class AddNote(SheetRecord, ActionPage):
    """An internal note on the change of the URL, by the desk or by a member of its board."""

    refusals = (Refused,)
    form_class = NoteForm
    template_name = "itil/changes/sheet.html"
    success_message = gettext_lazy("Your note is saved.")

    def check(self) -> None:
        if not may_note(self.request.user, self.record):
            raise Http404

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.leave()

    def show(self, form: forms.Form, status: int = 200) -> Any:
        page = Sheet()
        page.setup(self.request, **self.kwargs)
        return self.render_to_response(page.get_context_data(note_form=form), status=status)

    def get_success_url(self) -> str:
        return f"{self.record.sheet_url}#notes"

    def perform(self, form: forms.Form) -> Message:
        return desk.note(self.record, by=self.request.user, text=form.cleaned_data["text"])


class NoteFile(SheetRecord, DutyPage, RecordMixin, View):
    """A file of an internal note, for those who read the notes of the change."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_read_notes_of(request.user, self.record):
            raise Http404
        files = Attachment.objects.filter(message__in=Message.objects.notes_on(self.record))
        return handed_out(get_object_or_404(files, uuid=self.kwargs["uuid"]))


def sheet_of(user: Any, number: str) -> Change:
    return get_object_or_404(Change.objects.readable_by(user), number=number)
