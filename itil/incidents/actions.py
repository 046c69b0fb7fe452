"""Incidents: opening, following up, and what the system does by itself with time."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from itil.conversation.files import NewFile
from itil.desk import actions as desk
from itil.services.models import Service
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused
from itil.tickets.models import Category, LinkType, Ticket
from portal.people.models import Organization, Team, User

from .lifecycle import HoldReason, ResolutionCode, Status
from .models import Incident, MajorState

# How many tickets one run of a timed job works through; the next run takes the rest.
BATCH = 500


def open_incident(
    *,
    by: User | None,
    title: str,
    text: str,
    requester: User,
    channel: str,
    organization: Organization | None = None,
    received_at: datetime | None = None,
    impact: int | None = None,
    urgency: int | None = None,
    service: Service | None = None,
    category: Category | None = None,
    team: Team | None = None,
    requested_for: User | None = None,
    html: str = "",
    full_text: str = "",
    mail_id: str = "",
    attachments: Iterable[NewFile] = (),
    is_automatic: bool = False,
    watchers: Iterable[User] = (),
    is_confidential: bool = False,
    custom: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Incident:
    """Open an incident; see `itil.desk.actions.open_ticket` for the arguments and refusals."""
    return desk.open_ticket(
        Incident,
        by=by,
        title=title,
        text=text,
        requester=requester,
        channel=channel,
        organization=organization,
        received_at=received_at,
        impact=impact,
        urgency=urgency,
        service=service,
        category=category,
        team=team,
        requested_for=requested_for,
        html=html,
        full_text=full_text,
        mail_id=mail_id,
        attachments=attachments,
        is_automatic=is_automatic,
        watchers=watchers,
        is_confidential=is_confidential,
        custom=custom,
        at=at,
    )


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
    return sum(_try_move(incident, "close", at=now) for incident in due)


def resume_scheduled(now: datetime) -> int:
    """End the waits whose agreed time has come; returns how many."""
    due = Incident.objects.filter(
        status=Status.ON_HOLD, hold_reason=HoldReason.SCHEDULED, resume_at__lte=now
    ).order_by("resume_at")[:BATCH]
    return sum(_try_move(incident, "resume", at=now) for incident in due)


def resolve_unanswered(now: datetime) -> int:
    """Resolve what has waited for its requester too long, in weekdays; returns how many."""
    limit = _business_days_before(now, settings.NO_ANSWER_RESOLVE_BUSINESS_DAYS)
    due = Incident.objects.filter(
        status=Status.ON_HOLD,
        hold_reason=HoldReason.AWAITING_REQUESTER,
        on_hold_since__lte=limit,
    ).order_by("on_hold_since")[:BATCH]
    values = {
        "resolution_code": ResolutionCode.NO_RESPONSE,
        "note": _("We have had no answer to our question. Write to us if it is not solved."),
    }
    return sum(_try_move(incident, "resolve", at=now, values=values) for incident in due)


def resolve_children(parent: Ticket, *, at: datetime, note: str) -> int:
    """Resolve the open children of a resolved parent with its note (`INC-4`); returns how many."""
    values = {"resolution_code": ResolutionCode.BY_PARENT, "note": note}
    children = Incident.objects.filter(parent_id=parent.pk).open().order_by("pk")
    return sum(_try_move(child, "resolve", at=at, values=values) for child in children)


def _try_move(
    incident: Incident, verb: str, *, at: datetime, values: dict[str, Any] | None = None
) -> bool:
    """Make the system's move; False when somebody was faster or the record refuses."""
    try:
        desk.move(incident, verb, by=None, values=values, at=at, channel="system")
    except Refused:
        return False
    return True


def _business_days_before(now: datetime, days: int) -> datetime:
    """The instant `days` Mondays to Fridays before `now`, at the same time of day."""
    day: date = now.date()
    while days:
        day -= timedelta(days=1)
        days -= day.weekday() < 5
    return datetime.combine(day, now.timetz())
