"""The timers of a person: what runs is shown in the frame of every page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from itil.desk import actions
from itil.desk.forms import StopForm
from itil.desk.views.acting import TicketAction
from itil.tickets.models import Ticket
from itil.timesheets.models import Timer
from portal.ui.pages import DutyPage


def shown(timer: Timer, now, readable) -> dict:
    """A timer as templates show it; the subject only of a ticket that may be read."""
    return {
        "ticket": timer.ticket,
        "is_readable": timer.ticket_id in readable,
        "is_running": timer.is_running,
        "is_forgotten": timer.is_forgotten(now),
        "since": timer.running_since,
        "minutes": timer.seconds(now) // 60,
        "activity": timer.activity,
    }


def timers_of(user, now) -> list[dict]:
    """The running one first, then those that pause. Three queries at most."""
    own = list(Timer.objects.of(user))
    if not own:
        return []
    seen = Ticket.objects.visible_to(user).filter(pk__in=[one.ticket_id for one in own])
    readable = set(seen.values_list("pk", flat=True))
    return [shown(one, now, readable) for one in own]


class Running(DutyPage, TemplateView):
    """The strip with the running timer, for the frame; nothing when none runs."""

    duties = ("is_agent",)
    template_name = "itil/timesheets/_running.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        now = timezone.now()
        running = Timer.objects.of(request.user).running().first()
        if running is None:
            # Asked again every minute: one that was stopped elsewhere goes away.
            return HttpResponse(status=200 if "again" in request.GET else 204)
        seen = Ticket.objects.visible_to(request.user).filter(pk=running.ticket_id)
        readable = {running.ticket_id} if seen.exists() else set()
        return self.render_to_response({"timer": shown(running, now, readable)})


class TimerAction(TicketAction):
    """A step of one's timer on a ticket; back to the page it was taken on."""

    template_name = ""

    def get_success_url(self):
        back = self.request.POST.get("back", "")
        hosts = {self.request.get_host()}
        if back and url_has_allowed_host_and_scheme(back, allowed_hosts=hosts):
            return back
        return super().get_success_url()


class StartTimer(TimerAction):
    def perform(self, form):
        return actions.start_timer(self.record, by=self.request.user)

    def get_success_message(self, result):
        return _("The timer runs on %(number)s.") % {"number": self.record.number}


class PauseTimer(TimerAction):
    def perform(self, form):
        return actions.pause_timer(by=self.request.user)

    def get_success_message(self, result):
        if result is None:
            messages.info(self.request, _("No timer was running."))
            return ""
        return _("The timer on %(number)s pauses.") % {"number": result.ticket.number}


class DiscardTimer(TicketAction):
    """Throw the measured time away, after a question."""

    title = gettext_lazy("Throw the measured time away")
    button = gettext_lazy("Throw it away")
    template_name = "itil/timesheets/discard.html"

    def get_context_data(self, **kwargs):
        now = timezone.now()
        own = Timer.objects.of(self.request.user).filter(ticket_id=self.record.pk).first()
        minutes = own.seconds(now) // 60 if own else 0
        return super().get_context_data(minutes=minutes, **kwargs)

    def perform(self, form):
        return actions.discard_timer(self.record, by=self.request.user)

    def get_success_message(self, result):
        if not result:
            messages.info(self.request, _("No timer was running."))
            return ""
        return _("Nothing was booked.")


class StopTimer(TicketAction):
    """Books what the timer measured; a forgotten one comes back and asks for the minutes."""

    title = gettext_lazy("Stop the timer")
    button = gettext_lazy("Stop and book")
    form_class = StopForm
    template_name = "itil/timesheets/stop.html"

    def get_context_data(self, **kwargs):
        now = timezone.now()
        own = Timer.objects.of(self.request.user).filter(ticket_id=self.record.pk).first()
        return super().get_context_data(
            timer=shown(own, now, {self.record.pk}) if own else None, **kwargs
        )

    def show(self, form, status=200):
        form.ask_about_overlap()
        return super().show(form, status)

    def perform(self, form):
        values = form.cleaned_data
        return actions.stop_timer(
            by=self.request.user,
            ticket=self.record,
            minutes=values["minutes"],
            activity=values["activity"],
            note=values["note"],
            note_visibility=form.note_visibility,
            overlap_confirmed=values["overlap_confirmed"],
        )

    def get_success_message(self, result):
        if not result:
            messages.info(self.request, _("No timer was running."))
            return ""
        minutes = sum(entry.minutes for entry in result)
        text = ngettext(
            "The timer is stopped; %(minutes)d minute is booked.",
            "The timer is stopped; %(minutes)d minutes are booked.",
            minutes,
        )
        return text % {"minutes": minutes}
