"""Requesters who have not answered a question are reminded of it, whatever the type."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from itil.desk.clock import AWAITING_REQUESTER, Wait
from itil.tickets.actions import record
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent

from .elapsing import BATCH


def remind(waits: Iterable[Wait], now: datetime, *, ends: Callable[[Wait], datetime | None]) -> int:
    """Remind the requesters of `waits` that have lasted some business days; returns how many.

    Each reminder is one event, of which the mail follows. It is given once for a question: a run
    that comes late gives the last one that is due. `ends` says when a question is given up, after
    which nobody is reminded, or None when it never is.
    """
    waits = list(waits)
    given = _reminders_given([wait.ticket for wait in waits])
    reminded = 0
    for wait in waits:
        number = sum(wait.after(days) <= now for days in settings.NO_ANSWER_REMINDER_BUSINESS_DAYS)
        if number <= given.get((wait.ticket, wait.since.isoformat()), 0):
            continue
        ends_at = ends(wait)
        if ends_at is None or now < ends_at:
            reminded += _remind(wait, number, at=now, ends_at=ends_at)
        if reminded >= BATCH:
            break
    return reminded


@transaction.atomic
def _remind(wait: Wait, number: int, *, at: datetime, ends_at: datetime | None) -> bool:
    """Record reminder `number` of a question; False when it was answered or reminded meanwhile."""
    asked_at = wait.since.isoformat()
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .filter(pk=wait.ticket, hold_reason=AWAITING_REQUESTER, on_hold_since=wait.since)
        .first()
    )
    if ticket is None or _reminders_given([ticket.pk]).get((ticket.pk, asked_at), 0) >= number:
        return False
    record(
        ticket,
        EventKind.MAIL,
        by=None,
        at=at,
        channel=Channel.SYSTEM,
        data={
            "what": "reminder",
            "number": number,
            "asked_at": asked_at,
            "ends_at": ends_at.isoformat() if ends_at else "",
        },
    )
    return True


def _reminders_given(keys: list[int]) -> dict[tuple[int, str], int]:
    """The number of the last reminder by ticket and by the time of the question."""
    events = TicketEvent.objects.filter(
        ticket__in=keys, kind=EventKind.MAIL, data__what="reminder"
    ).order_by("data__number")
    return {(event.ticket_id, event.data["asked_at"]): event.data["number"] for event in events}
