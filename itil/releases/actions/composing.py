"""A release comes to be: its changes, and who gets it when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.changes.lifecycle import ENDED as ENDED_CHANGES
from itil.changes.models import Change
from itil.desk import actions as desk
from itil.desk.actions.changing import ensure, locked
from itil.releases import permissions
from itil.releases.lifecycle import COMPOSED
from itil.releases.models import Deployment, Release, ReleaseChange, Wave
from itil.services.models import Service
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, EventKind
from portal.people.models import Location, Organization, Team, User


@transaction.atomic
def open_release(
    *,
    by: User,
    title: str,
    version: str,
    service: Service,
    scope: str = "",
    planned_at: datetime | None = None,
    team: Team | None = None,
    at: datetime | None = None,
) -> Release:
    """Plan a release, owned by who opens it. Raises NotAllowed and MissingValue."""
    at = at or timezone.now()
    ensure(permissions.may_open(by), _("You cannot plan releases."))
    version = version.strip()
    if not version:
        raise MissingValue("version", _("Write the version, such as 4.2.0."))
    if not title.strip():
        raise MissingValue("title", _("Say in a few words what it is about."))
    rows = Release.objects.unfinished().filter(service=service, release_version=version)
    same = rows.first()
    if same is not None:
        raise MissingValue(
            "version",
            _("%(number)s has this version already.") % {"number": same.number},
        )
    return desk.open_ticket(
        Release,
        by=by,
        title=title,
        text="",
        requester=by,
        channel=Channel.DESK,
        service=service,
        team=team or service.team,
        columns={
            "assignee": by,
            "first_assigned_at": at,
            "release_version": version,
            "scope": scope.strip(),
            "planned_at": planned_at,
        },
        at=at,
    )


@transaction.atomic
def add_change(
    release: Release, change: Change, *, by: User, at: datetime | None = None
) -> ReleaseChange:
    """Put a change into the release. Raises NotAllowed and Refused."""
    at = at or timezone.now()
    present = _composed(release, by)
    if not Change.objects.visible_to(by).filter(pk=change.pk).exists():
        raise Refused(_("There is no such change."))
    row = Change.objects.get(pk=change.pk)
    if row.status in ENDED_CHANGES:
        raise Refused(_("%(number)s is over.") % {"number": row.number})
    held = ReleaseChange.objects.filter(change=row).select_related("release").first()
    if held is not None:
        raise Refused(
            _("%(number)s goes with %(release)s already.")
            % {"number": row.number, "release": held.release.number}
        )
    made = ReleaseChange.objects.create(release=present, change=row, added_by=by, added_at=at)
    _record(present, "bundled", by, at, change=row.number)
    return made


@transaction.atomic
def remove_change(
    release: Release, change: Change, *, by: User, at: datetime | None = None
) -> None:
    """Take a change out of the release. Raises NotAllowed and Refused."""
    at = at or timezone.now()
    present = _composed(release, by)
    gone, _rows = ReleaseChange.objects.filter(release=present, change=change).delete()
    if not gone:
        raise Refused(_("%(number)s is not in this release.") % {"number": change.number})
    _record(present, "unbundled", by, at, change=change.number)


@transaction.atomic
def add_wave(
    release: Release,
    *,
    name: str,
    start: datetime,
    end: datetime,
    organizations: Iterable[Organization] = (),
    locations: Iterable[Location] = (),
    environment: str = "production",
    by: User,
    at: datetime | None = None,
) -> Wave:
    """Plan who gets the release at the same time. Raises NotAllowed, MissingValue and Refused."""
    at = at or timezone.now()
    present = _composed(release, by)
    if not name.strip():
        raise MissingValue("name", _("Give the group a name, such as “Pilot”."))
    if end <= start:
        raise MissingValue("end", _("It must end after it begins."))
    targets: list[tuple[Organization, Location | None]] = [(one, None) for one in organizations]
    targets += [(place.organization, place) for place in locations]
    if not targets:
        raise MissingValue("organizations", _("Choose who gets it."))
    taken = {
        (row.organization_id, row.place)
        for row in present.deployments.filter(environment=environment)
    }
    for organization, place in targets:
        if (organization.pk, place.pk if place else 0) in taken:
            raise Refused(
                _("%(name)s gets the release in another group already.")
                % {"name": place or organization}
            )
    last = present.waves.aggregate(last=Max("position"))["last"] or 0
    wave = Wave.objects.create(
        release=present, position=last + 1, name=name.strip(), planned_start=start, planned_end=end
    )
    Deployment.objects.bulk_create(
        Deployment(
            release=present,
            wave=wave,
            organization=organization,
            location=place,
            place=place.pk if place else 0,
            environment=environment,
        )
        for organization, place in dict.fromkeys(targets)
    )
    _record(present, "wave_added", by, at, wave=wave.name)
    return wave


@transaction.atomic
def remove_wave(wave: Wave, *, by: User, at: datetime | None = None) -> None:
    """Take a group out again. Raises NotAllowed and Refused."""
    at = at or timezone.now()
    present = _composed(wave.release, by)
    name = wave.name
    wave.delete()
    _record(present, "wave_removed", by, at, wave=name)


def _composed(release: Release, by: User) -> Release:
    """The release as it is now, its row locked, when it may still be put together."""
    present = cast(Release, locked(release))
    ensure(
        permissions.may_plan(by, present),
        _("Only the owner of the release and change managers do this."),
    )
    if present.status not in COMPOSED:
        raise Refused(
            _("%(number)s is “%(status)s”; what is in it stays.")
            % {"number": present.number, "status": present.status_label}
        )
    return present


def _record(release: Release, what: str, by: User | None, at: datetime, **data: Any) -> None:
    tickets.record(release, EventKind.RELEASE, by=by, at=at, data={"what": what, **data})
