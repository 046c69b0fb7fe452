"""One's own recorded time, week by week."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.views.generic import TemplateView

from itil.tickets.models import Ticket
from itil.timesheets.models import TimeEntry, Timer
from portal.ui.pages import DutyPage


class MyTime(DutyPage, TemplateView):
    """The entries of one ISO week, by day, with sums."""

    duties = ("is_agent",)
    template_name = "itil/desk/time.html"

    def monday(self) -> date:
        """The Monday of `?week=2026-W45`, or of this week."""
        today = timezone.localdate(timezone=ZoneInfo(settings.BUSINESS_TIME_ZONE))
        try:
            year, week = self.request.GET.get("week", "").split("-W")
            monday = date.fromisocalendar(int(year), int(week), 1)
            # The weeks at the ends of the calendar have no neighbours to go to.
            return monday if 1970 <= monday.year < 9999 else today - timedelta(today.weekday())
        except ValueError:
            return today - timedelta(days=today.weekday())

    def get_context_data(self, **kwargs):
        monday = self.monday()
        entries = list(
            TimeEntry.objects.filter(agent=self.request.user)
            .worked_between(monday, monday + timedelta(days=6))
            .select_related("ticket", "activity")
        )
        days = [
            {
                "date": day,
                "entries": [entry for entry in entries if entry.work_date == day],
                "minutes": sum(entry.minutes for entry in entries if entry.work_date == day),
            }
            for day in (monday + timedelta(days=count) for count in range(7))
        ]
        timer = Timer.objects.of(self.request.user).running().first()
        booked = {entry.ticket_id for entry in entries} | ({timer.ticket_id} if timer else set())
        readable = Ticket.objects.visible_to(self.request.user).filter(pk__in=booked)
        billable = sum(entry.minutes for entry in entries if entry.billing_kind == "billable")
        return super().get_context_data(
            days=days,
            monday=monday,
            sunday=monday + timedelta(days=6),
            previous=_week(monday - timedelta(days=7)),
            following=_week(monday + timedelta(days=7)),
            total=sum(entry.minutes for entry in entries),
            billable=billable,
            timer=timer,
            # The others were handed on; what they are about is not this person's business any more.
            readable=set(readable.values_list("pk", flat=True)),
            **kwargs,
        )


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"
