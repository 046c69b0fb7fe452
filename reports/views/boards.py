"""Dashboards: they read stored answers, and ask a worker for what is missing or old."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.ui.pages import Tab
from portal.ui.tables import Column, csv_response
from reports.actions.boards import BoardScope, Compare, find_board
from reports.charts.boards import fact, panel
from reports.charts.dashboards import Board
from reports.charts.differences import than_before
from reports.charts.lines import Reading
from reports.charts.panels import Panel
from reports.charts.tiles import Tile as Fact
from reports.filters.boards import NARROWING, BoardChoice, choose_board, presets
from reports.metrics.tile import ChartKind, Tile
from reports.models import ReportSnapshot
from reports.permissions import (
    Reach,
    may_schedule_reports,
    may_see_board,
    may_see_boards,
    may_see_reports,
    reach_in,
    reach_of,
    tiles_told,
    told_to,
)

from .places import ReportPage, places, today
from .snapshots import is_waiting, polled, refreshed

STATUS = "report-status"
# The parameter that asks for the table of a panel as a file.
FILE = "file"
# Where a session keeps the filters that were last shown.
REMEMBERED = "board_filters"


class NarrowedPage(ReportPage):
    """A page of figures within what a person may see, under the filters of its address."""

    may_see = staticmethod(may_see_boards)
    request: HttpRequest

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def reach(self) -> Reach:
        return reach_of(self.request.user)

    @cached_property
    def choice(self) -> BoardChoice:
        before = self.request.session.get(REMEMBERED)
        return choose_board(self.request.GET, self.reach, today=today(self.now), before=before)

    @property
    def frame(self) -> str:
        """Customers see reports among their own pages."""
        return "ui/portal.html" if self.reach.organization else "ui/desk.html"


class TilesPage(NarrowedPage, TemplateView, ABC):
    """Tiles under filters. Give `tiles` and `title`."""

    template_name = "reports/board.html"

    @property
    @abstractmethod
    def title(self) -> Any:
        """The heading."""

    @property
    @abstractmethod
    def tiles(self) -> Sequence[Tile]:
        """What is asked."""

    def named(self, tile: Tile) -> str:
        """The name somebody gave a tile; empty: it is named after what it asks."""
        return ""

    @property
    def own_query(self) -> Mapping[str, str]:
        """What the address of this page holds beside the filters."""
        return {}

    @property
    def mailed_as(self) -> str:
        """What the form of scheduled reports calls this page; empty: it is none of them."""
        return ""

    @property
    def schedule_url(self) -> str:
        """Where this page, under its filters, is made a report that comes by mail; empty for people
        who make none."""
        if not self.mailed_as or not may_schedule_reports(self.request.user):
            return ""
        kept = {name: text for name, text in self.choice.query.items() if name in NARROWING}
        asked = urlencode({"name": self.title, "board": self.mailed_as, **kept})
        return f"{reverse('reports:subscription-new')}?{asked}"

    @property
    def tells_confidential(self) -> bool:
        """Who sees few teams, or is a customer, would learn of single tickets."""
        return may_see_reports(self.request.user)

    @cached_property
    def snapshot(self) -> ReportSnapshot:
        found = find_board(self.choice.scope, self.tiles, self.request.user, now=self.now)
        return refreshed(found, now=self.now)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        htmx = getattr(request, "htmx", None)
        if htmx and htmx.target == STATUS:
            page = self.url(self.choice.query)
            return polled(request, self.snapshot, page=page, again=self._status_url)
        if self.request.GET.get(FILE) and self.snapshot.is_ready:
            return self._table(self.request.GET[FILE])
        return super().get(request, *args, **kwargs)

    def _table(self, key: str) -> HttpResponseBase:
        """The table of a panel; Http404 when there is no such one."""
        found = [one for one in self.shown(self.snapshot.data)["panels"] if one.key == key]
        if not found:
            raise Http404
        columns = [
            Column(str(place), heading, value=lambda row, place=place: row[place].text)
            for place, heading in enumerate(found[0].headings)
        ]
        return csv_response(slugify(found[0].title) or key, columns, found[0].rows)

    def url(self, query: Mapping[str, str]) -> str:
        """This page under other filters."""
        return f"{self.request.path}?{urlencode({**query, **self.own_query})}"

    def _status_url(self, shown: datetime | None) -> str:
        more = {"shown": shown.isoformat()} if shown else {}
        return self.url({**self.choice.query, **more})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choice, snapshot = self.choice, self.snapshot
        if choice.form.is_valid() and self.request.session.get(REMEMBERED) != choice.query:
            self.request.session[REMEMBERED] = choice.query
        context = super().get_context_data(**kwargs) | {
            "frame_template": self.frame,
            "title": self.title,
            "tabs": places(self.request, choice.query),
            "form": choice.form,
            "scope": choice.scope,
            "presets": [
                Tab(label, self.url({**choice.query, **days}), days.items() <= choice.query.items())
                for label, days in presets(today(self.now))
            ],
            "snapshot": snapshot,
            "is_waiting": is_waiting(snapshot),
            "status_url": self._status_url(snapshot.computed_at),
            "schedule_url": self.schedule_url,
            "is_future": choice.scope.period.start >= self.now,
        }
        if snapshot.is_ready:
            context |= self.shown(snapshot.data)
        return context

    def reading(self, data: Mapping[str, Any]) -> Reading:
        """How the stored answers are read on this page."""
        return Reading(
            indicators=data["indicators"],
            step=self.choice.scope.step,
            query=self.choice.query,
            than=than(self.choice.scope),
        )

    def told(self, data: Mapping[str, Any]) -> list[Tile]:
        """The tiles that are answered, without amounts and costs that this person may not see."""
        answered = [tile for tile in self.tiles if tile.key in data["answers"]]
        return tiles_told(answered, data["indicators"], self.reach, self.choice.scope.teams)

    def facts(
        self, told: Sequence[Tile], answers: Mapping[str, Any], reading: Reading
    ) -> list[Fact]:
        """The tiles at the top, of one number each."""
        return [
            fact(tile, answers[tile.key], reading, self.named(tile))
            for tile in told
            if tile.chart == ChartKind.NUMBER
        ]

    def panels(
        self, told: Sequence[Tile], answers: Mapping[str, Any], reading: Reading
    ) -> list[Panel]:
        """The other tiles."""
        return [
            panel(tile, answers[tile.key], reading, self.named(tile))
            for tile in told
            if tile.chart != ChartKind.NUMBER
        ]

    def shown(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What the template shows of stored answers."""
        reading, answers, told = self.reading(data), data["answers"], self.told(data)
        panels = self.panels(told, answers, reading)
        return {
            "facts": self.facts(told, answers, reading),
            "panels": panels,
            "figures": {one.key: one.figure for one in panels if one.figure},
            "list_url": reading.list_url,
            "file_url": self.url({**self.choice.query, FILE: ""}),
            "hides_money": len(told) < len(answers),
            "confidential": data.get("confidential") if self.tells_confidential else None,
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        if not context["form"].is_valid():
            kwargs["status"] = 422
        return super().render_to_response(context, **kwargs)


class BoardPage(TilesPage):
    """A dashboard of ours; `board` says which."""

    board: Board | None = None

    @cached_property
    def shown_board(self) -> Board:
        if self.board is None or not may_see_board(self.board, reach_of(self.request.user)):
            raise Http404
        return self.board

    @cached_property
    def reach(self) -> Reach:
        return reach_in(self.shown_board, reach_of(self.request.user))

    @property
    def title(self) -> Any:
        return self.shown_board.title

    @property
    def mailed_as(self) -> str:
        return self.shown_board.key

    @cached_property
    def tiles(self) -> Sequence[Tile]:
        return told_to(self.reach, self.shown_board.tiles)


def than(scope: BoardScope) -> str:
    """What a total is compared with, behind "more"; empty for nothing."""
    if scope.compare == Compare.YEAR:
        return _("than a year before")
    if scope.compare == Compare.NONE:
        return ""
    return than_before(scope.period.days)
