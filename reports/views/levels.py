"""Service levels of a period, and the clocks and tickets behind each number."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.sla.models import Outcome, SlaClock
from itil.tickets.models import Ticket
from portal.ui.pages import ListPage
from portal.ui.tables import Column
from reports.actions.reading import Scope
from reports.actions.snapshots import LEVELS
from reports.charts import levels
from reports.filters import OverviewForm, query_of, scope_of
from reports.filters.clocks import clocks_of

from .places import ReportPage
from .snapshots import SnapshotPage


class LevelsPage(SnapshotPage):
    template_name = "reports/levels.html"
    title = gettext_lazy("Service levels")
    report = LEVELS

    def figures(self, scope: Scope, data: dict[str, Any]) -> dict[str, Any]:
        links = levels.Links(query_of(scope))
        closed_at = data["closed_at"]
        return {
            "facts": levels.facts(data, links),
            "panels": levels.panels(data, links),
            "left_out": levels.left_out(data),
            "left_out_tickets": data["left_out_tickets"],
            "closed_at": closed_at and datetime.fromisoformat(closed_at),
            "restated": levels.restated(data),
        }


class ClocksPage(ReportPage, ListPage):
    """The clocks a number of the report counts."""

    template_name = "reports/clocks.html"
    csv_name = "service-levels"
    default_sort = "number"
    columns = (
        Column("number", gettext_lazy("Ticket"), sort="ticket__number", value="ticket.number"),
        Column("title", gettext_lazy("Subject"), value="ticket.title"),
        Column("metric", gettext_lazy("Measure"), value=lambda one: one.get_metric_display()),
        Column("priority", gettext_lazy("Priority"), sort="priority", value="level_text"),
        Column("agreement", gettext_lazy("Agreement"), value="agreement.name"),
        Column("due", gettext_lazy("Due"), sort="due_at", value="due_at"),
        Column("stopped", gettext_lazy("Done"), sort="stopped_at", value="stopped_at"),
        Column(
            "exclusion", gettext_lazy("Left out"), value=lambda row: row.get_exclusion_display()
        ),
    )

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def get_queryset(self) -> QuerySet[SlaClock]:
        return clocks_of(self.request.GET, now=self.now).select_related("ticket", "agreement")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counted = self.request.GET.get("counted", "")
        title = {
            Outcome.MET: _("Promises kept"),
            Outcome.BREACHED: _("Promises missed"),
            Outcome.PENDING: _("Promises pending"),
            Outcome.EXCLUDED: _("Promises left out"),
        }.get(counted, _("Promises"))
        return super().get_context_data(title=title, **kwargs)


class UnmeasuredPage(ReportPage, ListPage):
    """Tickets of the period on which nothing was promised to a customer."""

    template_name = "reports/unmeasured.html"
    csv_name = "unmeasured"
    default_sort = "number"
    columns = (
        Column("number", gettext_lazy("Ticket"), sort="number"),
        Column("title", gettext_lazy("Subject")),
        Column("organization", gettext_lazy("Organization"), sort="organization__name"),
        Column("received", gettext_lazy("Received"), sort="received_at", value="received_at"),
    )

    def get_queryset(self) -> QuerySet[Ticket]:
        form = OverviewForm(self.request.GET)
        if not form.is_valid():
            return Ticket.objects.none()
        return scope_of(form).unmeasured().select_related("organization")
