"""Dashboards that people put together themselves."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, VerbPage
from reports.actions.own import (
    copy_dashboard,
    create_dashboard,
    delete_dashboard,
    edit_dashboard,
    move_tile,
    remove_tile,
    save_tile,
    tile_of,
)
from reports.charts.boards import tile_title
from reports.charts.naming import indicator_name
from reports.forms import CHARTS, DashboardForm, TileForm
from reports.forms.subscriptions import OWN_KEY
from reports.metrics.tile import ChartKind, Tile
from reports.models import Dashboard, DashboardTile
from reports.permissions import may_make_boards

from .boards import TilesPage
from .places import ReportPage, places
from .snapshots import CatalogMixin

MAKERS = staticmethod(may_make_boards)


class OwnListPage(ReportPage, TemplateView):
    """The own dashboards, and those that a team shares."""

    may_see = MAKERS
    template_name = "reports/own_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        found = Dashboard.objects.visible_to(user).select_related("owner", "team")
        return super().get_context_data(**kwargs) | {
            "title": _("Own dashboards"),
            "tabs": places(self.request),
            "own": [one for one in found if one.owner_id == user.pk],
            "shared": [one for one in found if one.owner_id != user.pk],
        }


class NewOwnPage(ReportPage, VerbPage):
    """A new dashboard, empty at first."""

    may_see = MAKERS
    template_name = "reports/own_form.html"
    title = gettext_lazy("New dashboard")
    button = gettext_lazy("Create")
    refusals = (Refused,)

    def get_form(self) -> Form:
        return DashboardForm(**self.get_form_kwargs(), user=self.request.user)

    def perform(self, form: Form) -> Dashboard:
        given = form.cleaned_data
        return create_dashboard(
            by=self.request.user, title=given["title"], team=given["team"], at=timezone.now()
        )

    def get_success_url(self) -> str:
        return reverse("reports:own-edit", args=[self.result.pk])


class OwnPage(TilesPage):
    """An own dashboard, or one that is shared."""

    may_see = MAKERS
    template_name = "reports/own.html"

    @cached_property
    def dashboard(self) -> Dashboard:
        seen = Dashboard.objects.visible_to(self.request.user).select_related("owner", "team")
        return get_object_or_404(seen, pk=self.kwargs["pk"])

    @property
    def title(self) -> str:
        return self.dashboard.title

    @property
    def mailed_as(self) -> str:
        return f"{OWN_KEY}{self.dashboard.pk}" if self.rows else ""

    @cached_property
    def rows(self) -> dict[str, DashboardTile]:
        return {tile_of(row).key: row for row in self.dashboard.tiles.all()}

    @cached_property
    def tiles(self) -> Sequence[Tile]:
        return [tile_of(row) for row in self.rows.values()]

    def named(self, tile: Tile) -> str:
        return self.rows[tile.key].title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_mine = self.dashboard.owner_id == self.request.user.pk
        return super().get_context_data(**kwargs) | {
            "dashboard": self.dashboard,
            "is_mine": is_mine,
            "has_tiles": bool(self.rows),
        }


class OwnedPage(ReportPage, ActionPage):
    """A verb on one's own dashboard."""

    may_see = MAKERS
    model = Dashboard
    refusals = (Refused,)

    def get_queryset(self) -> QuerySet[Dashboard]:
        return Dashboard.objects.of(self.request.user)

    def get_success_url(self) -> str:
        return reverse("reports:own-edit", args=[self.record.pk])


class OwnEditPage(CatalogMixin, OwnedPage):
    """Its title, with whom it is shared, and the order of its tiles."""

    template_name = "reports/own_edit.html"
    title = gettext_lazy("Arrange")
    button = gettext_lazy("Save")
    success_message = gettext_lazy("Saved.")

    def get_form(self) -> Form:
        kwargs = self.get_form_kwargs()
        if self.request.method != "POST":
            kwargs = {"initial": {"title": self.record.title, "team": self.record.team_id}}
        return DashboardForm(**kwargs, user=self.request.user)

    def perform(self, form: Form) -> Dashboard:
        given = form.cleaned_data
        return edit_dashboard(
            self.record, by=self.request.user, title=given["title"], team=given["team"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.record.tiles.all())
        return super().get_context_data(**kwargs) | {
            "tiles": [
                {"row": row, "name": self._name(row),
                 "chart": CHARTS[ChartKind(row.chart)], "before": row.place - 1,
                 "after": row.place + 1, "is_first": place == 1, "is_last": place == len(rows)}
                for place, row in enumerate(rows, 1)
            ]
        }  # fmt: skip

    def _name(self, row: DashboardTile) -> str:
        known = self.indicators
        if row.title or any(key not in known for key in row.indicators):
            return str(row)
        return tile_title(tile_of(row), known)


class TilePage(CatalogMixin, OwnedPage):
    """A new tile, or one that is changed."""

    template_name = "reports/own_tile.html"
    title = gettext_lazy("Tile")
    button = gettext_lazy("Save the tile")

    @cached_property
    def row(self) -> DashboardTile | None:
        key = self.kwargs.get("tile")
        return get_object_or_404(self.record.tiles, pk=key) if key else None

    def check(self) -> None:
        super().check()
        _found = self.row

    def get_form(self) -> Form:
        kwargs = self.get_form_kwargs()
        if self.request.method != "POST" and self.row:
            first, second = [*self.row.indicators, ""][:2]
            kwargs = {
                "initial": {
                    "title": self.row.title, "indicator": first, "second": second,
                    "by": self.row.by, "split": self.row.split, "chart": self.row.chart,
                }
            }  # fmt: skip
        return TileForm(**kwargs, catalog=self.indicators)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = [
            (indicator_name(key, facts), facts["how"]) for key, facts in self.indicators.items()
        ]
        return super().get_context_data(**kwargs) | {
            "is_ready": self.catalog_snapshot.is_ready,
            "told": sorted(dict(told).items()),
        }

    def perform(self, form: Form) -> DashboardTile:
        assert isinstance(form, TileForm)  # noqa: S101 - see get_form
        return save_tile(
            self.record,
            form.tile(),
            by=self.request.user,
            title=form.cleaned_data["title"],
            tile=self.row.pk if self.row else None,
        )


class MoveTilePage(OwnedPage):
    """POST `to`, the place it goes to, counted from 1."""

    def perform(self, form: Form) -> None:
        text = self.request.POST.get("to", "")
        if text.isascii() and text.isdigit() and len(text) < 4:
            move_tile(self.record, self.kwargs["tile"], int(text), by=self.request.user)

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#tile-{self.kwargs['tile']}"


class RemoveTilePage(OwnedPage):
    success_message = gettext_lazy("The tile was removed.")

    def perform(self, form: Form) -> None:
        remove_tile(self.record, self.kwargs["tile"], by=self.request.user)


class CopyOwnPage(OwnedPage):
    """Anybody who sees it may have a copy."""

    success_message: str | Promise = gettext_lazy("This copy is yours.")

    def get_queryset(self) -> QuerySet[Dashboard]:
        return Dashboard.objects.visible_to(self.request.user)

    def perform(self, form: Form) -> Dashboard:
        return copy_dashboard(self.record, by=self.request.user, at=timezone.now())

    def get_success_url(self) -> str:
        found = self.result or self.record
        return reverse("reports:own", args=[found.pk])


class DeleteOwnPage(OwnedPage):
    success_message = gettext_lazy("The dashboard was deleted.")

    def perform(self, form: Form) -> None:
        delete_dashboard(self.record, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("reports:own-list")
