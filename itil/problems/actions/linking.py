"""Incidents are linked to the problem that causes them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure, locked, touch
from itil.problems import permissions
from itil.problems.models import Problem
from itil.tickets import actions as tickets
from itil.tickets.errors import NotAllowed
from itil.tickets.models import LinkType, Ticket
from portal.people.models import User


@transaction.atomic
def link_incidents(
    problem: Problem,
    incidents: Iterable[Ticket],
    *,
    by: User,
    at: datetime | None = None,
    is_new: bool = False,
) -> int:
    """Say that `problem` causes these; returns how many were not linked before.

    Who has just opened it (`is_new`) names what it is about, whichever team gets it. Raises
    NotAllowed, also for an incident that this person may not see; then nothing is linked.
    """
    at = at or timezone.now()
    present = locked(problem)
    ensure(
        is_new or permissions.may_analyse(by, present),
        _("You cannot link incidents to %(number)s.") % {"number": present.number},
    )
    wanted = {incident.pk: incident for incident in incidents}
    seen = permissions.linkable_by(by).filter(pk__in=wanted)
    if seen.count() != len(wanted):
        raise NotAllowed(_("Choose incidents that you can see."))
    known = set(
        present.links_in.filter(type=LinkType.CAUSED_BY).values_list("source_id", flat=True)
    )
    for _key, incident in sorted(wanted.items()):
        tickets.link(incident, present, LinkType.CAUSED_BY, by=by, at=at)
        touch(incident, at=at)
    touch(present, at=at)
    return len(set(wanted) - known)


@transaction.atomic
def unlink_incident(
    problem: Problem, incident: Ticket, *, by: User, at: datetime | None = None
) -> bool:
    """It has another cause after all; False when it was not linked. Raises NotAllowed."""
    ensure(
        permissions.may_analyse(by, locked(problem)),
        _("You cannot link incidents to %(number)s.") % {"number": problem.number},
    )
    return tickets.unlink(incident, problem, LinkType.CAUSED_BY, by=by, at=at or timezone.now())
