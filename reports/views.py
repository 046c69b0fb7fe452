"""The overview: reads stored figures, asks a worker for missing or old ones, never computes."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.generic import TemplateView
from django_htmx.http import HttpResponseClientRefresh

from .actions.reading import Scope
from .actions.snapshots import claim_refresh, find_snapshot
from .charts.links import Lists
from .charts.panels import panels
from .charts.tiles import tiles
from .filters import choose, query_of
from .models import ReportSnapshot
from .permissions import may_see_reports
from .tasks import refresh_overview

REMEMBERED = "report_filters"


class ReportPage(LoginRequiredMixin):
    """Does not exist for people who may not see reports."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not may_see_reports(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


def today(now: datetime):
    return now.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).date()


def fresh_snapshot(scope: Scope, *, now: datetime) -> ReportSnapshot:
    """The figures there are; a worker is asked for newer ones when they are old."""
    snapshot = find_snapshot(scope, now=now)
    if claim_refresh(snapshot, now=now):
        refresh_overview.enqueue(snapshot.pk)
        snapshot.refresh_from_db()
    return snapshot


def is_waiting(snapshot: ReportSnapshot) -> bool:
    """A computation was asked for and is not ready yet."""
    asked, ready = snapshot.requested_at, snapshot.computed_at
    return asked is not None and (ready is None or ready < asked)


class OverviewPage(ReportPage, TemplateView):
    template_name = "reports/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        session = self.request.session
        choice = choose(self.request.GET, before=session.get(REMEMBERED), today=today(now))
        query = query_of(choice.scope)
        if choice.form.is_valid() and session.get(REMEMBERED) != query:
            session[REMEMBERED] = query
        snapshot = fresh_snapshot(choice.scope, now=now)
        context = super().get_context_data(**kwargs) | {
            "form": choice.form,
            "scope": choice.scope,
            "snapshot": snapshot,
            "is_waiting": is_waiting(snapshot),
            "status_url": f"{reverse('reports:status')}?{urlencode(query | _shown(snapshot))}",
        }
        if snapshot.is_ready:
            context |= self._figures(choice.scope, snapshot.data)
        return context

    def _figures(self, scope: Scope, data: dict[str, Any]) -> dict[str, Any]:
        lists = Lists(scope.team_id, scope.organization_id)
        days = {"first": scope.period.first, "last": scope.period.last}
        shown = panels(data, **days, lists=lists)
        return {
            "tiles": tiles(data, **days, days=scope.period.days, lists=lists),
            "panels": shown,
            "figures": {panel.key: panel.figure for panel in shown if panel.figure},
            "confidential": data["confidential"],
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        if not context["form"].is_valid():
            kwargs["status"] = 422
        return super().render_to_response(context, **kwargs)


def _shown(snapshot: ReportSnapshot) -> dict[str, str]:
    return {"shown": snapshot.computed_at.isoformat()} if snapshot.computed_at else {}


class StatusFragment(ReportPage, TemplateView):
    """Polled while figures are computed: brings the first ones at once, and offers newer ones
    without moving what is being read."""

    template_name = "reports/_status.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        now = timezone.now()
        choice = choose(request.GET, before=None, today=today(now))
        snapshot = fresh_snapshot(choice.scope, now=now)
        shown = parse_datetime(request.GET.get("shown", "") or "")
        if snapshot.is_ready and shown is None:
            return HttpResponseClientRefresh()
        query = query_of(choice.scope)
        is_newer = snapshot.is_ready and shown is not None and snapshot.computed_at > shown
        polled = query | ({"shown": shown.isoformat()} if shown else {})
        return self.render_to_response(
            {
                "snapshot": snapshot,
                "is_newer": is_newer,
                "is_waiting": not is_newer,
                "page_url": f"{reverse('reports:overview')}?{urlencode(query)}",
                "status_url": f"{reverse('reports:status')}?{urlencode(polled)}",
            }
        )
