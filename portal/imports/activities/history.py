"""One case of an activity log retold as our incident. Pure: no database.

The log has no states. The first activity is taken for the receipt, the second one for the start of
the work and the last one for the solution, which nobody objected to; what lies between them is work
that goes on. Every activity is kept with its code.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from itil.incidents.lifecycle import LIFECYCLE, Status
from itil.incidents.models import Incident
from itil.tickets.lifecycle import Mark
from itil.tickets.models import Channel, EventKind, Level
from itil.tickets.priority import priority_of
from portal.imports.past import Happening

from .log import Activity

KIND = Incident._meta.model_name
PRIORITY = priority_of(Level.LOW, Level.MEDIUM)
CHANNEL = Channel.API


def reference_of(source: str, case: str) -> str:
    return f"{source}:{case}"


def ticket_fields(activities: Sequence[Activity], *, source: str) -> dict[str, Any]:
    """The columns of the Ticket but its number, requester and organization."""
    first, last = activities[0], activities[-1]
    return {
        "kind": KIND,
        "title": f"{source} {first.case}",
        "source_reference": reference_of(source, first.case),
        "status": Status.CLOSED.value,
        "phase": LIFECYCLE.phases[Status.CLOSED].value,
        "impact": Level.LOW.value,
        "urgency": Level.MEDIUM.value,
        "priority": PRIORITY,
        "channel": CHANNEL.value,
        "received_at": first.at,
        "opened_at": first.at,
        "acknowledged_at": activities[1].at if len(activities) > 1 else None,
        "resolved_at": last.at,
        "first_resolved_at": last.at,
        "closed_at": last.at,
        "updated_at": last.at,
        "custom": {
            "log_rows": len(activities),
            "activities": " ".join(activity.code for activity in activities),
        },
    }


def happenings(activities: Sequence[Activity]) -> Iterator[Happening]:
    """The events of the case, in order."""
    first, last = activities[0], activities[-1]
    yield Happening(
        EventKind.OPENED,
        first.at,
        {
            "status": LIFECYCLE.start,
            "phase": LIFECYCLE.phases[LIFECYCLE.start].value,
            "priority": PRIORITY,
            "team": None,
            "channel": CHANNEL.value,
            "terms": [],
            "imported": True,
            "activity": first.code,
        },
    )
    status = Status.NEW
    for activity in activities[1:-1]:
        yield _moved("start", status, Status.IN_PROGRESS, activity)
        status = Status.IN_PROGRESS
    yield _moved("resolve", status, Status.RESOLVED, last, Mark.RESOLVED)
    yield _moved("close", Status.RESOLVED, Status.CLOSED, last, Mark.CLOSED)


def _moved(
    verb: str, source: Status, target: Status, activity: Activity, marks: str = ""
) -> Happening:
    data = {
        "verb": verb,
        "from": source.value,
        "to": target.value,
        "from_phase": LIFECYCLE.phases[source].value,
        "to_phase": LIFECYCLE.phases[target].value,
        "marks": marks,
        "side": "system",
        "imported": True,
        "activity": activity.code,
    }
    return Happening(EventKind.MOVED, activity.at, data)
