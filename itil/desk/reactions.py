"""What the desk does when something has happened."""

from itil.tickets.models import EventKind, TicketEvent

from .search import index_tickets

# These events carry words, or change the subject.
_SAYS_SOMETHING = frozenset(
    {EventKind.OPENED, EventKind.REPLIED, EventKind.COMMENTED, EventKind.NOTED}
)


def react(event: TicketEvent) -> None:
    """Keep the search index true."""
    if (
        event.kind in _SAYS_SOMETHING
        or event.data.get("message")
        or "title" in event.data.get("changes", {})
    ):
        index_tickets([event.ticket])
