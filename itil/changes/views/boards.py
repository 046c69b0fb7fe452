"""Boards, their meetings, agendas and minutes."""

from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from itil.approvals.models import Source, Vote
from itil.changes import actions, permissions
from itil.changes.forms.boards import AgendaForm, MeetingForm, MinutesForm
from itil.changes.models import AdvisoryBoard, AgendaItem, BoardMeeting, Change
from portal.ui.pages import DetailPage, DutyPage

from .sheet import BoardsAction, frame_of


class Boards(DutyPage, TemplateView):
    """The boards that a person sits on or may look at, with their next meetings."""

    template_name = "itil/changes/boards.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        now = timezone.now()
        coming = BoardMeeting.objects.filter(closed_at__isnull=True, starts_at__gte=now)
        boards = AdvisoryBoard.objects.visible_to(user).prefetch_related(
            "members__user",
            Prefetch("meetings", coming.order_by("starts_at"), to_attr="coming_meetings"),
        )
        return super().get_context_data(
            boards=boards, frame_template=frame_of(user), now=now, **kwargs
        )


class BoardRecord:
    model = AdvisoryBoard
    duties: tuple[str, ...] = ()


class BoardPage(BoardRecord, DetailPage):
    template_name = "itil/changes/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        board, user = self.record, self.request.user
        return super().get_context_data(
            board=board,
            members=board.members.select_related("user"),
            meetings=board.meetings.all()[:50],
            waiting=Change.objects.readable_by(user).waiting_for(board),
            may_lead=permissions.may_lead(user, board),
            frame_template=frame_of(user),
            **kwargs,
        )


class BoardAction(BoardRecord, BoardsAction):
    """A verb on the board of the URL, for those who lead it."""

    def check(self) -> None:
        if not permissions.may_lead(self.request.user, self.record):
            raise Http404


class Call(BoardAction):
    """A new meeting."""

    form_class = MeetingForm
    title = gettext_lazy("Call a meeting")
    success_message = gettext_lazy("The meeting is called. What waits is on its agenda.")

    def perform(self, form: forms.Form) -> BoardMeeting:
        return actions.plan_meeting(
            self.record, by=self.request.user, at=timezone.now(), **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return (self.result or self.record).get_absolute_url()


class MeetingRecord:
    """A meeting of the board of the URL."""

    model = BoardMeeting
    duties: tuple[str, ...] = ()

    def get_queryset(self) -> Any:
        boards = AdvisoryBoard.objects.visible_to(self.request.user)
        found = BoardMeeting.objects.filter(board__in=boards, board=self.kwargs["board_key"])
        return found.select_related("board", "closed_by")


class MeetingPage(MeetingRecord, DetailPage):
    """Its agenda in order of risk, with the votes so far; the minutes once they are closed."""

    template_name = "itil/changes/meeting.html"

    def agenda(self) -> list[AgendaItem]:
        """Each line with the votes that its board was asked for; not those of peers or owners."""
        items = list(AgendaItem.objects.of(self.record, self.request.user))
        votes: dict[int, list[Vote]] = {item.change_id: [] for item in items}
        asked = (
            Vote.objects.live()
            .filter(
                step__process__ticket__in=votes,
                step__terms__source=Source.BOARD,
                voter__board_seats__board=self.record.board,
            )
            .exclude(step__process__state__in=("void", "cancelled"))
            .select_related("voter", "acted_by", "step__process")
        )
        for vote in asked.distinct().order_by("pk"):
            votes[vote.step.process.ticket_id].append(vote)
        for item in items:
            item.said_votes = votes[item.change_id]
        return items

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, user = self.record, self.request.user
        may_lead = permissions.may_lead(user, meeting.board)
        return super().get_context_data(
            meeting=meeting,
            board=meeting.board,
            agenda=self.agenda(),
            present=meeting.present.all(),
            may_lead=may_lead and meeting.closed_at is None,
            frame_template=frame_of(user),
            now=timezone.now(),
            **kwargs,
        )


class Minutes(MeetingPage):
    """The minutes as one sheet of paper."""

    template_name = "itil/changes/minutes.html"


class MeetingAction(MeetingRecord, BoardsAction):
    """A verb on the meeting of the URL, for those who lead its board."""

    def check(self) -> None:
        if not permissions.may_lead(self.request.user, self.record.board):
            raise Http404


class Postpone(MeetingAction):
    form_class = MeetingForm
    title = gettext_lazy("Hold it at another time")
    success_message = gettext_lazy("The meeting has another time.")

    def get_form_kwargs(self) -> dict[str, Any]:
        meeting = self.record
        initial = {"starts_at": meeting.starts_at, "votes_until": meeting.votes_until}
        return super().get_form_kwargs() | {"initial": initial}

    def perform(self, form: forms.Form) -> BoardMeeting:
        values = {name: form.cleaned_data[name] for name in ("starts_at", "votes_until")}
        return actions.move_meeting(self.record, by=self.request.user, at=timezone.now(), **values)


class AddItem(MeetingAction):
    title = gettext_lazy("Put a change on the agenda")
    success_message = gettext_lazy("It is on the agenda.")

    def get_form(self) -> forms.Form:
        data = self.request.POST if self.request.method == "POST" else None
        return AgendaForm(data, meeting=self.record, user=self.request.user)

    def perform(self, form: forms.Form) -> AgendaItem:
        change = form.cleaned_data["change"]
        return actions.put_on_agenda(self.record, change, by=self.request.user, at=timezone.now())


class RemoveItem(MeetingAction):
    template_name = ""
    success_message = gettext_lazy("It is off the agenda.")

    @cached_property
    def item(self) -> AgendaItem:
        return get_object_or_404(self.record.agenda.all(), pk=self.kwargs["item"])

    def perform(self, form: forms.Form) -> None:
        actions.take_off_agenda(self.item, by=self.request.user)


class TakeMinutes(MeetingAction):
    title = gettext_lazy("Minutes")
    success_message = gettext_lazy("The minutes are saved.")

    def get_form(self) -> forms.Form:
        data = self.request.POST if self.request.method == "POST" else None
        return MinutesForm(data, meeting=self.record)

    def perform(self, form: Any) -> BoardMeeting:
        values = form.cleaned_data
        return actions.take_minutes(
            self.record,
            by=self.request.user,
            remarks=values["remarks"],
            present_people=values["present"],
            said=form.said,
        )


class CloseMeeting(MeetingAction):
    template_name = ""
    success_message = gettext_lazy("The minutes are closed.")

    def perform(self, form: forms.Form) -> BoardMeeting:
        return actions.close_meeting(self.record, by=self.request.user, at=timezone.now())
