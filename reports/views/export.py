"""Figures for other programs: a personal key, and what is read with it."""

from datetime import datetime
from http import HTTPStatus
from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from portal.people.models import User
from portal.ui.tables import Column, csv_response
from reports.actions.figure_rows import COLUMNS, figure_rows
from reports.actions.keys import read_key, renew_key, revoke_key
from reports.actions.snapshots import KPIS, filters_of, snapshot_of
from reports.filters import ExportForm, scope_of
from reports.models import ReportKey, ReportSnapshot
from reports.permissions import may_read_by_program, may_see_figure, reach_of

from .places import ReportPage, places
from .snapshots import refreshed

BEARER = "Bearer "
# So many questions a person may ask in a minute.
MOST_A_MINUTE = 60
WAIT_SECONDS, MINUTE = 2, 60


class KeyPage(ReportPage, TemplateView):
    """Make, renew and revoke the own key; it is shown once, right after it was made."""

    may_see = staticmethod(may_read_by_program)
    template_name = "reports/key.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = ReportKey.objects.filter(user=self.request.user).first()
        address = self.request.build_absolute_uri(reverse("reports:kpis-json"))
        return super().get_context_data(
            stored=key, address=address, tabs=places(self.request), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "revoke":
            if revoke_key(request.user):
                messages.success(request, _("Revoked. The key opens nothing any more."))
            return HttpResponseRedirect(reverse("reports:key"), status=HTTPStatus.SEE_OTHER)
        secret = renew_key(request.user, at=timezone.now())
        response = self.render_to_response(self.get_context_data(secret=secret))
        # The key is a secret; no cache keeps the page that shows it.
        response["Cache-Control"] = "no-store"
        return response


@require_safe
def kpis_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """All indicators of a period as JSON or CSV, for who signed in or holds a key.

    202 with `Retry-After` while they are computed; 400 for what makes no sense, 401 without a valid
    key, 429 for too many questions.
    """
    now = timezone.now()
    reader = _reader(request, now)
    if reader is None:
        answer = _refused(HTTPStatus.UNAUTHORIZED, _("Send a valid key as Authorization: Bearer."))
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    if not may_read_by_program(reader):
        raise Http404
    if _is_too_often(reader, now):
        answer = _refused(HTTPStatus.TOO_MANY_REQUESTS, _("Ask less often."))
        answer["Retry-After"] = str(MINUTE)
        return answer
    asked = ExportForm(request.GET)
    if not asked.is_valid():
        return JsonResponse({"errors": asked.errors}, status=HTTPStatus.BAD_REQUEST)
    filters = filters_of(scope_of(asked)) | {
        name: asked.cleaned_data[name] for name in ("by", "step")
    }
    snapshot = refreshed(snapshot_of(KPIS, filters, now=now), now=now)
    if not snapshot.is_ready:
        answer = JsonResponse({"status": "computing"}, status=HTTPStatus.ACCEPTED)
        answer["Retry-After"] = str(WAIT_SECONDS)
        return answer
    reach, team = reach_of(reader), snapshot.filters["team"]
    teams = frozenset({team}) if team else None
    told = {
        key: figures
        for key, figures in snapshot.data["indicators"].items()
        if may_see_figure(figures, reach, teams)
    }
    return _written(snapshot, told, request.GET.getlist("indicator"), form)


def _reader(request: HttpRequest, now: datetime) -> User | None:
    """Who asks: the owner of the key that was sent, else who has signed in."""
    sent = request.headers.get("Authorization", "")
    if sent:
        return read_key(sent.removeprefix(BEARER), at=now) if sent.startswith(BEARER) else None
    return request.user if request.user.is_authenticated else None


def _is_too_often(reader: User, now: datetime) -> bool:
    key = f"report-key-{reader.pk}-{now:%H%M}"
    cache.add(key, 0, 2 * MINUTE)
    return bool(cache.incr(key) > MOST_A_MINUTE)


def _written(
    snapshot: ReportSnapshot, figures: dict[str, Any], keys: list[str], form: str
) -> HttpResponseBase:
    """The figures of `keys`, all of them without any."""
    unknown = [key for key in keys if key not in figures]
    if unknown:
        words = {"keys": ", ".join(unknown)}
        return _refused(HTTPStatus.BAD_REQUEST, _("There is no indicator %(keys)s.") % words)
    figures = {key: figures[key] for key in keys or figures}
    if form == "csv":
        columns = [Column(name, name, value=itemgetter(name)) for name in COLUMNS]
        response: HttpResponseBase = csv_response("kpis", columns, figure_rows(figures))
    else:
        asked = {name: snapshot.filters[name] for name in ("from", "to", "zone", "by", "step")}
        response = JsonResponse(
            {"period": asked, "data_until": snapshot.computed_at, "indicators": figures}
        )
    response["Cache-Control"] = "private, no-store"
    return response


def _refused(status: HTTPStatus, detail: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)
