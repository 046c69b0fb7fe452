"""Correcting what a ticket is about; priority follows impact and urgency."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.sla import actions as sla
from itil.sla.matching import find
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import EventKind, Priority, Ticket
from itil.tickets.priority import priority_of
from portal.people.models import User

from .changing import ensure, ensure_unchanged, fitting, locked, refresh_copy, write

EDITABLE = frozenset(
    {
        "title",
        "impact",
        "urgency",
        "severity",
        "category",
        "service",
        "organization",
        "requester",
        "agreed_at",
    }
)
# These choose the agreement and its column (`SLA-17`, `SLA-18`).
MOVES_CLOCKS = frozenset(
    {"priority", "severity", "service", "organization", "requester", "agreed_at"}
)


@transaction.atomic
def edit(
    ticket: Ticket,
    *,
    by: User | None,
    version: int,
    changes: Mapping[str, Any],
    at: datetime | None = None,
) -> Ticket:
    """Change the classification; `version` is the one the person was looking at.

    Priority is recomputed unless a lead has overridden it (`PRI-3`). Raises StaleRecord when the
    record has changed since, MissingValue for a value that does not fit, Refused once it is
    closed.
    """
    at = at or timezone.now()
    unknown = set(changes) - EDITABLE
    if unknown:
        raise MissingValue(sorted(unknown)[0], _("This cannot be changed here."))
    present = locked(ticket)
    ensure(permissions.may_edit(by, present), _("You cannot change this ticket."))
    ensure_unchanged(present, version)
    if present.closed_at:
        raise Refused(_("%(number)s is closed.") % {"number": present.number})
    real = real_changes(present, changes)
    if not real:
        return refresh_copy(ticket, present)
    described = {name: [plain(getattr(present, name)), plain(real[name])] for name in real}
    write(present, at=at, changes=real)
    _tell(present, {"changes": described}, moves=bool(MOVES_CLOCKS & set(real)), by=by, at=at)
    return refresh_copy(ticket, present)


def real_changes(ticket: Ticket, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What of `changes` is new to `ticket`, with the priority that follows from it (`PRI-3`).

    Values fit their columns; raises MissingValue for one that does not.
    """
    real = {name: value for name, value in changes.items() if getattr(ticket, name) != value}
    _check(ticket, real)
    if not ticket.priority_overridden and {"impact", "urgency"} & set(real):
        priority = priority_of(
            real.get("impact", ticket.impact), real.get("urgency", ticket.urgency)
        )
        if priority != ticket.priority:
            real["priority"] = priority
    return real


@transaction.atomic
def override_priority(
    ticket: Ticket, priority: int, *, by: User, reason: str, at: datetime | None = None
) -> Ticket:
    """Set the priority by hand, with a reason; impact and urgency no longer change it (`PRI-3`)."""
    at = at or timezone.now()
    present = locked(ticket)
    ensure(
        permissions.may_override_priority(by, present),
        _("Only a lead of the team can set the priority by hand."),
    )
    if not reason.strip():
        raise MissingValue("reason", _("Say why the priority is set by hand."))
    return _set_priority(
        ticket, present, Priority(priority), overridden=True, reason=reason, by=by, at=at
    )


@transaction.atomic
def lift_override(ticket: Ticket, *, by: User, at: datetime | None = None) -> Ticket:
    """Compute the priority from impact and urgency again."""
    at = at or timezone.now()
    present = locked(ticket)
    ensure(
        permissions.may_override_priority(by, present),
        _("Only a lead of the team can set the priority by hand."),
    )
    priority = priority_of(present.impact, present.urgency)
    return _set_priority(ticket, present, priority, overridden=False, reason="", by=by, at=at)


def prioritise(
    present: Ticket, priority: int, *, by: User | None, reason: str, at: datetime
) -> None:
    """Set the priority of a ticket that the caller has locked, as by hand (`PRI-3`).

    For verbs that bring a priority along and have asked for the permission of their own.
    """
    _set_priority(
        present, present, Priority(priority), overridden=True, reason=reason, by=by, at=at
    )


def _set_priority(
    ticket: Ticket,
    present: Ticket,
    priority: int,
    *,
    overridden: bool,
    reason: str,
    by: User | None,
    at: datetime,
) -> Ticket:
    before = present.priority
    write(present, at=at, changes={"priority": int(priority), "priority_overridden": overridden})
    told = {
        "changes": {"priority": [before, int(priority)]},
        "overridden": overridden,
        "reason": reason.strip(),
    }
    _tell(present, told, moves=before != priority, by=by, at=at)
    return refresh_copy(ticket, present)


def _tell(
    ticket: Ticket, data: dict[str, Any], *, moves: bool, by: User | None, at: datetime
) -> None:
    """Record an edit; one that `moves` the clocks of an open ticket tells what applies now."""
    moves = moves and ticket.is_open
    if moves:
        data |= {"terms": [terms.as_data() for terms in find(ticket)]}
    event = tickets.record(ticket, EventKind.EDITED, by=by, at=at, data=data)
    if moves:
        sla.follow(ticket, event)


def _check(ticket: Ticket, changes: dict[str, Any]) -> None:
    """Values fit their columns. Raises MissingValue."""
    if "title" in changes:
        changes["title"] = " ".join(str(changes["title"]).split())[:250]
        if not changes["title"]:
            raise MissingValue("title", _("Say in a few words what it is about."))
    for name in {"impact", "urgency", "severity", "agreed_at"} & set(changes):
        changes[name] = fitting(ticket, name, changes[name])


def plain(value: Any) -> Any:
    """A value as the history keeps it: the name of a record, the number itself."""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value
