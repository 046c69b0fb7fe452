"""The incidents of a problem: whom to tell, who waits, who is offered the solution."""

from django.db.models import Q

from itil.problems.models import Problem, Workaround
from itil.problems.querysets import incidents_of
from itil.tickets.models import EventKind, Ticket, TicketEvent
from itil.tickets.querysets import TicketQuerySet
from portal.people.models import User

AWAITING_PROBLEM = "awaiting_problem"


def told_next(workaround: Workaround, user: User) -> TicketQuerySet:
    """The open linked incidents that `user` may see and that were not told this version."""
    found: TicketQuerySet = incidents_of(workaround.problem).visible_to(user).open()
    told = workaround.posts.values("incident")
    return found.exclude(pk__in=told).select_related("requester", "organization").order_by("pk")


def waiting_for(problem: Ticket) -> list[Ticket]:
    """The incidents on hold until `problem` is solved. Two queries."""
    held = list(
        incidents_of(problem)
        .open()
        .filter(hold_reason=AWAITING_PROBLEM)
        .select_related("requester", "organization")
        .order_by("pk")
    )
    named = _named_by([incident.pk for incident in held])
    return [one for one in held if _is_meant(named.get(one.pk, ""), problem)]


def waits_for(incident: Ticket, problem: Ticket) -> bool:
    """On hold until this very problem is solved; one query when it is on hold at all."""
    if not incident.is_waiting or incident.hold_reason != AWAITING_PROBLEM:
        return False
    return _is_meant(_named_by([incident.pk]).get(incident.pk, ""), problem)


def _named_by(keys: list[int]) -> dict[int, str]:
    """What each of these was last put on hold for, as it was written."""
    holds = TicketEvent.objects.filter(
        ticket__in=keys, kind=EventKind.MOVED, data__hold_reason=AWAITING_PROBLEM
    ).order_by("at", "pk")
    return {event.ticket_id: event.data.get("reference") or "" for event in holds}


def _is_meant(reference: str, problem: Ticket) -> bool:
    """A wait that names another problem goes on; older ones may name none by its number."""
    return reference == problem.number or not reference.startswith(Problem.NUMBER_PREFIX + "-")


def offered_for_resolution(problem: Problem, user: User) -> list[Ticket]:
    """The open incidents that waited for `problem` when its fix was applied. Three queries.

    The end of the problem has set them going again; each is offered until it is resolved.
    """
    last = (
        TicketEvent.objects.filter(ticket=problem.pk, kind=EventKind.MOVED, data__verb="resolve")
        .order_by("-at", "-pk")
        .first()
    )
    if last is None or problem.is_open:
        return []
    resumed = TicketEvent.objects.filter(cause=last, kind=EventKind.MOVED).values("ticket")
    found = incidents_of(problem).visible_to(user).open()
    held = [one.pk for one in waiting_for(problem)]
    found = found.filter(Q(pk__in=resumed) | Q(pk__in=held))
    return list(found.select_related("requester", "organization").order_by("pk"))
