"""How a problem has hit people: incidents by month, people and work so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from itil.problems.models import Problem
from itil.problems.querysets import incidents_of
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Ticket
from itil.timesheets.models import TimeEntry
from portal.people.models import User

MONTHS = 6
SHOWN = 10


@dataclass(frozen=True)
class Month:
    """How many of its incidents were received in a month, and its bar as a share of the highest."""

    begins: datetime
    count: int
    percent: int


@dataclass(frozen=True)
class Reach:
    """What the problem has cost so far, over its incidents, whoever may open them."""

    incidents: int
    open: int
    people: int
    minutes: int
    months: tuple[Month, ...]

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)


def reach_of(problem: Problem) -> Reach:
    """Three queries. Numbers name nobody, so that all incidents count, but secrets, of which a few
    would be told so (`VIS-3`).
    """
    incidents = incidents_of(problem)
    if not problem.is_confidential:
        incidents = incidents.filter(is_confidential=False)
    rows = list(incidents.values_list("requester_id", "phase"))
    keys = incidents.values("pk")
    worked = TimeEntry.objects.filter(ticket__in=keys) | TimeEntry.objects.filter(ticket=problem.pk)
    minutes = worked.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    by_month: list[dict[str, Any]] = list(
        incidents.annotate(month=TruncMonth("received_at"))
        .order_by("month")
        .values("month")
        .annotate(count=Count("pk"))
    )[-MONTHS:]
    highest = max((row["count"] for row in by_month), default=1)
    return Reach(
        incidents=len(rows),
        open=sum(phase != "done" for _who, phase in rows),
        people=len({who for who, _phase in rows}),
        minutes=minutes,
        months=tuple(
            Month(row["month"], row["count"], round(100 * row["count"] / highest))
            for row in by_month
        ),
    )


def linked_to(problem: Problem, user: User) -> list[Ticket]:
    """The incidents that `user` may open, open ones first, newest first. One query."""
    found = incidents_of(problem).visible_to(user).select_related("requester")
    return sorted(found.order_by("-received_at", "-pk"), key=lambda one: one.phase == Phase.DONE)
