"""Boards, their meetings, agendas and minutes."""

from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from itil.changes import actions, permissions
from itil.changes.documents.minutes import agenda_of
from itil.changes.forms.boards import AgendaForm, MeetingForm, MinutesForm
from itil.changes.models import AdvisoryBoard, AgendaItem, BoardMeeting, Change
from itil.changes.tasks import print_minutes
from portal.ui.pages import DetailPage, DutyPage, RecordMixin

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
        sits = any(member.user_id == user.pk for board in boards for member in board.members.all())
        return super().get_context_data(
            boards=boards, sits=sits, frame_template=frame_of(user), now=now, **kwargs
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
    """Its agenda in order of risk, with the votes so far, and its minutes."""

    template_name = "itil/changes/meeting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, user = self.record, self.request.user
        may_lead = permissions.may_lead(user, meeting.board)
        return super().get_context_data(
            meeting=meeting,
            board=meeting.board,
            agenda=agenda_of(meeting, user),
            present=meeting.present.all(),
            may_lead=may_lead and meeting.closed_at is None,
            frame_template=frame_of(user),
            now=timezone.now(),
            **kwargs,
        )


class Minutes(MeetingRecord, DutyPage, RecordMixin, View):
    """The minutes as a PDF that the worker makes when it is asked for."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        meeting, user = self.record, request.user
        content = actions.minutes_pdf(meeting, user)
        if content is None and actions.request_minutes(meeting, user, at=timezone.now()):
            print_minutes.enqueue(meeting.pk, user.pk)
            content = actions.minutes_pdf(meeting, user)
        if content is None:
            context = {"meeting": meeting, "frame_template": frame_of(user)}
            response = render(request, "itil/changes/printing.html", context, status=202)
            # Without scripts too the page follows when the file is there.
            response["Refresh"] = "2"
            return response
        response = HttpResponse(content, content_type="application/pdf")
        name = f"minutes-{slugify(meeting.board.name)}-{timezone.localdate(meeting.starts_at)}"
        response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
        # Not everybody reads the same lines: no shared cache may keep them.
        response["Cache-Control"] = "private, no-store"
        return response


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
