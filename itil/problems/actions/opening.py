"""A problem comes to be: from scratch, from incidents, or from a candidate."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk.actions import open_ticket
from itil.desk.actions.changing import ensure
from itil.problems import permissions
from itil.problems.models import Problem
from itil.services.models import Service
from itil.tickets.models import Category, Channel, Ticket
from portal.people.models import Team, User

from .linking import link_incidents


@transaction.atomic
def open_problem(
    *,
    by: User,
    title: str,
    text: str = "",
    symptoms: str = "",
    service: Service | None = None,
    category: Category | None = None,
    team: Team | None = None,
    impact: int | None = None,
    urgency: int | None = None,
    incidents: Iterable[Ticket] = (),
    is_confidential: bool = False,
    at: datetime | None = None,
) -> Problem:
    """Open a problem and link what it has caused; there may be nothing yet.

    Raises NotAllowed and MissingValue.
    """
    at = at or timezone.now()
    ensure(permissions.may_create(by), _("Ask an agent or a problem manager to open a problem."))
    incidents = list(incidents)
    problem = open_ticket(
        Problem,
        by=by,
        title=title,
        text=text,
        requester=by,
        channel=Channel.DESK,
        service=service,
        category=category,
        team=team,
        impact=impact,
        urgency=urgency,
        is_confidential=is_confidential,
        columns={"symptoms": symptoms.strip()},
        at=at,
    )
    if incidents:
        link_incidents(problem, incidents, by=by, at=at, is_new=True)
    return problem
