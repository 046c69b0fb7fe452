"""A problem takes a step along its life cycle (domain 2.4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from itil.desk.actions.moving import step
from itil.problems.models import Problem
from itil.tickets import actions as tickets
from itil.tickets.models import Channel, LinkType, TicketEvent
from portal.people.models import User


@transaction.atomic
def move(
    problem: Problem,
    verb: str,
    *,
    by: User | None,
    values: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    channel: str = Channel.DESK,
    cause: TicketEvent | None = None,
) -> Problem:
    """Take `problem` one step; `by` None is the system. A duplicate is linked to its original.

    What follows for incidents and articles is the reactions' business. Raises what
    `itil.desk.actions.move` raises; then nothing has changed.
    """
    at = at or timezone.now()
    step(problem, verb, by=by, values=values, at=at, channel=channel, cause=cause)
    original = (values or {}).get("original")
    if verb == "cancel" and original is not None:
        tickets.link(problem, original, LinkType.DUPLICATE_OF, by=by, at=at)
    return problem
