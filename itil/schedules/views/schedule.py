"""The sheet of one schedule: what it opens and when, its next dates, its log."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import View

from itil.schedules import permissions
from itil.schedules.definition import opener_of, upcoming
from itil.schedules.models import ScheduleRun
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import DetailPage, DutyPage, RecordMixin
from portal.ui.paging import CappedPaginator

from .records import ScheduleRecord

NEXT = 5
LOG = 25


class SchedulePage(ScheduleRecord, DetailPage):
    template_name = "itil/schedules/schedule.html"

    def get_context_data(self, **kwargs):
        schedule, user, now = self.record, self.request.user, timezone.now()
        pages = CappedPaginator(self.log(), LOG)
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            schedule=schedule,
            now=now,
            dates=upcoming(schedule.timing, now, NEXT) if schedule.is_active else [],
            values=self.values(),
            page=page,
            runs=self.with_tickets(page.object_list),
            may_keep=permissions.may_keep(user, schedule),
            **kwargs,
        )

    def values(self):
        """What it opens, in words; nothing when no app opens it any more."""
        try:
            return opener_of(self.record.kind).described(self.record.values)
        except Refused:
            return []

    def log(self):
        return ScheduleRun.objects.filter(schedule=self.record).select_related("by")

    def with_tickets(self, runs):
        """Each run with the ticket that this person may open (`VIS-1`)."""
        runs = list(runs)
        keys = [run.ticket_id for run in runs if run.ticket_id]
        seen = Ticket.objects.visible_to(self.request.user).in_bulk(keys) if keys else {}
        return [(run, seen.get(run.ticket_id)) for run in runs]


class LinkToIt(ScheduleRecord, DutyPage, RecordMixin, View):
    """The way to the schedule, for the page of a ticket that it opened; a fragment."""

    def get(self, request, pk):
        return HttpResponse(
            format_html('<a href="{}">{}</a>', self.record.get_absolute_url(), _("Show it"))
        )
