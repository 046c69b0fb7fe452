"""A release reaches one customer or place after the other."""

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure, locked
from itil.releases import permissions
from itil.releases.lifecycle import DeploymentStatus, Status
from itil.releases.models import Deployment, Release
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import EventKind
from portal.people.models import User

# From which statuses each may be reached: what failed is tried again.
_SOURCES: dict[str, tuple[str, ...]] = {
    DeploymentStatus.RUNNING: (DeploymentStatus.PLANNED, DeploymentStatus.FAILED),
    DeploymentStatus.SUCCESSFUL: (DeploymentStatus.RUNNING,),
    DeploymentStatus.FAILED: (DeploymentStatus.RUNNING,),
}


def start_deployment(deployment: Deployment, *, by: User, at: datetime | None = None) -> Deployment:
    """Begin to bring the release there."""
    at = at or timezone.now()
    changes = {"started_at": at, "ended_at": None, "note": "", "carried_out_by": by}
    return _step(deployment, DeploymentStatus.RUNNING, changes, by, at)


def finish_deployment(
    deployment: Deployment, *, note: str = "", by: User, at: datetime | None = None
) -> Deployment:
    """The release runs there now."""
    at = at or timezone.now()
    changes = {"ended_at": at, "note": note.strip()}
    return _step(deployment, DeploymentStatus.SUCCESSFUL, changes, by, at)


def fail_deployment(
    deployment: Deployment, *, note: str, by: User, at: datetime | None = None
) -> Deployment:
    """It did not work there; it may be tried again, or the release is rolled back."""
    at = at or timezone.now()
    if not note.strip():
        raise MissingValue("note", _("Write what went wrong."))
    changes = {"ended_at": at, "note": note.strip()}
    return _step(deployment, DeploymentStatus.FAILED, changes, by, at)


@transaction.atomic
def _step(
    deployment: Deployment, status: str, changes: dict[str, Any], by: User, at: datetime
) -> Deployment:
    """Raises NotAllowed, and Refused for a step that there is not from where it is."""
    release = cast(Release, locked(deployment.release))
    ensure(
        permissions.may_plan(by, release),
        _("Only the owner of the release and change managers do this."),
    )
    if release.status != Status.DEPLOYING:
        raise Refused(
            _("%(number)s is “%(status)s”; nothing is rolled out now.")
            % {"number": release.number, "status": release.status_label}
        )
    rows = Deployment.objects.filter(pk=deployment.pk, status__in=_SOURCES[status])
    if not rows.update(status=status, **changes):
        deployment.refresh_from_db()
        raise Refused(
            _("The deployment is “%(status)s” already.")
            % {"status": deployment.get_status_display()}
        )
    deployment.refresh_from_db()
    where = str(deployment.location or deployment.organization)
    data = {"what": "deployment", "where": where, "status": str(status)}
    tickets.record(release, EventKind.RELEASE, by=by, at=at, data=data)
    return deployment
