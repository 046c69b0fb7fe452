"""Incidents: opening, following up, and what the system does by itself with time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.conversation.files import NewFile
from itil.desk import actions as desk
from itil.desk.actions.changing import ensure, locked, refresh_copy, write
from itil.desk.permissions import works_on
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, EventKind, LinkType, Ticket, TicketEvent
from portal.people.models import User

from .clock import Wait, at_least, unanswered
from .lifecycle import HoldReason, ResolutionCode, Status
from .models import Incident, MajorState

# How many tickets one run of a timed job works through; the next run takes the rest.
BATCH = 500
# `itil.desk.actions.open_ticket`, whose arguments and refusals it has, for incidents.
open_incident = partial(desk.open_ticket, Incident)


@transaction.atomic
def follow_up(
    original: Ticket,
    *,
    by: User | None,
    title: str,
    text: str,
    requester: User,
    channel: str,
    received_at: datetime | None = None,
    html: str = "",
    full_text: str = "",
    mail_id: str = "",
    attachments: Iterable[NewFile] = (),
    at: datetime | None = None,
) -> Incident:
    """A message after the end opens a new incident, fresh clocks, linked to the old (`INC-2`)."""
    incident = open_incident(
        by=by,
        title=title or original.title,
        text=text,
        requester=requester,
        channel=channel,
        organization=original.organization,
        received_at=received_at,
        service=original.service,
        category=original.category,
        team=original.team,
        html=html,
        full_text=full_text,
        mail_id=mail_id,
        attachments=attachments,
        is_confidential=original.is_confidential,
        at=at,
    )
    tickets.link(incident, original, LinkType.FOLLOW_UP_OF, by=by, at=at)
    return incident


def close_resolved(now: datetime) -> int:
    """Close what nobody disputed: calendar days after the latest resolution (`INC-1`).

    Returns how many. Safe to run twice: each ticket is moved under its own lock.
    """
    limit = now - timedelta(days=settings.TICKET_AUTO_CLOSE_DAYS)
    due = (
        Incident.objects.filter(status=Status.RESOLVED, resolved_at__lte=limit)
        .exclude(major_state__in=(MajorState.ACCEPTED, MajorState.RESOLVED))
        .order_by("resolved_at")[:BATCH]
    )
    return sum(desk.try_move(incident, "close", at=now) for incident in due)


def remind_unanswered(now: datetime) -> int:
    """Remind the requesters of questions that have waited some business days; returns how many.

    Each reminder is one event, of which the mail follows. It is given once for a question: a run
    that comes late gives the last one that is due, and none once the question is given up.
    """
    steps = settings.NO_ANSWER_REMINDER_BUSINESS_DAYS
    waits = list(unanswered(now - at_least(min(steps))))
    given = _reminders_given([wait.incident for wait in waits])
    reminded = 0
    for wait in waits:
        number = sum(wait.after(days) <= now for days in steps)
        ends_at = wait.after(settings.NO_ANSWER_RESOLVE_BUSINESS_DAYS)
        if number > given.get((wait.incident, wait.since.isoformat()), 0) and now < ends_at:
            reminded += _remind(wait, number, at=now, ends_at=ends_at)
        if reminded >= BATCH:
            break
    return reminded


@transaction.atomic
def _remind(wait: Wait, number: int, *, at: datetime, ends_at: datetime) -> bool:
    """Record reminder `number` of a question; False when it was answered or reminded meanwhile."""
    asked_at = wait.since.isoformat()
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .filter(
            pk=wait.incident,
            hold_reason=HoldReason.AWAITING_REQUESTER,
            on_hold_since=wait.since,
        )
        .first()
    )
    if ticket is None or _reminders_given([ticket.pk]).get((ticket.pk, asked_at), 0) >= number:
        return False
    tickets.record(
        ticket,
        EventKind.MAIL,
        by=None,
        at=at,
        channel=Channel.SYSTEM,
        data={
            "what": "reminder",
            "number": number,
            "asked_at": asked_at,
            "ends_at": ends_at.isoformat(),
        },
    )
    return True


def _reminders_given(keys: list[int]) -> dict[tuple[int, str], int]:
    """The number of the last reminder by incident and by the time of the question."""
    events = TicketEvent.objects.filter(
        ticket__in=keys, kind=EventKind.MAIL, data__what="reminder"
    ).order_by("data__number")
    return {(event.ticket_id, event.data["asked_at"]): event.data["number"] for event in events}


def resolve_unanswered(now: datetime) -> int:
    """Resolve what has waited for its requester too many business days; returns how many."""
    days = settings.NO_ANSWER_RESOLVE_BUSINESS_DAYS
    waits = (wait for wait in unanswered(now - at_least(days)) if wait.after(days) <= now)
    keys = [wait.incident for wait in islice(waits, BATCH)]
    values = {
        "resolution_code": ResolutionCode.NO_RESPONSE,
        "note": _("We have had no answer to our question. Write to us if it is not solved."),
    }
    due = Incident.objects.filter(pk__in=keys).order_by("on_hold_since", "pk")
    return sum(desk.try_move(incident, "resolve", at=now, values=values) for incident in due)


def resolve_children(parent: Ticket, *, at: datetime, note: str) -> int:
    """Resolve the open children of a resolved parent with its note (`INC-4`); returns how many."""
    values = {"resolution_code": ResolutionCode.BY_PARENT, "note": note}
    children = Incident.objects.filter(parent_id=parent.pk).open().order_by("pk")
    return sum(desk.try_move(child, "resolve", at=at, values=values) for child in children)


@transaction.atomic
def propose_major(
    incident: Incident,
    *,
    by: User | None,
    reason: str,
    cause: TicketEvent | None = None,
    at: datetime | None = None,
) -> bool:
    """Ask for the procedure of major incidents; it is accepted elsewhere, never here (`INC-8`).

    `by` None is a rule, which answers the event `cause`. False, and nothing changes, when it was
    proposed or decided before.
    Raises NotAllowed, MissingValue, and Refused once the incident is done.
    """
    at = at or timezone.now()
    present = locked(incident)
    ensure(works_on(by, present), _("You cannot work on this ticket."))
    if not isinstance(present, Incident):
        raise Refused(_("%(number)s is no incident any more.") % {"number": present.number})
    if not reason.strip():
        raise MissingValue("reason", _("Say why it may be a major incident."))
    if not present.is_open:
        raise Refused(_("%(number)s is resolved already.") % {"number": present.number})
    if present.major_state != MajorState.NONE:
        return False
    write(present, at=at, changes={"major_state": MajorState.CANDIDATE})
    changes = {"major_state": [MajorState.NONE, MajorState.CANDIDATE]}
    tickets.record(
        present,
        EventKind.EDITED,
        by=by,
        at=at,
        data={"changes": changes, "reason": reason.strip()},
        cause=cause,
    )
    refresh_copy(incident, present)
    return True
