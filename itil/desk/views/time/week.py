"""One's own week: as a sheet to type into, and day by day."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from itil.desk.forms.week import Sheet
from itil.tickets.models import Ticket
from itil.timesheets.hours import business_date
from itil.timesheets.matching import targets_of
from itil.timesheets.models import Activity, TimeEntry, Timer
from portal.ui.pages import DutyPage

from .timers import shown


def monday_of(text: str, today: date) -> date:
    """The Monday of a week written as 2026-W45, or of the week of `today`."""
    try:
        year, week = text.split("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        monday = today
    # The weeks at the ends of the calendar have no neighbours to go to.
    if not 1970 <= monday.year < 9999:
        monday = today
    return monday - timedelta(days=monday.weekday())


def week_text(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


class WeekPage(DutyPage, TemplateView):
    """The entries of one ISO week of this person, `?week=2026-W45`."""

    duties = ("is_agent",)

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = business_date(self.now)
        self.monday = monday_of(request.GET.get("week", ""), self.today)
        self.sunday = self.monday + timedelta(days=6)

    def entries(self) -> list[TimeEntry]:
        return list(
            TimeEntry.objects.filter(agent=self.request.user)
            .worked_between(self.monday, self.sunday)
            .select_related("ticket", "activity")
        )

    def readable(self, keys: set[int]) -> set[int]:
        """Those of these tickets that this person may open; the others were handed on."""
        seen = Ticket.objects.visible_to(self.request.user).filter(pk__in=keys)
        return set(seen.values_list("pk", flat=True))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            monday=self.monday,
            sunday=self.sunday,
            today=self.today,
            week=week_text(self.monday),
            previous=week_text(self.monday - timedelta(days=7)),
            following=week_text(self.monday + timedelta(days=7)),
            **kwargs,
        )


class Week(WeekPage):
    template_name = "itil/timesheets/week.html"

    def get_context_data(self, *, sheet: Sheet | None = None, **kwargs):
        entries = self.entries()
        own = list(Timer.objects.of(self.request.user))
        keys = {one.ticket_id for one in (*entries, *own)}
        readable = self.readable(keys)
        dates = [self.monday + timedelta(days=count) for count in range(7)]
        targets = targets_of(self.request.user, dates)
        days = [
            {
                "date": day,
                "entries": [entry for entry in entries if entry.work_date == day],
                "minutes": sum(entry.minutes for entry in entries if entry.work_date == day),
                "kilometres": sum(
                    entry.kilometres or 0 for entry in entries if entry.work_date == day
                ),
                "target": target,
                "difference": self._difference(day, target, entries),
            }
            for day, target in zip(dates, targets, strict=True)
        ]
        return super().get_context_data(
            days=days,
            sheet=sheet or Sheet(self.request.user, self.monday, entries),
            total=sum(entry.minutes for entry in entries),
            billable=sum(one.minutes for one in entries if one.billing_kind == "billable"),
            timers=[shown(one, self.now, readable) for one in own],
            activities=Activity.objects.filter(active=True),
            drafts=[one for one in entries if one.state in {"draft", "rejected"}],
            readable=readable,
            has_targets=any(target is not None for target in targets),
            target=sum(target or 0 for target in targets),
            # Days to come, and days nobody has said anything about, are in no difference.
            difference=sum(day["difference"] or 0 for day in days),
            **kwargs,
        )

    def _difference(self, day: date, target: int | None, entries: list[TimeEntry]) -> int | None:
        """Minutes worked more than was to be on `day`; None for days to come."""
        if target is None or day > self.today:
            return None
        return sum(entry.minutes for entry in entries if entry.work_date == day) - target

    def post(self, request, *args, **kwargs) -> HttpResponse:
        sheet = Sheet(request.user, self.monday, self.entries())
        saved = sheet.save(request.POST, Ticket.objects.visible_to(request.user))
        text = ngettext("%(count)d cell is saved.", "%(count)d cells are saved.", saved)
        if not sheet.has_errors:
            messages.success(request, text % {"count": saved} if saved else _("Nothing to save."))
            return redirect(f"{request.path}?week={week_text(self.monday)}")
        context = self.get_context_data(sheet=self._with_rest(sheet), saved=saved)
        return self.render_to_response(context, status=422)

    def _with_rest(self, sheet: Sheet) -> Sheet:
        """What is stored now, with the cells that were wrong as they were typed."""
        fresh = Sheet(self.request.user, self.monday, self.entries())
        wrong = {cell.name: cell for row in sheet.rows for cell in row.cells if cell.error}
        for row in fresh.rows:
            for cell in row.cells:
                if cell.name in wrong:
                    cell.keep(wrong[cell.name])
        fresh.new_rows = sheet.new_rows
        for row in fresh.new_rows:
            if not row.error:
                _forget_saved(row)
        return fresh


def _forget_saved(row) -> None:
    """Cells of a new row that were saved stand above now; the wrong ones stay to be mended."""
    for cell in row.cells:
        if not cell.error:
            cell.typed = cell.typed_way = ""
    if not any(cell.typed or cell.typed_way for cell in row.cells):
        row.typed_ticket = row.typed_activity = ""
