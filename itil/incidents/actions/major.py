"""The procedure for major incidents, step by step (`INC-7`); the table is in `lifecycle`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure, locked, refresh_copy, write
from itil.desk.actions.editing import prioritise
from itil.incidents import permissions
from itil.incidents.lifecycle import MAJOR, MajorState
from itil.incidents.models import Incident, MajorIncident, MajorRole, MajorRoleHolder
from itil.incidents.models.major import DEFAULT_INTERVAL
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, MoveNotAllowed, Refused, StaleRecord
from itil.tickets.lifecycle import Move
from itil.tickets.models import EventKind, Priority, TicketEvent
from portal.people.models import User


@transaction.atomic
def propose_major(
    incident: Incident,
    *,
    by: User | None,
    reason: str,
    cause: TicketEvent | None = None,
    at: datetime | None = None,
) -> bool:
    """Ask for the procedure of major incidents; it is accepted elsewhere, never here (`INC-8`).

    `by` None is a rule, which answers the event `cause`. False, and nothing changes, when it was
    proposed or decided before.
    Raises NotAllowed, MissingValue, and Refused once the incident is done.
    """
    present = _present(incident)
    ensure(permissions.may_propose(by, present), _("You cannot work on this ticket."))
    if not reason.strip():
        raise MissingValue("reason", _("Say why it may be a major incident."))
    MajorIncident(incident=present).guard_open({}, by)
    if present.major_state != MajorState.NONE:
        return False
    walk(present, "propose", by=by, values={"reason": reason}, at=at, cause=cause)
    refresh_copy(incident, present)
    return True


@transaction.atomic
def accept(
    incident: Incident,
    *,
    by: User | None,
    owner: User | None,
    interval_minutes: int = DEFAULT_INTERVAL,
    keeps_priority: bool = False,
    announcement: str = "",
    roles: Mapping[str, User | None] | None = None,
    cause: TicketEvent | None = None,
    at: datetime | None = None,
) -> MajorIncident:
    """Begin the procedure: somebody leads it, people hear of it every so many minutes (`INC-7`).

    It becomes priority 1 unless its priority was set by hand before or `keeps_priority`.
    `announcement` is what the portal shows to everybody concerned. `by` None is a rule that was
    told to. Raises NotAllowed, MissingValue, MoveNotAllowed, StaleRecord and Refused.
    """
    at = at or timezone.now()
    present = _present(incident)
    values = {"owner": owner, "interval_minutes": interval_minutes}
    walk(present, "accept", by=by, values=values, at=at, cause=cause)
    major = MajorIncident.objects.create(
        incident=present,
        accepted_at=at,
        accepted_by=by,
        interval_minutes=interval_minutes,
        update_due_at=at + timedelta(minutes=interval_minutes),
        announcement=_line(announcement),
    )
    for role, person in {MajorRole.MANAGER: owner, **(roles or {})}.items():
        if person is not None:
            _appoint(major, MajorRole(role), person, by=by, at=at)
    if not (keeps_priority or present.priority_overridden or present.priority == Priority.CRITICAL):
        prioritise(present, Priority.CRITICAL, by=by, reason=_("Major incident"), at=at)
    refresh_copy(incident, present)
    return major


@transaction.atomic
def reject(incident: Incident, *, by: User, reason: str, at: datetime | None = None) -> Incident:
    """A candidate is no major incident; it is not proposed again."""
    present = _present(incident)
    walk(present, "reject", by=by, values={"reason": reason}, at=at)
    refresh_copy(incident, present)
    return incident


@transaction.atomic
def demote(incident: Incident, *, by: User, reason: str, at: datetime | None = None) -> Incident:
    """End the procedure of what is no major incident after all; status and priority stay."""
    present = _present(incident)
    walk(present, "demote", by=by, values={"reason": reason}, at=at)
    MajorIncident.objects.filter(incident=present.pk).update(update_due_at=None)
    refresh_copy(incident, present)
    return incident


@transaction.atomic
def appoint(
    major: MajorIncident,
    role: str,
    person: User | None,
    *,
    by: User,
    at: datetime | None = None,
) -> bool:
    """Give a role to `person`, or to nobody; False when it is so already.

    Raises NotAllowed, MissingValue for who may not see it, and for a major incident without its
    manager.
    """
    at = at or timezone.now()
    major = ensure_live(major, by=by)
    role = MajorRole(role)
    if person is None:
        if role == MajorRole.MANAGER:
            raise MissingValue("manager", _("Choose who leads it."))
        holder = major.roles.select_related("person").filter(role=role).first()
        if holder is None:
            return False
        holder.delete()
        _tell_role(major, role, holder.person, None, by=by, at=at)
        return True
    try:
        major.guard_owner({"owner": person}, by)
    except MissingValue as refusal:
        raise MissingValue(role.value, str(refusal)) from refusal
    return _appoint(major, role, person, by=by, at=at)


@transaction.atomic
def set_interval(
    major: MajorIncident, minutes: int, *, by: User, at: datetime | None = None
) -> bool:
    """Tell people every so many minutes from now on; False when it is so already.

    The next update is then due that long after the last one. Raises NotAllowed and MissingValue.
    """
    at = at or timezone.now()
    present = ensure_live(major, by=by)
    present.guard_interval({"interval_minutes": minutes}, by)
    before = present.interval_minutes
    if before == minutes:
        return False
    present.interval_minutes = minutes
    if present.update_due_at is not None:
        present.update_due_at += timedelta(minutes=minutes - before)
    present.save(update_fields=["interval_minutes", "update_due_at"])
    _record(present, {"what": "interval", "from": before, "to": minutes}, by=by, at=at)
    return True


@transaction.atomic
def announce(major: MajorIncident, text: str, *, by: User, at: datetime | None = None) -> bool:
    """Show `text` to everybody concerned on the portal, or nothing; False when it stands there."""
    present = ensure_live(major, by=by)
    line = _line(text)
    if present.announcement == line:
        return False
    present.announcement = line
    present.save(update_fields=["announcement"])
    _record(present, {"what": "announced", "text": line}, by=by, at=at or timezone.now())
    return True


def ensure_live(major: MajorIncident, *, by: User) -> MajorIncident:
    """The present row, with its incident locked. Raises NotAllowed, and Refused once it is over."""
    incident = _present(major.incident)
    ensure(
        permissions.may_manage(by, incident), _("Only a team lead does this with major incidents.")
    )
    return live(incident)


def live(incident: Incident) -> MajorIncident:
    """The procedure of an incident that is locked. Raises Refused unless it goes on."""
    if not incident.is_live_major:
        raise Refused(
            _("%(number)s is “%(state)s”: nobody waits for updates of it.")
            % {"number": incident.number, "state": incident.get_major_state_display()}
        )
    found: MajorIncident = MajorIncident.objects.select_for_update().get(incident=incident.pk)
    found.incident = incident
    return found


def walk(
    present: Incident,
    verb: str,
    *,
    by: User | None,
    values: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    cause: TicketEvent | None = None,
) -> Incident:
    """Take an incident, locked by the caller, one step along the procedure.

    Raises StaleRecord when somebody did the same a moment ago, MoveNotAllowed, NotAllowed,
    MissingValue and Refused.
    """
    values, at = dict(values or {}), at or timezone.now()
    row = _row_of(present, verb)
    ensure(
        permissions.may_step(by, present, row),
        _("You cannot do this with %(number)s.") % {"number": present.number},
    )
    for name in row.needs:
        if not str(values.get(name) or "").strip():
            raise MissingValue(name, _needed(name))
    major = MajorIncident.objects.filter(incident=present.pk).first() or MajorIncident()
    major.incident = present
    for guard in row.guards:
        getattr(major, f"guard_{guard}")(values, by)
    before = present.major_state
    write(present, at=at, changes={"major_state": row.target})
    data: dict[str, Any] = {"changes": {"major_state": [before, str(row.target)]}}
    if "reason" in values:
        data["reason"] = values["reason"].strip()
    tickets.record(present, EventKind.EDITED, by=by, at=at, data=data, cause=cause)
    return present


def _row_of(incident: Incident, verb: str) -> Move:
    row = MAJOR.find(verb, incident.major_state)
    if row is not None:
        return row
    words = {"number": incident.number, "state": incident.get_major_state_display()}
    if any(known.verb == verb and known.target == incident.major_state for known in MAJOR.moves):
        raise StaleRecord(_("%(number)s is “%(state)s” already.") % words)
    allowed = ", ".join(MAJOR.verbs_from(incident.major_state)) or _("nothing")
    raise MoveNotAllowed(
        _("%(number)s is “%(state)s”. Possible from here: %(allowed)s.")
        % (words | {"allowed": allowed})
    )


def _present(incident: Incident) -> Incident:
    """The present state, locked. Raises Refused when it became of another type (`VOC-1`)."""
    present = locked(incident)
    if not isinstance(present, Incident):
        raise Refused(_("%(number)s is no incident any more.") % {"number": present.number})
    return present


def _needed(name: str) -> str:
    return {
        "reason": _("Say why."),
        "owner": _("Choose who leads it."),
        "interval_minutes": _("Choose how often people hear of it."),
    }[name]


def _appoint(
    major: MajorIncident, role: MajorRole, person: User, *, by: User | None, at: datetime
) -> bool:
    holder = major.roles.select_related("person").filter(role=role).first()
    if holder is not None and holder.person_id == person.pk:
        return False
    if not Incident.objects.visible_to(person).filter(pk=major.pk).exists():
        # Of another team: whoever has a part in it can open it.
        tickets.watch(major.incident, person)
    MajorRoleHolder.objects.update_or_create(
        major=major, role=role, defaults={"person": person, "since": at}
    )
    former = holder.person if holder else None
    _tell_role(major, role, former, person, by=by, at=at)
    return True


def _tell_role(
    major: MajorIncident,
    role: MajorRole,
    former: User | None,
    person: User | None,
    *,
    by: User | None,
    at: datetime,
) -> None:
    data = {
        "what": "role",
        "role": role.value,
        "from_name": str(former or ""),
        "to": person and person.pk,
        "to_name": str(person or ""),
    }
    _record(major, data, by=by, at=at)


def _record(
    major: MajorIncident, data: dict[str, Any], *, by: User | None, at: datetime
) -> TicketEvent:
    return tickets.record(major.incident, EventKind.MAJOR, by=by, at=at, data=data)


def _line(text: str) -> str:
    """One line, as it is shown. Raises MissingValue when it is too long for it."""
    line = " ".join(text.split())
    if len(line) > 250:
        raise MissingValue("announcement", _("Say it in 250 characters at most."))
    return line


@transaction.atomic
def arrange(
    major: MajorIncident,
    *,
    by: User,
    interval_minutes: int,
    announcement: str,
    at: datetime | None = None,
    **people: User | None,
) -> None:
    """Who holds which role, how often people hear of it and what the portal shows, at once.

    `people` by the values of MajorRole. Raises as the verbs for each of these; then nothing has
    changed.
    """
    at = at or timezone.now()
    for role, person in people.items():
        appoint(major, role, person, by=by, at=at)
    set_interval(major, interval_minutes, by=by, at=at)
    announce(major, announcement, by=by, at=at)
