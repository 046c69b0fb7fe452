"""What the worker does with clocks as time passes."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.functions import Coalesce

from itil.calendars.models import BusinessCalendar
from itil.sla.clock import running
from itil.sla.clock.running import whole
from itil.sla.matching import find
from itil.sla.models import METRICS_OF, Agreement, Outcome, SlaClock
from itil.sla.terms import Step
from itil.tickets.actions import record
from itil.tickets.models import Channel, EventKind, Ticket

from .following import SHOWN, follow, iso, tell

# The most clocks one run notices; the next run takes the rest.
BATCH = 500
# How long one run goes on with an edit, in seconds. Runs come every half minute, and all due times
# are recomputed within five (`SLA-18`).
LONG_ENOUGH = 20.0
# A step that fires later than this is marked late; the worker looks every half minute.
LATE_AFTER = timedelta(minutes=5)
Work = TypeVar("Work")


def tick(now: datetime) -> dict[str, int]:
    """Notice what was missed, is at risk or escalates at `now`; how many of each (`SLA-23`, `24`).

    At most `BATCH` clocks a run. A clock is noticed once, however often and late this runs, and
    of a clock that is late already only the breach is told. Missed at exactly the due time is not
    missed.
    """
    now = whole(now)
    with transaction.atomic(savepoint=False):
        late = _lock(SlaClock.objects.falling_due(now).order_by("due_at"), BATCH)
        missed = _notice(
            late,
            SlaClock.objects.falling_due(now),
            outcome=Outcome.BREACHED,
            breached_at=models.F("due_at"),
            outcome_at=models.F("due_at"),
            breach_noticed_at=now,
            at_risk_noticed_at=Coalesce("at_risk_noticed_at", now),
        )
        if missed:
            seen = {clock.ticket_id for clock in late if clock.metric in SHOWN}
            Ticket.objects.filter(pk__in=seen).update(is_breached=True)
        for clock in late:
            tell(clock, "breached", clock.due_at or now)
        risky = _lock(
            SlaClock.objects.becoming_at_risk(now).order_by("at_risk_at"), BATCH - len(late)
        )
        _notice(risky, SlaClock.objects.becoming_at_risk(now), at_risk_noticed_at=now)
        for clock in risky:
            tell(clock, "at_risk", clock.at_risk_at or now)
        rising = _lock(SlaClock.objects.escalating(now).order_by("escalates_at"), BATCH)
        fired = sum(_escalate(clock, now) for clock in rising)
    return {"breached": len(late), "at_risk": len(risky), "escalated": fired}


def _lock(due: models.QuerySet[SlaClock], limit: int) -> list[SlaClock]:
    """The first clocks of a queryset, locked with their tickets.

    Those another worker holds are left to it. A ticket that somebody changes just now is left to
    the next run: verbs lock the ticket first and its clocks then, so waiting here for the one
    while holding the other would end in a deadlock.
    """
    tickets = due.select_related("ticket")
    return list(
        tickets.select_for_update(of=("self", "ticket"), skip_locked=True, no_key=True)[:limit]
    )


def _notice(clocks: list[SlaClock], still_due: models.QuerySet[SlaClock], **changes: Any) -> int:
    """Write `changes` to those of `clocks` that nobody noticed meanwhile."""
    if not clocks:
        return 0
    return still_due.filter(pk__in=[clock.pk for clock in clocks]).update(**changes)


def _escalate(clock: SlaClock, now: datetime) -> int:
    """Fire the highest steps that are due; lower ones that were missed are left out (`SLA-24`).

    The history gets one line for each, at the time the step was due; what it asks for is done by
    those who react to the history.
    """
    due = [
        (step, at)
        for step in running.unfired(clock)
        if (at := running.fires_at(clock, step)) is not None and at <= now
    ]
    highest = max((step.percent for step, _at in due), default=0)
    firing = [(step, at) for step, at in due if step.percent == highest]
    for step, at in firing:
        _tell_step(clock, step, at, now)
    clock.escalated = [*clock.escalated, *(step.key for step, _at in due)]
    running.recount(clock)
    clock.save(update_fields=["escalated", "escalates_at"])
    return len(firing)


def _tell_step(clock: SlaClock, step: Step, at: datetime, now: datetime) -> None:
    tell(
        clock,
        "escalated",
        at,
        percent=step.percent,
        action=step.action,
        team=step.team,
        noticed_at=iso(now),
        late=now - at > LATE_AFTER,
    )


# --- Edited calendars and agreements ------------------------------------------------------------


def recount(now: datetime, *, seconds: float = LONG_ENOUGH) -> int:
    """Recompute running clocks whose calendar was edited (`SLA-18`); the number of tickets.

    Stopped clocks are left as they were counted (`SLA-7`). What is not done after `seconds` is
    left to the next run.
    """
    stale = SlaClock.objects.counted_by_an_older_calendar()
    edited = dict.fromkeys(stale.values_list("ticket_id", "calendar_id"))
    calendars = BusinessCalendar.objects.in_bulk({pk for _ticket, pk in edited})
    done = set()
    for ticket_id, calendar_id in _in_time(edited, seconds):
        calendar = calendars[calendar_id]
        with transaction.atomic():
            data = {
                "what": "recounted",
                "calendar": calendar.pk,
                "calendar_name": calendar.name,
                "version": calendar.version,
                "edition": str(calendar.edition),
            }
            _happen(_locked(ticket_id), data, now)
        done.add(ticket_id)
    return len(done)


def rechoose(now: datetime, *, seconds: float = LONG_ENOUGH) -> int:
    """Apply an edited agreement to what it still promises (`SLA-7`); the number of tickets.

    What is stopped or missed stays. Nothing happens to clocks of an agreement that was ended.
    What is not done after `seconds` is left to the next run.
    """
    metrics = [*METRICS_OF[Agreement.Kind.SLA], *METRICS_OF[Agreement.Kind.OLA]]
    stale = SlaClock.objects.promised_by_an_older_agreement().filter(metric__in=metrics)
    tickets = dict.fromkeys(stale.values_list("ticket_id", flat=True))
    done = 0
    for ticket_id in _in_time(tickets, seconds):
        with transaction.atomic():
            ticket = _locked(ticket_id)
            terms = [one.as_data() for one in find(ticket)]
            _happen(ticket, {"what": "terms", "terms": terms}, now)
        done += 1
    return done


def _in_time(work: Iterable[Work], seconds: float) -> Iterator[Work]:
    """The first piece of work, and the next ones until so many seconds have passed."""
    end = monotonic() + seconds
    for piece in work:
        yield piece
        if monotonic() >= end:
            return


def _locked(ticket_id: int) -> Ticket:
    """The present state of a ticket, as nobody changes it until the transaction ends."""
    tickets = Ticket.objects.select_related("organization", "requester")
    ticket: Ticket = tickets.select_for_update(of=("self",)).get(pk=ticket_id)
    return ticket


def _happen(ticket: Ticket, data: dict[str, Any], at: datetime) -> None:
    event = record(ticket, EventKind.CLOCK, by=None, at=at, data=data, channel=Channel.SYSTEM)
    follow(ticket, event)
