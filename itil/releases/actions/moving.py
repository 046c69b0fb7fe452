"""A release takes a step along its life cycle; change managers let it go or not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure, locked, refresh_copy, write
from itil.desk.actions.moving import step
from itil.releases import permissions
from itil.releases.lifecycle import DeploymentStatus, Status
from itil.releases.models import GateDecision, Release
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, EventKind, LinkType, Ticket
from portal.people.models import User


@transaction.atomic
def move(
    release: Release,
    verb: str,
    *,
    by: User | None,
    values: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    channel: str = Channel.DESK,
) -> Release:
    """Take `release` one step; raises what `itil.desk.actions.move` raises.

    `values["incident"]` may name the incident that made a roll-back necessary.
    """
    at = at or timezone.now()
    values = dict(values or {})
    incident = values.pop("incident", None)
    moved = step(release, verb, by=by, values=values, at=at, channel=channel)
    present = cast(Release, moved)
    if verb == "rework":
        GateDecision.objects.filter(release=present).update(is_past=True)
    elif verb == "finish":
        write(present, at=at, changes={"deployed_at": at})
    elif verb == "roll_back":
        _roll_back(present, incident, by=by, at=at)
    refresh_copy(release, Release.objects.get(pk=present.pk))
    return release


def _roll_back(release: Release, incident: Ticket | None, *, by: User | None, at: datetime) -> None:
    """Who had it runs the version before it again; nobody else gets it."""
    release.deployments.exclude(status=DeploymentStatus.PLANNED).update(
        status=DeploymentStatus.ROLLED_BACK
    )
    if incident is not None:
        tickets.link(incident, release, LinkType.CAUSED_BY, by=by, at=at)


@transaction.atomic
def decide(
    release: Release, *, is_go: bool, note: str, by: User, at: datetime | None = None
) -> GateDecision:
    """Go or no-go, recorded. Raises NotAllowed, MissingValue and Refused."""
    at = at or timezone.now()
    present = cast(Release, locked(release))
    ensure(
        permissions.may_decide(by, present),
        _("A change manager who does not own the release decides."),
    )
    if present.status != Status.APPROVAL:
        raise Refused(
            _("%(number)s is “%(status)s”; nothing is to be decided now.")
            % {"number": present.number, "status": present.status_label}
        )
    note = note.strip()
    if not note:
        raise MissingValue("note", _("Say why."))
    decision = GateDecision.objects.create(
        release=present, is_go=is_go, note=note, decided_by=by, at=at
    )
    data = {"what": "go" if is_go else "no_go", "note": note}
    tickets.record(present, EventKind.RELEASE, by=by, at=at, data=data)
    return decision
