"""What all report pages share: who may look, which day it is, where else to go."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.people.models import User
from portal.ui.pages import Tab
from reports.permissions import may_see_reports, may_try_what_if

PAGES: tuple[tuple[str, Any, Callable[[User], bool]], ...] = (
    ("reports:overview", _("Service overview"), may_see_reports),
    ("reports:levels", _("Service levels"), may_see_reports),
    ("reports:csat", _("Satisfaction"), may_see_reports),
    ("reports:what-if", _("What if"), may_try_what_if),
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


def places(request: HttpRequest) -> list[Tab]:
    """The report pages this person may see, the present one marked."""
    return [
        Tab(label, reverse(name), is_current=request.path == reverse(name))
        for name, label, may_see in PAGES
        if may_see(request.user)
    ]
