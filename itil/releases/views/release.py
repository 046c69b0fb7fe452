"""Releases, one release with its rollout, and which customer runs which version."""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from itil.changes.models import Change
from itil.desk.permissions import may_read_notes
from itil.releases import permissions
from itil.releases.lifecycle import COMPOSED, ENDED, DeploymentStatus, Status
from itil.releases.models import Deployment, Release
from portal.ui.pages import DetailPage, DutyPage, ListPage
from portal.ui.paging import CappedPaginator
from portal.ui.tables import Column

DUTIES = ("is_staff",)
# A step that needs one of these goes back or ends the release early.
BACKWARD = {"reason", "note"}


class ReleaseList(ListPage):
    """All releases that the person may see, the newest first."""

    duties = DUTIES
    template_name = "itil/releases/list.html"
    default_sort = "-number"
    csv_name = "releases"
    columns = (
        Column("number", _("Release"), sort="number"),
        Column("version", _("Version"), sort="release_version"),
        Column("service", _("Service"), sort="service__name", value="service.name"),
        Column("planned", _("Planned for"), sort="planned_at", value="planned_at"),
        Column("status", _("Status"), sort="status", value="status_label"),
        Column("rollout", _("Rolled out"), value="done_count"),
        Column("owner", _("Owner"), sort="assignee__name", value="assignee.name"),
    )

    def get_queryset(self) -> Any:
        seen = Release.objects.visible_to(self.request.user)
        done = Q(deployments__status=DeploymentStatus.SUCCESSFUL)
        return seen.select_related("service", "assignee").annotate(
            all_count=Count("deployments", distinct=True),
            done_count=Count("deployments", filter=done, distinct=True),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_open=permissions.may_open(self.request.user), **kwargs)


class ReleaseRecord:
    """The release of the URL among those that the person may see."""

    model = Release
    lookup = "number"
    duties = DUTIES

    def get_queryset(self) -> Any:
        return Release.objects.visible_to(self.request.user).select_related(
            "service", "assignee", "team"
        )


class ReleasePage(ReleaseRecord, DetailPage):
    """What is in it, who let it go, who has it."""

    template_name = "itil/releases/release.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        release, user = self.record, self.request.user
        may_plan = permissions.may_plan(user, release)
        waves = list(release.waves.all())
        rows = list(release.deployments.in_order())
        for wave in waves:
            wave.rows = [row for row in rows if row.wave_id == wave.pk]
        decisions = list(release.decisions.select_related("decided_by").order_by("-at"))
        # Of the decisions since the last rework the latest one counts.
        is_go = bool(decisions and decisions[0].is_go and not decisions[0].is_past)
        moves = self._moves()
        return super().get_context_data(
            release=release,
            ticket=release,
            # A manager reads no texts (`c5`).
            reads=may_read_notes(user, release),
            bundled=self.bundled(),
            waves=waves,
            successful=sum(row.status == DeploymentStatus.SUCCESSFUL for row in rows),
            total=len(rows),
            decisions=decisions,
            is_go=is_go,
            awaits_decision=release.status == Status.APPROVAL and not is_go,
            moves=moves,
            onward=self._onward(moves, is_go=is_go),
            may_plan=may_plan,
            may_compose=may_plan and release.status in COMPOSED,
            may_decide=permissions.may_decide(user, release) and release.status == Status.APPROVAL,
            is_deploying=may_plan and release.status == Status.DEPLOYING,
            path=[(status, status.label) for status in Status if status not in ENDED],
            **kwargs,
        )

    def bundled(self) -> Any:
        """The changes in it that this person may see, by their numbers (`VIS-1`)."""
        seen = Change.objects.visible_to(self.request.user).order_by()
        found = self.record.bundled.filter(change__in=seen.values("pk"))
        return found.select_related("change__service").order_by("change__number")

    def _moves(self) -> list[Any]:
        """The steps that this person may take now."""
        found = permissions.standing(self.request.user, self.record)
        return [
            move for move in self.record.lifecycle.moves_from(self.record.status) if move.by & found
        ]

    def _onward(self, moves: list[Any], *, is_go: bool) -> str:
        """The verb of the step that leads on and may be taken; empty when there is none yet."""
        if self.record.status == Status.APPROVAL and not is_go:
            return ""
        # The ways back and out ask for a reason.
        return next((move.verb for move in moves if not BACKWARD & set(move.needs)), "")


class Versions(DutyPage, TemplateView):
    """Which customer runs which version of which service."""

    duties = DUTIES
    template_name = "itil/releases/versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = Release.objects.visible_to(self.request.user)
        rows = (
            Deployment.objects.holding()
            .filter(release__in=seen.values("pk"))
            .select_related("release__service", "organization", "location")
            .order_by("release__service__name", "organization__name", "location__name", "pk")
        )
        page = CappedPaginator(rows).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, rows=page.object_list, **kwargs)
