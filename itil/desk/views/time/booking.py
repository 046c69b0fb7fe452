"""Work entered afterwards."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from itil.desk import actions
from itil.desk.forms import BookForm, TimeForm
from itil.desk.views.acting import TicketAction
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from itil.timesheets.models import TimeEntry
from portal.ui.moments import hours_text
from portal.ui.pages import VerbPage


def book(ticket: Ticket, form: TimeForm, by) -> list[TimeEntry]:
    """What the form says, as one entry or, across midnight, several."""
    if form.started_at and form.ended_at:
        return actions.log_span(
            ticket, by=by, started_at=form.started_at, ended_at=form.ended_at, **form.values()
        )
    minutes, day = form.cleaned_data["minutes"], form.cleaned_data["work_date"]
    return [actions.log_time(ticket, by=by, minutes=minutes, work_date=day, **form.values())]


def told(booked: list[TimeEntry]) -> str:
    minutes = sum(entry.minutes for entry in booked)
    if len(booked) > 1:
        return _("%(time)s are booked, in %(count)d parts: it went past midnight.") % {
            "time": hours_text(minutes),
            "count": len(booked),
        }
    text = ngettext("%(minutes)d minute is booked.", "%(minutes)d minutes are booked.", minutes)
    return text % {"minutes": minutes}


def usual(user) -> dict:
    """What this person booked as the last time."""
    last = TimeEntry.objects.filter(agent=user).order_by("-created_at", "-pk")
    activity = last.filter(activity__active=True).values_list("activity", flat=True).first()
    return {"activity": activity} if activity else {}


class Booking:
    """A form of work done, which may ask whether two things at once are meant."""

    title = gettext_lazy("Book time")
    button = gettext_lazy("Book")
    template_name = "itil/timesheets/book.html"

    def show(self, form, status=200):
        form.ask_about_overlap()
        return super().show(form, status)

    def get_success_message(self, result):
        return told(result)


class BookTime(Booking, TicketAction):
    """On the ticket of the URL."""

    template_name = "itil/timesheets/book_on.html"

    def get_form(self):
        return TimeForm(self.request.POST or None, initial=usual(self.request.user))

    def perform(self, form):
        return book(self.record, form, self.request.user)


class BookAnywhere(Booking, VerbPage):
    """On the ticket that is typed; what a phone opens on the road."""

    duties = ("is_agent",)
    refusals = (Refused,)

    def get_form(self):
        initial = usual(self.request.user) | self.request.GET.dict()
        return BookForm(
            self.request.POST or None,
            initial=initial,
            tickets=Ticket.objects.visible_to(self.request.user),
        )

    def perform(self, form):
        return book(form.cleaned_data["ticket"], form, self.request.user)

    def get_success_url(self):
        return reverse("desk:time")
