"""What the desk does when something has happened."""

from django.utils import timezone

from itil.desk import actions
from itil.sla.models import EscalationStep
from itil.tickets.models import EventKind, TicketEvent

from .search import index_tickets

# These events carry words, or change the subject.
_SAYS_SOMETHING = frozenset(
    {EventKind.OPENED, EventKind.REPLIED, EventKind.COMMENTED, EventKind.NOTED}
)


def react(event: TicketEvent) -> None:
    """Keep the search index true; hand over what an escalation step gives to another team."""
    data = event.data
    if event.kind in _SAYS_SOMETHING or data.get("message") or "title" in data.get("changes", {}):
        index_tickets([event.ticket])
    if (
        event.kind == EventKind.CLOCK
        and data.get("what") == "escalated"
        and data.get("action") == EscalationStep.Action.HAND_OVER
    ):
        actions.escalate(event, at=timezone.now())
