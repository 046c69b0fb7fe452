"""What all report pages share: who may look, which day it is, where else to go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.people.models import User
from portal.ui.pages import Tab
from reports.charts.dashboards import BOARDS
from reports.models import Dashboard
from reports.permissions import (
    may_make_boards,
    may_read_by_program,
    may_schedule_reports,
    may_see_board,
    may_see_reports,
    may_try_what_if,
    reach_of,
)


@dataclass(frozen=True)
class Shelf:
    """Pages of figures that stand together."""

    heading: str | Promise
    tabs: list[Tab] = field(default_factory=list)


# Pages beside the dashboards: their name, who may look, and whether they take over filters.
PAGES: Mapping[str, tuple[Any, Callable[[User], bool], bool]] = {
    "levels": (_("Service levels"), may_see_reports, False),
    "csat": (_("Satisfaction"), may_see_reports, False),
    "flow": (_("Flow"), may_see_reports, False),
    "forecast": (_("Forecast"), may_see_reports, False),
    "what-if": (_("What if"), may_try_what_if, False),
    "own-list": (_("All own dashboards"), may_make_boards, False),
    "pivot": (_("Pivot"), may_make_boards, True),
    "subscriptions": (_("Scheduled reports"), may_schedule_reports, False),
    "key": (_("API key"), may_read_by_program, False),
}
# Where pages and dashboards stand, each on one shelf.
OWN = "own"
SHELVES: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "service": (
        _("Service and promises"),
        ("overview", "levels", "agreements", "response", "availability"),
    ),
    "work": (_("Work"), ("backlog", "flow", "workload", "problems-and-changes")),
    "voices": (_("What people say"), ("csat", "voices", "knowledge")),
    "money": (_("Money"), ("money",)),
    "ahead": (_("What may come"), ("forecast", "what-if")),
    OWN: (_("Own dashboards"), ("own-list", "pivot")),
    "out": (_("Mail and API"), ("subscriptions", "key")),
}
# So few pages stand side by side without headings.
FEW = 4
# So many own dashboards are named; all of them stand on their page.
MOST_OWN = 8


class ReportPage(LoginRequiredMixin):
    """Does not exist for people who may not see it."""

    may_see: Callable[[User], bool] = staticmethod(may_see_reports)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.may_see(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


def today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).date()


def places(request: HttpRequest, query: Mapping[str, str] | None = None) -> list[Shelf]:
    """The pages of figures that this person may see, by what they are about, the present one
    marked; `query` are the filters that dashboards take over. One shelf alone where there are few.
    """
    known = dict(_known(request.user, f"?{urlencode(query)}" if query else ""))
    shelves = []
    for name, (heading, keys) in SHELVES.items():
        pages = [(reverse(f"reports:{key}"), *known[key]) for key in keys if key in known]
        if name == OWN and pages:
            pages = [*_own_dashboards(request.user, known["pivot"][1]), *pages]
        if pages:
            shelves.append(
                Shelf(
                    heading,
                    [
                        Tab(label, f"{url}{more}", is_current=request.path == url)
                        for url, label, more in pages
                    ],
                )
            )
    together = [tab for shelf in shelves for tab in shelf.tabs]
    return [Shelf("", together)] if len(together) <= FEW else shelves


def _known(user: User, kept: str) -> Iterable[tuple[str, tuple[Any, str]]]:
    """What this person may open, by the last part of its name: its label, and the filters that it
    takes over."""
    reach = reach_of(user)
    for key, (label, may_see, takes_filters) in PAGES.items():
        if may_see(user):
            yield key, (label, kept if takes_filters else "")
    for board in BOARDS:
        if may_see_board(board, reach):
            yield board.key, (board.title, kept)


def _own_dashboards(user: User, kept: str) -> list[tuple[str, str, str]]:
    """Those of this person, and those that a team shares: the first ones by name."""
    found = Dashboard.objects.visible_to(user)[:MOST_OWN]
    return [(one.get_absolute_url(), one.title, kept) for one in found]
