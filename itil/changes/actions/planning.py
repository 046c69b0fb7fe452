"""What a change is, when and by whom is written and corrected; what matters is asked again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.approvals import actions as approvals
from itil.approvals.models import ApprovalProcess
from itil.changes import permissions
from itil.changes.definition import rank_of
from itil.changes.lifecycle import ChangeType, Status
from itil.changes.models import Change
from itil.desk.actions.changing import ensure, ensure_unchanged, locked, refresh_copy, write
from itil.services.models import Service
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, EventKind
from portal.people.models import User

from .assessing import reckon
from .conflicts import check_conflicts
from .moving import move, put_to_vote
from .opening import ensure_window, let_in

PLANS = ("plan", "test_plan", "back_out_plan", "communication_plan")
EDITABLE = frozenset(
    {
        "reason",
        *PLANS,
        "is_back_out_tested",
        "urgency_reason",
        "security_reason",
        "planned_start",
        "planned_end",
        "environment",
        "risk_answers",
        "is_expedited",
        "plan_version",
    }
)
# Those who decide saw these: another text is another matter.
MATERIAL = frozenset({"plan", "test_plan", "back_out_plan", "plan_version"})


@transaction.atomic
def plan(
    change: Change,
    *,
    by: User | None,
    version: int,
    changes: Mapping[str, Any],
    services: Iterable[Service] | None = None,
    implementers: Iterable[User] | None = None,
    at: datetime | None = None,
) -> Change:
    """Write `changes` on it; `version` is the one the person was looking at.

    While its authority is asked, and once it is scheduled, a material edit makes all votes void
    and asks anew (`APP-9`). Raises NotAllowed, StaleRecord, MissingValue, and Refused for a
    standard change that would not be as its template says; then nothing has changed.
    """
    at = at or timezone.now()
    present = cast(Change, locked(change))
    ensure(
        permissions.may_plan(by, present),
        _("%(number)s cannot be changed by you, or not as it stands.") % {"number": present.number},
    )
    ensure_unchanged(present, version)
    unknown = set(changes) - EDITABLE
    if unknown:
        raise MissingValue(sorted(unknown)[0], _("This cannot be changed here."))
    real = {name: value for name, value in changes.items() if getattr(present, name) != value}
    ensure_window(
        real.get("planned_start", present.planned_start),
        real.get("planned_end", present.planned_end),
    )
    _ensure_still_planned(present, real)
    told = {name: [_plain(getattr(present, name)), _plain(real[name])] for name in real}
    material = bool(MATERIAL & set(real)) or _moved_away(present, real)
    if real:
        write(present, at=at, changes=real)
    material |= _set_people(present, implementers, told)
    _set_services(present, services, told)
    if not told:
        return refresh_copy_of(change, present)
    tickets.record(present, EventKind.EDITED, by=by, at=at, data={"changes": told})
    _ensure_as_template(present)
    _follow(present, material=material, by=by, at=at)
    return refresh_copy_of(change, Change.objects.get(pk=present.pk))


@transaction.atomic
def retype(change: Change, change_type: str, *, by: User, at: datetime | None = None) -> Change:
    """Make it a change of another type: in draft only, with no live votes (`CHG-1`)."""
    at = at or timezone.now()
    present = cast(Change, locked(change))
    ensure(permissions.may_plan(by, present), _("You cannot change the type."))
    if present.status != Status.DRAFT or ApprovalProcess.objects.of(present).running().exists():
        raise Refused(
            _("The type changes only in a draft. Send %(number)s back first.")
            % {"number": present.number}
        )
    change_type = ChangeType(change_type)
    if change_type == present.change_type:
        return change
    if ChangeType.STANDARD in (change_type, present.change_type):
        raise Refused(_("A standard change begins from a template, and stays one."))
    told = {"change_type": [present.change_type, str(change_type)]}
    write(present, at=at, changes={"change_type": str(change_type)})
    tickets.record(present, EventKind.EDITED, by=by, at=at, data={"changes": told})
    return refresh_copy_of(change, present)


@transaction.atomic
def corrected(change: Change, *, material: bool, at: datetime) -> None:
    """Its items, service or owner were changed on the page of the ticket: risk and conflicts
    follow, and what was decided about something else is asked again.
    """
    present = cast(Change, locked(change))
    _follow(present, material=material, by=None, at=at)


def _follow(change: Change, *, material: bool, by: User | None, at: datetime) -> None:
    """Risk, conflicts and votes after an edit of a change that is locked."""
    before = change.risk
    is_asked = change.change_type != ChangeType.STANDARD
    if (
        is_asked
        and change.risk
        and change.status in (Status.ASSESSMENT, Status.AUTHORIZATION, Status.SCHEDULED)
    ):
        reckon(change, by=by, at=at)
    material |= rank_of(change.risk) > rank_of(before) >= 0
    if material and is_asked and not change.is_on_hold:
        if change.status == Status.SCHEDULED:
            reason = _("It was changed after its authorization.")
            values = {"reason": reason}
            move(change, "ask_again", by=None, values=values, at=at, channel=Channel.SYSTEM)
        elif change.status == Status.AUTHORIZATION:
            approvals.void(change, _("It was changed."), at=at)
            put_to_vote(change, at=at)
    check_conflicts(change, at)


def _moved_away(change: Change, real: Mapping[str, Any]) -> bool:
    """The window left what was authorized, or asked for, by more than the tolerance."""
    moved = False
    for name, authorized in (
        ("planned_start", change.authorized_start),
        ("planned_end", change.authorized_end),
    ):
        was, now = authorized or getattr(change, name), real.get(name, getattr(change, name))
        if name in real and was is not None:
            moved |= now is None or abs(now - was) > settings.CHANGE_MOVE_TOLERANCE
    return moved


def _ensure_still_planned(change: Change, real: Mapping[str, Any]) -> None:
    """What has left its draft keeps a window and its plans."""
    if change.status == Status.DRAFT:
        return
    for name in {"planned_start", "planned_end", *change.needed_plans, "reason"} & set(real):
        if not real[name]:
            field: Any = change._meta.get_field(name)
            raise MissingValue(name, _("Fill in “%(name)s”.") % {"name": field.verbose_name})


def _ensure_as_template(change: Change) -> None:
    if change.template is None:
        return
    for name in change.template.differences(change):
        field: Any = change._meta.get_field(name)
        raise MissingValue(
            name,
            _("The template does not allow to change: %(field)s.") % {"field": field.verbose_name},
        )


def _set_people(change: Change, people: Iterable[User] | None, told: dict[str, list[Any]]) -> bool:
    """True when who carries it out has changed: they may not have decided on it (`APP-4`)."""
    if people is None:
        return False
    before = {person.pk: person for person in change.implementers.all()}
    after = {person.pk: person for person in people}
    if set(before) == set(after):
        return False
    change.implementers.set(after)
    let_in(change, after.values())
    change.__dict__.pop("implementer_ids", None)
    told["implementers"] = [_names(before.values()), _names(after.values())]
    return True


def _set_services(
    change: Change, services: Iterable[Service] | None, told: dict[str, list[Any]]
) -> None:
    if services is None:
        return
    before = {one.pk: one for one in change.affected_services.all()}
    after = {one.pk: one for one in services}
    if set(before) != set(after):
        change.affected_services.set(after)
        told["affected_services"] = [_names(before.values()), _names(after.values())]


def _names(found: Iterable[Any]) -> str:
    return ", ".join(sorted(str(one) for one in found))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return "; ".join(str(one) for one in value.values())
    if isinstance(value, str | bool) or value is None:
        return value
    return str(value)


def refresh_copy_of(change: Change, present: Change) -> Change:
    change.__dict__.pop("implementer_ids", None)
    return cast(Change, refresh_copy(change, present))
