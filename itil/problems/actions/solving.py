"""What the end of a problem means to its incidents; it never ends them by itself (`PRB-3`)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from itil.desk import actions as desk
from itil.problems.matching.incidents import offered_for_resolution, waiting_for
from itil.problems.models import Problem
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket, TicketEvent
from portal.people.models import User


def resume_waiting(event: TicketEvent) -> int:
    """Go on with the incidents that waited for the problem that `event` resolved; how many.

    Safe to repeat: what goes on waits no more.
    """
    return sum(
        desk.try_move(incident, "resume", at=event.at, cause=event)
        for incident in waiting_for(event.ticket)
    )


def resolve_incidents(
    problem: Problem,
    incidents: Iterable[Ticket],
    *,
    by: User,
    note: str,
    at: datetime | None = None,
) -> tuple[list[Ticket], list[tuple[Ticket, str]]]:
    """Resolve those of the offered incidents that were ticked, each by its own rules (`LIF-3`).

    Returns what was resolved, and what was refused with the reason for each.
    """
    at = at or timezone.now()
    offered = {one.pk for one in offered_for_resolution(problem, by)}
    done: list[Ticket] = []
    refused: list[tuple[Ticket, str]] = []
    for incident in incidents:
        if incident.pk not in offered:
            continue
        values = {"resolution_code": "fixed", "note": note}
        try:
            desk.move(incident, "resolve", by=by, values=values, at=at)
        except Refused as refusal:
            refused.append((incident, str(refusal)))
        else:
            done.append(incident)
    return done, refused
