"""The list of records behind a point of a figure (`KPI-26`)."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.ui.tables import Column
from reports.actions.boards import AGENT, Point, find_list, people_of
from reports.charts import words
from reports.charts.naming import (
    NONE,
    STEP,
    dimension_name,
    heading,
    key_name,
    label_name,
    series_name,
)
from reports.metrics.indicator import NAMED
from reports.models import ReportSnapshot
from reports.permissions import Reach, may_see_behind, may_see_figure, reach_about, reach_of
from reports.tables import RecordTable, name_of, table_of

from .boards import NarrowedPage
from .counted import CountedPage
from .snapshots import CatalogMixin, refreshed

# What the parameters of a point begin with, so that they are no filters.
AT = "at_"
HIGHEST_KEY = 2**63 - 1


class RecordsPage(CatalogMixin, NarrowedPage, CountedPage):
    """Every figure's point has one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and self.catalog_snapshot.is_ready:
            self._ensure_seen()
        return super().dispatch(request, *args, **kwargs)

    # --- What is asked ------------------------------------------------------------------------

    @cached_property
    def reach(self) -> Reach:
        """Those who see nothing but money see the whole desk where it is about money."""
        return reach_about(self.request.GET.get("indicator", ""), reach_of(self.request.user))

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What is known of the indicator; Http404 when there is no such one."""
        found = self.indicators.get(self.request.GET.get("indicator", ""))
        if found is None or table_of(found["record"]) is None:
            raise Http404
        return dict(found)

    @cached_property
    def point(self) -> Point:
        """The keys in the address; Http404 for one that cannot be."""
        keys = []
        for name in (STEP, *self.facts["dimensions"]):
            text = self.request.GET.get(f"{AT}{name}")
            if text is None:
                continue
            if name not in NAMED:
                keys.append((name, text))
                continue
            if not (text.isascii() and text.isdigit()) or int(text) > HIGHEST_KEY:
                raise Http404
            keys.append((name, int(text)))
        return Point(self.request.GET["indicator"], tuple(keys))

    def _ensure_seen(self) -> None:
        """Http404 for what is outside the reach of this person."""
        reach, choice, keys = self.reach, self.choice, dict(self.point.keys)
        if not choice.form.is_valid() or not may_see_figure(self.facts, reach, choice.scope.teams):
            raise Http404
        if not may_see_behind(self.point.indicator, keys, reach):
            raise Http404
        team = keys.get("team", NONE)
        if team != NONE and not reach.reaches(int(team)):
            raise Http404
        if AGENT in keys and int(keys[AGENT]) not in people_of(self.request.user):
            raise Http404

    # --- What there is ------------------------------------------------------------------------

    @cached_property
    def snapshot(self) -> ReportSnapshot:
        found = find_list(self.choice.scope, self.point, self.request.user, now=self.now)
        return refreshed(found, now=self.now)

    @cached_property
    def table(self) -> RecordTable:
        found = table_of(self.facts["record"])
        if found is None:
            raise Http404
        return found

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        return self.table.columns_behind(self.point.indicator)

    @property
    def is_ready(self) -> bool:
        return self.catalog_snapshot.is_ready and self.snapshot.is_ready

    @property
    def ticket_page(self) -> str:  # type: ignore[override]
        return "selfservice:request" if self.reach.organization else "desk:ticket"

    def about(self) -> dict[str, Any]:
        return {
            "title": series_name(self.point.indicator, self.facts),
            "how": _(self.facts["how"]),
            "conditions": self._conditions(),
        }

    def _conditions(self) -> list[tuple[str, str]]:
        """The point and the filters in words; to a customer a record is named only when it occurs
        in the own figures, so that nobody reads names by counting up keys."""
        scope, form = self.choice.scope, self.choice.form
        is_named = not self.reach.organization or bool(self.snapshot.data["records"])
        period = _("%(first)s to %(last)s") % {
            "first": words.day(scope.period.first),
            "last": words.day(scope.period.last),
        }
        found = [(_("Period"), period)]
        for name, key in self.point.keys:
            label = heading(dimension_name(name, scope.step))
            if name == STEP:
                found.append((label, label_name(str(key), scope.step)))
            else:
                known = name_of(name, key) if is_named else ""
                found.append((label, key_name(name, key, known)))
        for field in ("team", "organization", "service", "priority", "kind"):
            if form.cleaned_data.get(field):
                value = form.cleaned_data[field]
                name = key_name(field, value) if field in ("priority", "kind") else str(value)
                found.append((str(form.fields[field].label), name))
        return found
