"""The change calendar: what is planned, when nothing may run, and what stands in its way."""

from datetime import date
from typing import Any

from babel.dates import format_interval, format_skeleton
from django.core.paginator import Page
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from itil.changes import permissions
from itil.changes.charts import by_hour, schedule
from itil.changes.charts.schedule import Row, Stretch
from itil.changes.forms.calendar import CalendarForm
from itil.changes.hours import Span, occurrences
from itil.changes.lifecycle import Status
from itil.changes.matching.slots import slots_for
from itil.changes.models import Change, Conflict, FreezeWindow, MaintenanceWindow
from itil.changes.models.windows import Window
from itil.changes.querysets import reads_windows
from itil.services.models import Service
from portal.ui.pages import Chip, DutyPage, Tab
from portal.ui.paging import CappedPaginator

VIEW_LABELS = {
    "timeline": gettext_lazy("Timeline"),
    "month": gettext_lazy("Month"),
    "week": gettext_lazy("Week"),
    "day": gettext_lazy("Day"),
}
Dated = tuple[Window, list[Span]]


def planned_for(user: Any, form: CalendarForm) -> Any:
    """The changes that have a window, as far as this person sees them and the filter goes."""
    found = Change.objects.visible_to(user).filter(
        planned_start__isnull=False, planned_end__isnull=False
    )
    if not form.data.get("state"):
        found = found.exclude(status=Status.CANCELLED)
    return form.narrow(found)


