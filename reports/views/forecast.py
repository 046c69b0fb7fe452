"""What may come: the weeks ahead, the people for them, and open promises that may be missed."""

from typing import Any

from django.utils.translation import gettext_lazy

from itil.tickets.models import Ticket
from reports.actions.reading import Scope
from reports.actions.snapshots import FORECAST
from reports.charts import forecast

from .snapshots import SnapshotPage


class ForecastPage(SnapshotPage):
    template_name = "reports/forecast.html"
    title = gettext_lazy("Forecast")
    report = FORECAST

    def figures(self, scope: Scope, data: dict[str, Any]) -> dict[str, Any]:
        form = self.choice.form
        typed = form.cleaned_data if form.is_valid() else {}
        rows = data["breach"]["tickets"]
        seen = Ticket.objects.visible_to(self.request.user).filter(
            pk__in=[row["ticket"] for row in rows]
        )
        known = {pk: (number, title) for pk, number, title in
                 seen.values_list("pk", "number", "title")}  # fmt: skip
        return {
            "facts": forecast.staffing(data, typed.get("agents"), typed.get("hours")),
            "panels": forecast.panels(data),
            "tells_breaches": data["breach"]["useful"],
            "likely": forecast.tickets(rows, known),
        }
