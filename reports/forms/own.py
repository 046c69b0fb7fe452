"""The forms of an own dashboard and of its tiles."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.people.models import Team, User
from reports.charts.naming import DIMENSIONS, STEP, heading, series_name
from reports.metrics.tile import ChartKind, Tile

CHARTS = {
    ChartKind.NUMBER: gettext_lazy("one number"),
    ChartKind.LINE: gettext_lazy("lines"),
    ChartKind.BAR: gettext_lazy("columns"),
    ChartKind.STACKED: gettext_lazy("stacked columns"),
    ChartKind.LYING: gettext_lazy("horizontal bars"),
    ChartKind.TABLE: gettext_lazy("a table"),
}


class DashboardForm(forms.Form):
    """A title, and with whom it is shared."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(pk__in=user.grants.team_ids)
        self.fields["team"] = forms.ModelChoiceField(
            teams, label=_("Shared with"), required=False, empty_label=_("Nobody")
        )


class TileForm(forms.Form):
    """What a tile asks, out of the catalog of indicators."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Left empty, the tile is named after its figure."),
    )

    def __init__(self, *args: Any, catalog: Mapping[str, Mapping[str, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.catalog = catalog
        figures = sorted((series_name(key, facts), key) for key, facts in catalog.items())
        choices = [(key, name) for name, key in figures]
        dimensions = [(name, heading(str(label))) for name, label in DIMENSIONS.items()]
        self.fields["indicator"] = forms.ChoiceField(label=_("Figure"), choices=choices)
        self.fields["second"] = forms.ChoiceField(
            label=_("Beside it"), choices=[("", _("No other figure")), *choices], required=False
        )
        self.fields["by"] = forms.ChoiceField(
            label=_("By"), choices=[("", _("Only the total")), *dimensions], required=False
        )
        self.fields["split"] = forms.ChoiceField(
            label=_("And by"), choices=[("", _("Nothing else")), *dimensions], required=False
        )
        self.fields["chart"] = forms.ChoiceField(label=_("Shown as"), choices=list(CHARTS.items()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        by, split, chart = (cleaned.get(name) for name in ("by", "split", "chart"))
        keys = [cleaned[name] for name in ("indicator", "second") if cleaned.get(name)]
        for field in ("by", "split"):
            self._check_dimension(field, cleaned.get(field), keys)
        if split and not by:
            self.add_error("split", _("Choose first by what the figure is told."))
        elif split and split == by:
            self.add_error("split", _("Choose two different ones."))
        if len({self.catalog[key]["unit"] for key in keys}) > 1:
            self.add_error("second", _("Two figures on one chart need the same unit."))
        elif len(keys) > 1 and split:
            self.add_error("second", _("A chart of two figures cannot be split as well."))
        if chart == ChartKind.NUMBER and (by or len(keys) > 1):
            self.add_error(
                "chart",
                _(
                    "One number is the total of one figure. Choose lines, columns or a table, or"
                    " tell a single figure by nothing."
                ),
            )
        if chart and chart not in (ChartKind.NUMBER, ChartKind.TABLE) and keys and not by:
            self.add_error("by", _("A chart needs something to be told by."))
        if chart == ChartKind.LINE and by and by != STEP:
            self.add_error("chart", _("Lines are for time. Choose columns or horizontal bars."))
        return cleaned

    def _check_dimension(self, field: str, dimension: str | None, keys: list[str]) -> None:
        for key in keys:
            if dimension and dimension != STEP and dimension not in self.catalog[key]["dimensions"]:
                self.add_error(
                    field,
                    _("“%(figure)s” is not told by %(dimension)s.")
                    % {
                        "figure": series_name(key, self.catalog[key]),
                        "dimension": DIMENSIONS[dimension],
                    },
                )

    def tile(self, key: str = "new") -> Tile:
        """What a valid form asks."""
        cleaned = self.cleaned_data
        second = cleaned.get("second")
        indicators = [cleaned["indicator"], *([second] if second else [])]
        return Tile(
            key=key,
            indicators=tuple(dict.fromkeys(indicators)),
            by=cleaned["by"],
            split=cleaned["split"],
            chart=ChartKind(cleaned["chart"]),
        )


class PivotForm(TileForm):
    """One figure by rows and columns."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["title"], self.fields["second"]
        self.fields["by"].label = _("Rows")
        self.fields["split"].label = _("Columns")
