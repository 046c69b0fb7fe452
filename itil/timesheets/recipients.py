"""For whom time waits that was submitted."""

from django.db.models import Q, QuerySet

from itil.timesheets.models import TimeEntry
from portal.people.models import Role, User


def deciders_of(entry: TimeEntry) -> list[User]:
    """Who may approve `entry`, by name: the leads of the team and of the person, never who worked;
    without one the managers, then the leads of other teams. At most three queries.

    The same as `TimeEntryQuerySet.decided_by`, asked the other way round.
    """
    people = User.objects.filter(is_active=True).exclude(pk=entry.agent_id)
    lead, concerned = Q(memberships__role=Role.LEAD), Q(memberships__team=entry.ticket.team_id)
    if not entry.ticket.is_confidential:
        concerned |= Q(memberships__team__memberships__user=entry.agent_id)
    steps = (lead & concerned, Q(memberships__role=Role.MANAGER), lead)
    return next((found for step in steps if (found := _named(people.filter(step)))), [])


def _named(people: QuerySet[User]) -> list[User]:
    return list(people.distinct().order_by("name", "pk"))
