"""The overview: reads stored figures, asks a worker for missing or old ones, never computes."""

from typing import Any

from django.utils.translation import gettext_lazy

from reports.actions.reading import Scope
from reports.actions.snapshots import OVERVIEW
from reports.charts.links import Lists
from reports.charts.panels import panels
from reports.charts.tiles import tiles

from .snapshots import SnapshotPage


class OverviewPage(SnapshotPage):
    template_name = "reports/overview.html"
    title = gettext_lazy("Service overview")
    report = OVERVIEW

    def figures(self, scope: Scope, data: dict[str, Any]) -> dict[str, Any]:
        lists = Lists(scope.team_id, scope.organization_id)
        days = {"first": scope.period.first, "last": scope.period.last}
        return {
            "tiles": tiles(data, **days, days=scope.period.days, lists=lists),
            "panels": panels(data, **days, lists=lists),
        }
