"""A schedule is made, changed, switched off and on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure
from itil.schedules import permissions
from itil.schedules.definition import (
    OPENS,
    OffDays,
    Opener,
    ensure_dates,
    frozen,
    opener_of,
)
from itil.schedules.models import MOST_GRACE, Schedule
from itil.tickets.errors import MissingValue, StaleRecord
from portal.people.models import User

# What a person may set; the rest follows.
COLUMNS = (
    "title",
    "rule",
    "first_on",
    "at_time",
    "time_zone",
    "ends_on",
    "off_days",
    "calendar",
    "missed",
    "grace_hours",
    "owner",
)
# Those on which the next run depends.
_TIMED = ("rule", "first_on", "at_time", "time_zone", "ends_on", "off_days", "calendar")


@transaction.atomic
def create_schedule(
    *, by: User, at: datetime, kind: str, values: Mapping[str, Any], **columns: Any
) -> Schedule:
    """A new schedule; its first run is the first moment of the rule after `at`.

    `values` are those of the opener's form, cleaned. Raises NotAllowed, and MissingValue or
    WrongRule with the field that does not fit.
    """
    opener = opener_of(kind)
    schedule = Schedule(kind=kind, created_by=by, created_at=at, **_known(columns))
    _open_with(schedule, opener, values, by=by)
    _check(schedule, by=by)
    schedule.next_at = ensure_dates(schedule.timing, at)
    schedule.save(force_insert=True)
    return schedule


@transaction.atomic
def edit_schedule(
    schedule: Schedule,
    *,
    by: User,
    at: datetime,
    version: int,
    values: Mapping[str, Any],
    **columns: Any,
) -> Schedule:
    """Change it. With another rule it goes on with the first moment after `at`; what came due
    before and was not opened yet is then left out. Raises as `create_schedule` does, and
    StaleRecord when somebody was faster.
    """
    present = _present(schedule, by=by, version=version)
    former = {name: getattr(present, name) for name in _TIMED}
    former_owner = present.owner
    for name, value in _known(columns).items():
        setattr(present, name, value)
    _open_with(present, opener_of(present.kind), values, by=by)
    _check(present, by=by, former_owner=former_owner)
    if any(getattr(present, name) != value for name, value in former.items()):
        present.next_at = ensure_dates(present.timing, at)
    present.version += 1
    present.save()
    return present


@transaction.atomic
def switch(
    schedule: Schedule, *, by: User, at: datetime, version: int, is_active: bool
) -> Schedule:
    """Off, and nothing is opened; on again, and it goes on with the first moment after `at`: what
    passed in between was not missed. Raises NotAllowed, StaleRecord, and WrongRule when no date
    is left.
    """
    present = _present(schedule, by=by, version=version)
    if present.is_active == is_active:
        return present
    present.is_active = is_active
    if is_active:
        present.next_at = ensure_dates(present.timing, at)
    present.version += 1
    present.save(update_fields=["is_active", "next_at", "version"])
    return present


def _known(columns: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(columns) - set(COLUMNS)
    if unknown:
        raise MissingValue(sorted(unknown)[0], _("This cannot be changed here."))
    return dict(columns)


def _present(schedule: Schedule, *, by: User, version: int) -> Schedule:
    """The locked row, for who keeps it and saw what is stored."""
    found = Schedule.objects.select_for_update(of=("self",)).select_related(
        "team", "owner", "calendar"
    )
    present: Schedule = found.get(pk=schedule.pk)
    ensure(
        permissions.may_keep(by, present),
        _("Ask a lead of the team “%(team)s” to change this schedule.") % {"team": present.team},
    )
    # Where rows are not locked the second of two finds that the first has counted.
    done = Schedule.objects.filter(pk=present.pk, version=version).update(version=F("version"))
    if not done:
        raise StaleRecord(
            _("“%(name)s” was changed while you were looking at it. Check it, then save again.")
            % {"name": present}
        )
    return present


def _open_with(schedule: Schedule, opener: Opener, values: Mapping[str, Any], *, by: User) -> None:
    """Keep what is to be opened, for a person who may have it opened there."""
    team = opener.team_of(values)
    if team is None:
        raise MissingValue(f"{OPENS}team", _("Choose the team that gets it."))
    schedule.values = frozen(values)
    schedule.team, schedule.managed_by = team, str(opener.managed_by)
    if not permissions.may_keep_in(by, team, schedule.managed_by):
        raise MissingValue(
            f"{OPENS}team",
            _("You cannot have it opened for the team “%(team)s”. Ask a lead of that team.")
            % {"team": team},
        )
    try:
        opener.ensure(values, schedule.owner)
    except MissingValue as refusal:
        raise MissingValue(f"{OPENS}{refusal.field}", str(refusal)) from refusal


def _check(schedule: Schedule, *, by: User, former_owner: User | None = None) -> None:
    schedule.title = " ".join(schedule.title.split())[:200]
    if not schedule.title:
        raise MissingValue("title", _("Give it a name."))
    if not permissions.may_name(by, schedule.owner, former_owner):
        raise MissingValue(
            "owner", _("Name yourself. Only administrators name somebody else as the owner.")
        )
    if schedule.missed not in Schedule.Missed.values:
        raise MissingValue("missed", _("Choose what becomes of runs that were missed."))
    if schedule.off_days not in OffDays.values:
        raise MissingValue("off_days", _("Choose what becomes of days off."))
    if schedule.off_days == OffDays.OPEN:
        schedule.calendar = None
    if not 0 <= schedule.grace_hours <= MOST_GRACE:
        raise MissingValue(
            "grace_hours", _("Enter hours from 0 to %(most)s.") % {"most": MOST_GRACE}
        )
