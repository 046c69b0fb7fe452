"""What the system does with incidents as time passes."""

from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.utils.translation import gettext as _

from itil.desk import actions as desk
from itil.desk.actions.reminding import remind
from itil.desk.clock import at_least
from itil.incidents.clock import unanswered
from itil.incidents.lifecycle import ResolutionCode, Status
from itil.incidents.models import MAJOR_STATES, Incident

# How many tickets one run of a timed job works through; the next run takes the rest.
BATCH = 500


def close_resolved(now: datetime) -> int:
    """Close what nobody disputed: calendar days after the latest resolution (`INC-1`).

    Returns how many. Safe to run twice: each ticket is moved under its own lock.
    """
    limit = now - timedelta(days=settings.TICKET_AUTO_CLOSE_DAYS)
    due = (
        Incident.objects.filter(status=Status.RESOLVED, resolved_at__lte=limit)
        .exclude(major_state__in=MAJOR_STATES)
        .order_by("resolved_at")[:BATCH]
    )
    return sum(desk.try_move(incident, "close", at=now) for incident in due)


def remind_unanswered(now: datetime) -> int:
    """Remind the requesters of questions that have waited some business days; returns how many.

    None once the question is given up and the incident resolved.
    """
    steps = settings.NO_ANSWER_REMINDER_BUSINESS_DAYS
    return remind(
        unanswered(now - at_least(min(steps))),
        now,
        ends=lambda wait: wait.after(settings.NO_ANSWER_RESOLVE_BUSINESS_DAYS),
    )


def resolve_unanswered(now: datetime) -> int:
    """Resolve what has waited for its requester too many business days; returns how many."""
    days = settings.NO_ANSWER_RESOLVE_BUSINESS_DAYS
    waits = (wait for wait in unanswered(now - at_least(days)) if wait.after(days) <= now)
    keys = [wait.ticket for wait in islice(waits, BATCH)]
    values = {
        "resolution_code": ResolutionCode.NO_RESPONSE,
        "note": _("We have had no answer to our question. Write to us if it is not solved."),
    }
    due = Incident.objects.filter(pk__in=keys).order_by("on_hold_since", "pk")
    return sum(desk.try_move(incident, "resolve", at=now, values=values) for incident in due)
