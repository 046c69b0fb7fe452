"""When services of the demo company could not be used, or only worse than agreed."""

from datetime import datetime, timedelta

from itil.incidents import actions
from itil.incidents.models import Incident

# One of so many incidents stopped its service for everybody; every third of them only slowed it.
ONE_OF, DEGRADED_OF = 24, 3
# How many minutes they lasted, one after the other, unless they were solved before.
LASTED = (25, 70, 110, 40, 165, 15)


def tell_outages(now: datetime) -> None:
    """Say of some solved incidents from when until when their service was down or degraded."""
    solved = Incident.objects.filter(
        resolved_at__isnull=False, service__isnull=False, assignee__isnull=False,
        is_confidential=False,
    )  # fmt: skip
    for number, incident in enumerate(solved.select_related("assignee").order_by("pk")[::ONE_OF]):
        begins = incident.received_at
        lasted = timedelta(minutes=LASTED[number % len(LASTED)])
        actions.note_outage(
            incident,
            by=incident.assignee,
            version=incident.version,
            down_from=begins,
            down_until=min(begins + lasted, incident.resolved_at),
            is_degraded=number % DEGRADED_OF == 1,
            at=now,
        )
