"""What all report pages share: who may look, which day it is, where else to go."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.people.models import User
from portal.ui.pages import Tab
from reports.charts.dashboards import BOARDS
from reports.permissions import (
    may_make_boards,
    may_read_by_program,
    may_schedule_reports,
    may_see_board,
    may_see_reports,
    may_try_what_if,
    reach_of,
)

PAGES: tuple[tuple[str, Any, Callable[[User], bool]], ...] = (
    ("reports:overview", _("Service overview"), may_see_reports),
    ("reports:levels", _("Service levels"), may_see_reports),
    ("reports:csat", _("Satisfaction"), may_see_reports),
    ("reports:flow", _("Flow"), may_see_reports),
    ("reports:forecast", _("Forecast"), may_see_reports),
    ("reports:what-if", _("What if"), may_try_what_if),
    ("reports:key", _("Other programs"), may_read_by_program),
    ("reports:subscriptions", _("Scheduled reports"), may_schedule_reports),
)


class ReportPage(LoginRequiredMixin):
    """Does not exist for people who may not see it."""

    may_see: Callable[[User], bool] = staticmethod(may_see_reports)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.may_see(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


def today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).date()


def places(request: HttpRequest, query: Mapping[str, str] | None = None) -> list[Tab]:
    """The pages of figures that this person may see, the present one marked; `query` are the
    filters that dashboards take over."""
    user = request.user
    reach, kept = reach_of(user), f"?{urlencode(query)}" if query else ""
    pages = [(name, label, "") for name, label, may_see in PAGES if may_see(user)]
    pages += [
        (f"reports:{board.key}", board.title, kept)
        for board in BOARDS
        if may_see_board(board, reach)
    ]
    if may_make_boards(user):
        pages += [
            ("reports:own-list", _("Own dashboards"), ""),
            ("reports:pivot", _("Pivot"), kept),
        ]
    return [
        Tab(label, f"{reverse(name)}{more}", is_current=request.path == reverse(name))
        for name, label, more in pages
    ]
