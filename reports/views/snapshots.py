"""Pages of stored figures: they read what there is, and ask a worker for what is missing or old."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise, cached_property
from django.utils.timezone import is_aware
from django.views.generic import TemplateView, View
from django_htmx.http import HttpResponseClientRefresh

from reports.actions.boards import find_catalog
from reports.actions.reading import Scope
from reports.actions.snapshots import (
    CSAT,
    FLOW,
    FORECAST,
    LEVELS,
    claim_refresh,
    filters_of,
    snapshot_of,
)
from reports.filters import Choice, FlowForm, ForecastForm, OverviewForm, choose, query_of
from reports.models import ReportSnapshot
from reports.tasks import refresh_report

from .places import ReportPage, places, today

REMEMBERED = "report_filters"
PAGES = {
    LEVELS: "reports:levels",
    CSAT: "reports:csat",
    FLOW: "reports:flow",
    FORECAST: "reports:forecast",
}
# What pages are narrowed by, where it is more than a period, a team and an organization.
FORMS: dict[str, type[OverviewForm]] = {FLOW: FlowForm, FORECAST: ForecastForm}


def chosen(report: str, request: HttpRequest, now: datetime, before: Any = None) -> Choice:
    """What the query string asks of a report."""
    form_class = FORMS.get(report, OverviewForm)
    return choose(request.GET, before=before, today=today(now), form_class=form_class)


def snapshot_for(report: str, choice: Choice, now: datetime) -> ReportSnapshot:
    """The figures there are of what was chosen; newer ones are asked for when they are old."""
    filters = filters_of(choice.scope) | dict(choice.more)
    return refreshed(snapshot_of(report, filters, now=now), now=now)


def refreshed(snapshot: ReportSnapshot, *, now: datetime) -> ReportSnapshot:
    """The figures there are; a worker is asked for newer ones when they are old."""
    if claim_refresh(snapshot, now=now):
        refresh_report.enqueue(snapshot.pk)
        snapshot.refresh_from_db()
    return snapshot


class CatalogMixin:
    """What there is to choose from; the page waits while a worker lists it for the first time."""

    @cached_property
    def catalog_snapshot(self) -> ReportSnapshot:
        now = timezone.now()
        return refreshed(find_catalog(now=now), now=now)

    @property
    def indicators(self) -> dict[str, Any]:
        """What is known of each; empty while it is being listed."""
        snapshot = self.catalog_snapshot
        return snapshot.data["indicators"] if snapshot.is_ready else {}


def is_waiting(snapshot: ReportSnapshot) -> bool:
    """A computation was asked for and is not ready yet."""
    asked, ready = snapshot.requested_at, snapshot.computed_at
    return asked is not None and (ready is None or ready < asked)


class SnapshotPage(ReportPage, TemplateView, ABC):
    """A report of a period. Give `report` and `title`; templates extend reports/snapshot.html.

    `choice` is what was asked, from the moment at which figures are made.
    """

    report = ""
    title: str | Promise = ""
    choice: Choice

    @abstractmethod
    def figures(self, scope: Scope, data: dict[str, Any]) -> dict[str, Any]:
        """What the template shows of `scope`, made of the stored figures `data`; `panels` are the
        charts among it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        session = self.request.session
        choice = chosen(self.report, self.request, now, session.get(REMEMBERED))
        self.choice = choice
        query = query_of(choice.scope)
        if choice.form.is_valid() and session.get(REMEMBERED) != query:
            session[REMEMBERED] = query
        snapshot = snapshot_for(self.report, choice, now)
        context = super().get_context_data(**kwargs) | {
            "title": self.title,
            "tabs": places(self.request),
            "form": choice.form,
            "scope": choice.scope,
            "snapshot": snapshot,
            "is_waiting": is_waiting(snapshot),
            "status_url": _status_url(self.report, choice, snapshot.computed_at),
            # Noughts, and what is open now, would look like figures of that time.
            "is_future": choice.scope.period.start >= now,
        }
        if snapshot.is_ready and not context["is_future"]:
            shown = self.figures(choice.scope, snapshot.data)
            context |= shown | {
                "figures": {panel.key: panel.figure for panel in shown["panels"] if panel.figure},
                "confidential": snapshot.data["confidential"],
            }
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        if not context["form"].is_valid():
            kwargs["status"] = 422
        return super().render_to_response(context, **kwargs)


def _status_url(report: str, choice: Choice, shown: datetime | None) -> str:
    """Where to ask whether there are newer figures than those of `shown`."""
    since = {"shown": shown.isoformat()} if shown else {}
    return f"{reverse('reports:status')}?{urlencode(choice.query | {'report': report} | since)}"


def polled(
    request: HttpRequest,
    snapshot: ReportSnapshot,
    *,
    page: str,
    again: Callable[[datetime | None], str],
) -> HttpResponseBase:
    """What is polled while figures are computed: brings the first ones at once, and offers newer
    ones without moving what is being read. `page` shows them; `again` is where to ask next, by the
    moment of the figures that are shown."""
    shown = _moment(request.GET.get("shown", ""))
    if snapshot.is_ready and shown is None:
        return HttpResponseClientRefresh()
    is_newer = bool(snapshot.computed_at and shown and snapshot.computed_at > shown)
    context = {
        "is_newer": is_newer,
        "is_waiting": not is_newer,
        "page_url": page,
        "status_url": again(shown),
    }
    return TemplateResponse(request, "reports/_status.html", context)


def _moment(text: str) -> datetime | None:
    """An instant as text; None where it is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None


class StatusFragment(ReportPage, View):
    """What the pages of one report poll; the parameter `report` says which."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        now = timezone.now()
        report = request.GET.get("report", "")
        if report not in PAGES:
            raise Http404
        choice = chosen(report, request, now)
        snapshot = snapshot_for(report, choice, now)

        def again(shown: datetime | None) -> str:
            return _status_url(report, choice, shown)

        page = f"{reverse(PAGES[report])}?{urlencode(choice.query)}"
        return polled(request, snapshot, page=page, again=again)
