"""What tickets mean to answers: one that did not help, one that a known error needs."""

from itil.tickets.models import EventKind, TicketEvent

from .actions import draft_for_known_error, note_return, retire_known_error


def react(event: TicketEvent) -> None:
    """Whoever reports what an answer was about was not helped by it (`KPI-15`); a known error
    gets a draft, which ends with its problem (`PRB-1`).
    """
    if event.kind == EventKind.OPENED:
        note_return(event.ticket)
    elif event.kind == EventKind.PROBLEM and event.data.get("what") == "known_error":
        draft_for_known_error(event.ticket, by=event.actor)
    elif event.kind == EventKind.MOVED and event.data.get("verb") == "close":
        retire_known_error(event.ticket, at=event.at)
