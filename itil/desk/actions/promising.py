"""What staff do about service levels: look ahead, hear from suppliers, exclude, escalate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.sla import actions as sla
from itil.sla.models import BY_LEAD, Exclusion, Metric, Outcome, SlaClock
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused, StaleRecord
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from portal.people.models import Team, User

from .assigning import hand_over
from .changing import ensure, ensure_free, locked, refresh_copy
from .editing import MOVES_CLOCKS, real_changes
from .replying import note

AWAITING_VENDOR = "awaiting_vendor"

# --- Looking ahead ------------------------------------------------------------------------------


def effects_of_edit(
    ticket: Ticket, changes: Mapping[str, Any], *, by: User, at: datetime
) -> list[sla.Effect]:
    """What saving these values with `edit` would do to the clocks; nothing is saved.

    Priority is computed as `edit` does. Raises NotAllowed, and MissingValue for a value that does
    not fit.
    """
    ensure(permissions.may_edit(by, ticket), _("You cannot change this ticket."))
    return _effects(ticket, real_changes(ticket, changes), at)


def effects_of_priority(
    ticket: Ticket, priority: int, *, by: User, at: datetime
) -> list[sla.Effect]:
    """What setting the priority by hand would do to the clocks; nothing is saved."""
    ensure(
        permissions.may_override_priority(by, ticket),
        _("Only a lead of the team can set the priority by hand."),
    )
    real = {"priority": priority} if priority != ticket.priority else {}
    return _effects(ticket, real, at)


def _effects(ticket: Ticket, changes: Mapping[str, Any], at: datetime) -> list[sla.Effect]:
    """Clocks move for the same changes as in `editing`, and only while the ticket is open."""
    if not ticket.is_open or not MOVES_CLOCKS & set(changes):
        return []
    return sla.effects(ticket, at=at, **changes)


# --- Suppliers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Handover:
    """A ticket waits for a supplier since `at`; `answered_at` is empty until it answers."""

    supplier: str
    reference: str
    at: datetime
    answered_at: datetime | None = None


def handover_of(ticket: Ticket) -> Handover | None:
    """To whom the ticket was handed; None unless it waits for a supplier. One query, or none."""
    if not ticket.is_waiting or ticket.hold_reason != AWAITING_VENDOR:
        return None
    # The last step is the one that began the wait; the supplier answers it once.
    told = list(
        ticket.events.filter(kind__in=(EventKind.MOVED, EventKind.SUPPLIER)).order_by("-pk")[:2]
    )
    answer = told.pop(0) if told and told[0].kind == EventKind.SUPPLIER else None
    data = told[0].data if told else {}
    return Handover(
        supplier=data.get("supplier", ""),
        reference=data.get("reference", ""),
        at=ticket.on_hold_since or ticket.updated_at,
        answered_at=answer.at if answer else None,
    )


@transaction.atomic
def supplier_answered(ticket: Ticket, *, by: User, at: datetime | None = None) -> Ticket:
    """Note that the supplier has taken it up, which stops its response clock (`SLA-2`).

    The wait goes on until somebody resumes. Raises Refused unless the ticket waits for a supplier,
    StaleRecord when the answer was noted before.
    """
    at = at or timezone.now()
    present = locked(ticket)
    ensure(permissions.works_on(by, present), _("You cannot work on this ticket."))
    ensure_free(present, by, at)
    handover = handover_of(present)
    if handover is None:
        raise Refused(_("%(number)s waits for no supplier.") % {"number": present.number})
    if handover.answered_at is not None:
        raise StaleRecord(_("The supplier's answer is noted already."))
    event = tickets.record(
        present,
        EventKind.SUPPLIER,
        by=by,
        at=at,
        data={
            "what": "answered",
            "supplier": handover.supplier,
            "reference": handover.reference,
        },
    )
    sla.follow(present, event)
    return refresh_copy(ticket, present)


# --- Leaving clocks out of the figures ----------------------------------------------------------


@transaction.atomic
def exclude_clocks(
    ticket: Ticket,
    *,
    by: User,
    reason: str,
    note: str,
    clock: SlaClock | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Leave one clock, or all of the ticket, out of the compliance figure (`SLA-28`).

    `reason` is one of `BY_LEAD`. A closed ticket may be corrected too: its clocks are stopped, only
    what they count for changes. Raises NotAllowed, MissingValue, Refused when nothing is counted.
    """
    at = at or timezone.now()
    present = locked(ticket)
    ensure(
        permissions.may_exclude(by, present),
        _("Only a lead of the team can leave clocks out of the figures."),
    )
    if reason not in BY_LEAD:
        raise MissingValue("reason", _("Choose why it is left out."))
    if not note.strip():
        raise MissingValue("note", _("Write what happened; the customer's report names it."))
    counted = countable(present)
    if not counted:
        raise Refused(_("No clock of %(number)s is counted.") % {"number": present.number})
    if clock is not None and clock.pk not in {one.pk for one in counted}:
        raise MissingValue("clock", _("This clock is not counted any more."))
    sla.exclude(present, reason=Exclusion(reason), note=note.strip(), by=by, at=at, clock=clock)
    return refresh_copy(ticket, present)


def countable(ticket: Ticket) -> list[SlaClock]:
    """The clocks of `ticket` that count as met or missed, or will."""
    clocks = SlaClock.objects.live().filter(ticket_id=ticket.pk).exclude(outcome=Outcome.EXCLUDED)
    return list(clocks.select_related("team", "supplier").order_by("pk"))


# --- Escalation ---------------------------------------------------------------------------------


@transaction.atomic
def escalate(event: TicketEvent, *, at: datetime | None = None) -> bool:
    """Hand the ticket over as the step told by `event` asks, with a note of why (`SLA-23`).

    Done at most once. Nothing happens to a ticket that is done or with that team already; False
    then.
    """
    at = at or timezone.now()
    present = locked(event.ticket)
    if not present.is_open or TicketEvent.objects.filter(cause=event).exists():
        return False
    team = Team.objects.filter(pk=event.data.get("team"), active=True).first()
    if team is not None and team.pk == present.team_id:
        return False
    if team is None:
        text = _("This was to be handed over, but the team of the step is not active any more.")
    else:
        hand_over(present, team, by=None, at=at)
        text = _("Handed over to %(team)s.") % {"team": team}
    note(
        present,
        by=None,
        text=f"{text} {_why(event.data)}",
        channel=Channel.SYSTEM,
        is_automatic=True,
        cause=event,
        at=at,
    )
    return team is not None


def _why(data: Mapping[str, Any]) -> str:
    words = {
        "percent": data["percent"],
        "metric": Metric(data["metric"]).label,
        "agreement": data.get("agreement", ""),
    }
    return (
        _("%(percent)s%% of the time for “%(metric)s” is used up (agreement %(agreement)s).")
        % words
    )
