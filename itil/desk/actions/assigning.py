"""Who works on a ticket: person, team, and the claim that keeps two from typing at once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.sla import actions as sla
from itil.sla.matching import find
from itil.sla.models import Agreement
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused
from itil.tickets.models import EventKind, Ticket
from portal.people.models import Team, User

from .changing import claimed_by_another, ensure, ensure_free, locked, refresh_copy, write
from .moving import move


@transaction.atomic
def take(ticket: Ticket, *, by: User, at: datetime | None = None) -> Ticket:
    """Assign it to oneself, claim it, and start work when it is still new."""
    at = at or timezone.now()
    assign(ticket, by, by=by, at=at)
    starts = ticket.record_model.MOVE_PAGE == Ticket.MOVE_PAGE
    if starts and ticket.lifecycle.find("start", ticket.status):
        move(ticket, "start", by=by, at=at)
    if ticket.is_open:
        claim(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def assign(ticket: Ticket, person: User, *, by: User | None, at: datetime | None = None) -> Ticket:
    """Give it to an agent of its team. By a person's hand this is the acknowledgement (`SLA-2`).

    A ticket that no team holds goes to the person's own team. Raises Refused when `person` does
    not work in the team that holds the ticket.
    """
    at = at or timezone.now()
    present = locked(ticket)
    ensure(permissions.may_assign(by, present), _("You cannot assign this ticket."))
    ensure_free(present, by, at)
    _ensure_open(present)
    team_ids = person.grants.team_ids if person.is_active else frozenset()
    if not team_ids:
        raise Refused(
            _("%(name)s is in no team. Choose someone who works tickets.") % {"name": person}
        )
    if present.team_id and present.team_id not in team_ids:
        raise Refused(
            _("%(name)s is not in %(team)s. Hand the ticket over to another team first.")
            % {"name": person, "team": present.team}
        )
    if present.assignee_id == person.pk:
        return refresh_copy(ticket, present)
    changes: dict[str, Any] = {"assignee": person}
    if present.team_id is None:
        # A restricted team makes the ticket confidential, so an open one comes first.
        team = Team.objects.filter(pk__in=team_ids).order_by("restricted", "name")[0]
        changes |= {
            "team": team,
            "is_confidential": present.is_confidential or team.restricted,
        }
    if present.first_assigned_at is None:
        changes["first_assigned_at"] = at
    if by is not None and present.acknowledged_at is None:
        changes["acknowledged_at"] = at
    before = present.assignee
    write(present, at=at, changes=changes)
    if "team" in changes:
        _tell(present, "team", None, present.team, by=by, at=at)
    _tell(present, "person", before, person, by=by, at=at)
    return refresh_copy(ticket, present)


@transaction.atomic
def unassign(ticket: Ticket, *, by: User | None, at: datetime | None = None) -> Ticket:
    """Give it back to the team's queue."""
    at = at or timezone.now()
    present = locked(ticket)
    ensure(permissions.may_assign(by, present), _("You cannot assign this ticket."))
    ensure_free(present, by, at)
    _ensure_open(present)
    before = present.assignee
    if before is None:
        return refresh_copy(ticket, present)
    write(present, at=at, changes={"assignee": None, "claimed_by": None, "claimed_at": None})
    _tell(present, "person", before, None, by=by, at=at)
    return refresh_copy(ticket, present)


@transaction.atomic
def hand_over(ticket: Ticket, team: Team, *, by: User | None, at: datetime | None = None) -> Ticket:
    """Give it to another team (functional escalation); its people decide who takes it.

    The clocks towards the requester run on (`SLA-20`).
    """
    at = at or timezone.now()
    present = locked(ticket)
    ensure(permissions.may_assign(by, present), _("You cannot hand this ticket over."))
    ensure_free(present, by, at)
    _ensure_open(present)
    before = present.team
    if before and before.pk == team.pk:
        return refresh_copy(ticket, present)
    changes: dict[str, Any] = {
        "team": team,
        "claimed_by": None,
        "claimed_at": None,
        "is_confidential": present.is_confidential or team.restricted,
    }
    if before is not None:
        changes["reassignment_count"] = present.reassignment_count + 1
    if present.assignee and team.pk not in present.assignee.grants.team_ids:
        changes["assignee"] = None
    write(present, at=at, changes=changes)
    _tell(present, "team", before, team, by=by, at=at)
    return refresh_copy(ticket, present)


@transaction.atomic
def claim(ticket: Ticket, *, by: User, at: datetime | None = None) -> Ticket:
    """Show that one is working on it (`INC-6`); raises Refused while somebody else is."""
    at = at or timezone.now()
    present = locked(ticket)
    ensure(permissions.works_on(by, present), _("You cannot work on this ticket."))
    ensure_free(present, by, at)
    _ensure_open(present)
    write(present, at=at, changes={"claimed_by": by, "claimed_at": at})
    return refresh_copy(ticket, present)


@transaction.atomic
def take_over(ticket: Ticket, *, by: User, at: datetime | None = None) -> Ticket:
    """Claim it although a colleague holds it; the history says from whom."""
    at = at or timezone.now()
    present = locked(ticket)
    ensure(permissions.works_on(by, present), _("You cannot work on this ticket."))
    _ensure_open(present)
    before = present.claimed_by if claimed_by_another(present, by, at) else None
    write(present, at=at, changes={"claimed_by": by, "claimed_at": at})
    if before is not None:
        tickets.record(
            present,
            EventKind.CLAIMED,
            by=by,
            at=at,
            data={"from": before.pk, "from_name": before.name},
        )
    return refresh_copy(ticket, present)


def _ensure_open(ticket: Ticket) -> None:
    if not ticket.is_open:
        raise Refused(
            _("%(number)s is “%(status)s”. Reopen it first.")
            % {"number": ticket.number, "status": ticket.status_label}
        )


def _tell(
    ticket: Ticket,
    what: str,
    before: User | Team | None,
    after: User | Team | None,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Record who or which team had it and has it now, with the names as they were.

    Another team brings the promise of that team (`SLA-20`).
    """
    terms = find(ticket, Agreement.Kind.OLA) if what == "team" and after else []
    event = tickets.record(
        ticket,
        EventKind.ASSIGNED,
        by=by,
        at=at,
        data={
            "what": what,
            "from": before.pk if before else None,
            "to": after.pk if after else None,
            "from_name": before.name if before else "",
            "to_name": after.name if after else "",
            **({"terms": [one.as_data() for one in terms]} if terms else {}),
        },
    )
    sla.follow(ticket, event)
