"""How tickets really move, where they wait, and what that would cost."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.actions.reading import Scope
from reports.actions.snapshots import FLOW, FLOW_LIST, filters_of, snapshot_of
from reports.charts import flow, words
from reports.charts.flow_names import Lists, Naming, part_name
from reports.filters import Choice
from reports.metrics.indicator import Record
from reports.metrics.parts import Part, What
from reports.models import ReportSnapshot
from reports.tables import TABLES, name_of

from .counted import CountedPage
from .places import ReportPage
from .snapshots import SnapshotPage, chosen, refreshed

LONGEST_PLACE = 60


class FlowPage(SnapshotPage):
    template_name = "reports/flow.html"
    title = gettext_lazy("Flow")
    report = FLOW

    def figures(self, scope: Scope, data: dict[str, Any]) -> dict[str, Any]:
        form, currency = self.choice.form, settings.BUSINESS_CURRENCY
        rate: Decimal | None = form.cleaned_data.get("rate") if form.is_valid() else None
        lists = Lists(self.choice.query)
        return {
            "facts": flow.facts(data, rate, currency, lists),
            "maps": flow.flow_maps(data, lists),
            "panels": flow.panels(data, rate, currency, lists),
        }


class FlowTicketsPage(ReportPage, CountedPage):
    """The tickets behind a place, a move or a time of waiting on the page of flow."""

    table = TABLES[Record.TICKET]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.choice.form.is_valid():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def choice(self) -> Choice:
        return chosen(FLOW, self.request, timezone.now())

    @cached_property
    def part(self) -> Part:
        """What the address asks; Http404 for what there cannot be."""
        what, place, to = (self.request.GET.get(name, "") for name in ("what", "place", "then"))
        if max(len(place), len(to)) > LONGEST_PLACE:
            raise Http404
        try:
            found = Part(What(what), place, to)
            if found.what == What.HALF:
                date.fromisoformat(place)
        except ValueError as error:
            raise Http404 from error
        return found

    @cached_property
    def snapshot(self) -> ReportSnapshot:
        now, filters = timezone.now(), filters_of(self.choice.scope) | self.part.as_filters()
        return refreshed(snapshot_of(FLOW_LIST, filters, now=now), now=now)

    def about(self) -> dict[str, Any]:
        names = Naming(lambda key: name_of("team", key))
        scope = self.choice.scope
        days = {"first": words.day(scope.period.first), "last": words.day(scope.period.last)}
        found = [(_("Resolved"), _("%(first)s to %(last)s") % days)]
        for name, key in (("team", scope.team_id), ("organization", scope.organization_id)):
            if key:
                found.append((str(self.choice.form.fields[name].label), name_of(name, key)))
        return {
            "title": part_name(self.part, names),
            "how": _(self.snapshot.data["how"]),
            "conditions": found,
        }
