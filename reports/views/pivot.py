"""Any figure by rows and columns, as a chart, a table and a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.ui.tables import Column, csv_response
from reports.charts.lines import Reading
from reports.charts.panels import Panel
from reports.charts.pivot import file_headings, file_rows, pivot
from reports.charts.tiles import Tile as Fact
from reports.forms import PivotForm
from reports.metrics.tile import ChartKind, Tile
from reports.models import ReportSnapshot
from reports.permissions import may_make_boards

from .boards import TilesPage
from .snapshots import CatalogMixin

USUAL = {"indicator": "received", "by": "team", "split": "priority", "chart": ChartKind.STACKED}


class PivotPage(CatalogMixin, TilesPage):
    may_see = staticmethod(may_make_boards)
    template_name = "reports/pivot.html"

    @property
    def title(self) -> str:
        return _("Pivot")

    @cached_property
    def asked(self) -> dict[str, str]:
        """What the address asks; the usual table when it asks nothing."""
        given = {name: self.request.GET[name] for name in USUAL if name in self.request.GET}
        return given or {name: str(value) for name, value in USUAL.items()}

    @cached_property
    def pivot_form(self) -> PivotForm:
        return PivotForm(self.asked, catalog=self.indicators)

    @cached_property
    def tiles(self) -> Sequence[Tile]:
        if not self.indicators or not self.pivot_form.is_valid():
            return []
        return [self.pivot_form.tile("pivot")]

    @cached_property
    def snapshot(self) -> ReportSnapshot:
        """Nothing can be asked before there is something to choose from: that comes first."""
        return super().snapshot if self.catalog_snapshot.is_ready else self.catalog_snapshot

    @property
    def own_query(self) -> Mapping[str, str]:
        return self.asked

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("format") == "csv" and self.tiles and self.snapshot.is_ready:
            return self._file()
        return super().get(request, *args, **kwargs)

    def _file(self) -> HttpResponseBase:
        data, tile = self.snapshot.data, self.tiles[0]
        reading = self.reading(data)
        rows = file_rows(tile, data["answers"][tile.key], reading) if self.told(data) else []
        names = file_headings(tile, reading)
        places = range(len(tile.dimensions))
        columns = [
            *(Column(str(n), names[n], value=lambda row, n=n: row.names[n]) for n in places),
            Column("value", names[-3]),
            Column("cases", names[-2]),
            Column("unit", names[-1]),
        ]
        return csv_response("pivot", columns, rows)

    def facts(
        self, told: Sequence[Tile], answers: Mapping[str, Any], reading: Reading
    ) -> list[Fact]:
        """A single number is a panel here as well."""
        return []

    def panels(
        self, told: Sequence[Tile], answers: Mapping[str, Any], reading: Reading
    ) -> list[Panel]:
        return [pivot(tile, answers[tile.key], reading) for tile in told]

    def shown(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return super().shown(data) | {"file_url": ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "pivot_form": self.pivot_form if self.indicators else None,
            "csv_url": self.url({**self.choice.query, "format": "csv"}),
        }
