"""What the members of boards read of releases: those with their changes, and go or no-go.

The decision is the change manager's; a release takes its authority from the changes (domain 2.6).
"""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from itil.changes.models import Change
from itil.changes.views.sheet import frame_of
from itil.releases.models import Release
from portal.ui.pages import DetailPage, ListPage
from portal.ui.tables import Column


class BoardReleases(ListPage):
    """The releases with changes before the boards that the person sits on."""

    template_name = "itil/releases/boards.html"
    default_sort = "-number"
    columns = (
        Column("number", _("Release"), sort="number"),
        Column("version", _("Version"), sort="release_version"),
        Column("service", _("Service"), sort="service__name"),
        Column("planned", _("Planned for"), sort="planned_at"),
        Column("status", _("Status"), sort="status"),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.board_seats.exists():
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return Release.objects.before_boards_of(self.request.user).select_related("service")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(frame_template=frame_of(self.request.user), **kwargs)


class GoOrNoGo(DetailPage):
    """What go or no-go is decided on, by whom and how; with the changes before one's own board."""

    model = Release
    lookup = "number"
    template_name = "itil/releases/go.html"

    def get_queryset(self) -> Any:
        found = Release.objects.before_boards_of(self.request.user)
        return found.select_related("service", "assignee")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        release, user = self.record, self.request.user
        changes = Change.objects.before_boards_of(user).filter(in_release__release=release)
        return super().get_context_data(
            release=release,
            changes=changes.select_related("service").order_by("number"),
            decisions=release.decisions.select_related("decided_by").order_by("-at"),
            frame_template=frame_of(user),
            **kwargs,
        )
