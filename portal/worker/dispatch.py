"""From what happened to what follows from it: stored events are taken to the reactions, in order.

An event is marked taken and its reactions run in one transaction, each reaction in a savepoint.
A worker killed at any point in between has done nothing and the event is taken again; one that
got through has done all of it once. A reaction that raises leaves a `FailedReaction` in place of
its effects and is tried again later, without holding up the events behind it. Reactions therefore
only write to the database (mail goes to the outbox), and are quick.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from traceback import format_exception

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from billing.contracts.reactions import react as charge_orders
from billing.invoices.reactions import react as credit_orders
from catalog.requests.reactions import react as deliver_requests
from itil.changes.reactions import react as follow_changes
from itil.desk.reactions import react as keep_searchable
from itil.incidents.reactions import react as resolve_children
from itil.problems.reactions import react as resume_waiting
from itil.tickets.models import TicketEvent
from knowledgebase.reactions import react as note_returns
from portal.notifications.reactions import react as notify

from .models import FailedReaction

logger = logging.getLogger(__name__)

Reaction = Callable[[TicketEvent], None]

# Who reacts to events, in this order; the names are stored with failures.
REACTIONS: tuple[tuple[str, Reaction], ...] = (
    ("search index", keep_searchable),
    ("incidents", resolve_children),
    ("problems", resume_waiting),
    ("changes", follow_changes),
    ("answers", note_returns),
    ("requests", deliver_requests),
    ("orders to charge", charge_orders),
    ("orders to credit", credit_orders),
    ("notifications", notify),
)

MAX_ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)


def dispatch_events(
    limit: int = 500, reactions: tuple[tuple[str, Reaction], ...] = REACTIONS
) -> int:
    """Take up to `limit` unhandled events to the reactions, oldest first; returns how many."""
    unhandled = TicketEvent.objects.filter(handled_at__isnull=True).order_by("pk")
    taken = 0
    for pk in list(unhandled.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            # Another dispatcher may have had it between the read and now.
            if not unhandled.filter(pk=pk).update(handled_at=timezone.now()):
                continue
            event = TicketEvent.objects.select_related("ticket", "actor").get(pk=pk)
            for name, reaction in reactions:
                error = _error_of(reaction, event)
                if error:
                    logger.error("Reaction %s to event %s failed\n%s", name, pk, error)
                    FailedReaction.objects.create(
                        event=event,
                        reactor=name,
                        error=error,
                        next_at=timezone.now() + FIRST_WAIT,
                    )
        taken += 1
    return taken


def retry_reactions(
    now: datetime,
    limit: int = 100,
    reactions: tuple[tuple[str, Reaction], ...] = REACTIONS,
) -> int:
    """Run the failed reactions that are due at `now` once more; returns how many succeeded."""
    by_name = dict(reactions)
    due = FailedReaction.objects.filter(next_at__lte=now).order_by("pk")
    succeeded = 0
    for row in list(due[:limit]):
        with transaction.atomic():
            mine = FailedReaction.objects.filter(pk=row.pk, attempts=row.attempts)
            attempts = row.attempts + 1
            if not mine.update(attempts=F("attempts") + 1, next_at=_next(attempts, now)):
                continue
            reaction = by_name.get(row.reactor)
            event = TicketEvent.objects.select_related("ticket", "actor").get(pk=row.event_id)
            error = (
                _error_of(reaction, event) if reaction else f"No reaction is named {row.reactor}."
            )
            if error:
                FailedReaction.objects.filter(pk=row.pk).update(error=error)
            else:
                FailedReaction.objects.filter(pk=row.pk).delete()
                succeeded += 1
    return succeeded


def try_again(now: datetime, key: int | None = None) -> int:
    """Give failed reactions, one or all, as many attempts again as a new one has, the first at
    `now`; returns how many.
    """
    failed = FailedReaction.objects.all() if key is None else FailedReaction.objects.filter(pk=key)
    return failed.update(attempts=0, next_at=now)


def _next(attempts: int, now: datetime) -> datetime | None:
    """When to try again after failed attempt number `attempts`; None when it was the last."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))


def _error_of(reaction: Reaction, event: TicketEvent) -> str:
    """Run the reaction in a savepoint; the traceback when it fails, else an empty text."""
    try:
        with transaction.atomic():
            reaction(event)
    except Exception as error:  # noqa: BLE001 - whatever one reaction raises, the others must run
        return "".join(format_exception(error))
    return ""