class Calendar(DutyPage, TemplateView):
    """`?view=` timeline, month, week or day; `?on=` a date in it; `?change=` the chosen one."""

    duties = ("is_staff",)
    template_name = "itil/changes/calendar.html"

    @cached_property
    def view_name(self) -> str:
        asked = self.request.GET.get("view", "")
        return asked if asked in schedule.VIEWS else schedule.VIEWS[0]

    @cached_property
    def today(self) -> date:
        return timezone.localdate(timezone.now())

    @cached_property
    def on(self) -> date:
        """The date asked for; today when it is none, or lies outside of all reason."""
        try:
            asked = date.fromisoformat(self.request.GET.get("on", ""))
        except ValueError:
            return self.today
        return asked if 2000 <= asked.year <= 2100 else self.today

    @cached_property
    def stretch(self) -> Stretch:
        return schedule.stretch_of(self.view_name, self.on, timezone.get_current_timezone())

    @cached_property
    def form(self) -> CalendarForm:
        return CalendarForm(self.request.GET)

    def url(self, **changes: Any) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = str(value)
        return f"?{query.urlencode()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = planned_for(self.request.user, self.form)
        start, end = self.stretch.span
        here = found.overlapping(start, end).order_by("planned_start", "pk")
        rows = [Row(*row) for row in here.values_list(*schedule.COLUMNS)]
        pages = CappedPaginator(rows, counted=len(rows))
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs,
            **self._picture(rows),
            **self._around(),
            page=page,
            rows=self._listed(page),
            total=len(rows),
            disturbed=sum(row.look is schedule.CONFLICT for row in rows),
            selected=self._selected(),
            legend=(
                schedule.APPROVED,
                schedule.WAITING,
                schedule.EMERGENCY,
                schedule.CONFLICT,
                schedule.OVER,
            ),
            zone_name=schedule.noon(self.on, self.stretch.zone).tzname(),
            may_open=permissions.may_open(self.request.user),
            may_read_windows=reads_windows(self.request.user),
        )

    def _around(self) -> dict[str, Any]:
        """Where one can go from here."""
        on, name = self.on, self.view_name
        return {
            "view_name": name,
            "period": self._period(),
            "today": self.today,
            "earlier_url": self.url(on=schedule.step_of(name, on, -1), change=None),
            "later_url": self.url(on=schedule.step_of(name, on, 1), change=None),
            "today_url": self.url(on=None, change=None),
            "view_tabs": [
                Tab(label, self.url(view=key, change=None), key == name)
                for key, label in VIEW_LABELS.items()
            ],
            "filter_form": self.form,
            "chips": self._chips(),
            "kept_parameters": [
                (key, self.request.GET[key]) for key in ("view", "on") if self.request.GET.get(key)
            ],
            "clear_url": self.url(change=None, **dict.fromkeys(CalendarForm.COLUMNS)),
            "close_url": self.url(change=None),
        }

    def _period(self) -> str:
        """ "17–30 Nov 2025", "November 2025" in the language of the viewer."""
        locale = to_locale(get_language() or "en-gb")
        if self.view_name == "month":
            first = last = self.on.replace(day=1)
            return str(format_interval(first, last, "yMMMM", locale=locale))
        if self.view_name == "day":
            return str(format_skeleton("yMMMEd", self.on, locale=locale))
        return str(format_interval(self.stretch.first, self.stretch.last, "yMMMd", locale=locale))

    def _chips(self) -> list[Chip]:
        self.form.is_valid()
        found = []
        for name in self.form.chosen:
            value = self.form.cleaned_data.get(name)
            if not value:
                continue
            field = self.form.fields[name]
            named = {} if hasattr(field, "queryset") else dict(field.choices)
            words = str(named.get(value, value))
            found.append(Chip(field.label, words, self.url(**{name: None}, change=None)))
        return found

    # --- The picture ---

    def _windows(self, model: type[Window]) -> list[Dated]:
        start, end = self.stretch.span
        rows = model.objects.visible_to(self.request.user).in_play(start, end)
        found = [
            (window, occurrences(window.recurrence, start, end))
            for window in rows.prefetch_related("services")
        ]
        return [one for one in found if one[1]]

    def _picture(self, rows: list[Row]) -> dict[str, Any]:
        freezes, upkeep = self._windows(FreezeWindow), self._windows(MaintenanceWindow)
        context: dict[str, Any] = {"freezes": freezes, "upkeep": upkeep}
        if self.view_name == "month":
            weeks = schedule.weeks(rows, self.stretch, self.on.month)
            schedule.mark_days(weeks, freezes, self.stretch, "freezes")
            schedule.mark_days(weeks, upkeep, self.stretch, "upkeep")
            return context | {"weeks": weeks}
        if self.view_name in ("week", "day"):
            shown = by_hour.columns(rows, self.stretch, freezes, upkeep)
            return context | {"columns": shown, "hours": range(0, 24, 3)}
        lanes = schedule.lanes(rows, self.stretch, self._service_names(rows), _("No service named"))
        schedule.hatch(lanes, [(w, _keys(w), spans) for w, spans in freezes], self.stretch)
        return context | {
            "lanes": lanes,
            "dates": self.stretch.dates,
            "freeze_lanes": schedule.strips(freezes, self.stretch),
            "upkeep_lanes": schedule.strips(upkeep, self.stretch),
        }

    def _service_names(self, rows: list[Row]) -> dict[int, str]:
        keys = {row.service for row in rows if row.service is not None}
        return dict(Service.objects.filter(pk__in=keys).order_by().values_list("pk", "name"))

    def _listed(self, page: Page) -> list[Change]:
        """The changes of this page of the list beneath the picture, with their owners."""
        keys = [row.pk for row in page.object_list]
        found = Change.objects.filter(pk__in=keys).select_related("assignee", "service")
        return list(found.order_by("planned_start", "pk"))

    def _selected(self) -> dict[str, Any] | None:
        """The chosen change with what stands against it, and when else there is room."""
        number = self.request.GET.get("change", "")
        if not number:
            return None
        seen = Change.objects.visible_to(self.request.user)
        change = get_object_or_404(seen.select_related("assignee", "service"), number=number)
        user = self.request.user
        found = Conflict.objects.present().filter(change=change).told_to(user)
        conflicts = list(found) if permissions.may_read_plans(user, change) else []
        return {
            "change": change,
            "conflicts": conflicts,
            "slots": slots_for(change, timezone.now()) if conflicts else [],
            "may_accept": permissions.may_manage(user, change),
            "back": f"{reverse('changes:calendar')}{self.url()}",
        }


def _keys(window: Window) -> frozenset[int]:
    return frozenset(service.pk for service in window.services.all())
