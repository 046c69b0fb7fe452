"""A ticket comes to be."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.conversation import actions as conversation
from itil.conversation.files import NewFile
from itil.conversation.models import Visibility
from itil.desk import permissions
from itil.services.models import Service
from itil.sla import actions as sla
from itil.sla.matching import find
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue
from itil.tickets.models import Category, Channel, EventKind, Level, Ticket
from itil.tickets.numbering import next_number
from itil.tickets.priority import priority_of
from portal.people.models import Organization, Team, User

from .changing import ensure

Record = TypeVar("Record", bound=Ticket)

# Someone of the desk has the requester on the line: that is the first response (`SLA-2`).
LIVE_CHANNELS = frozenset({Channel.PHONE, Channel.DESK})


def open_ticket(
    model: type[Record],
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
    columns: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Record:
    """Open a record of type `model` for `requester`; `by` None is the system or a mail.

    `received_at` is when the desk could first know (`SLA-9`); it defaults to `at`, now. Impact
    comes from the service unless given, urgency is medium unless given, priority is computed.
    `columns` are those that only this type has.
    Raises MissingValue (title, requester without organization) and NotAllowed.
    """
    at = at or timezone.now()
    received_at = min(received_at or at, at)
    ensure(
        permissions.may_open_for(by, requester),
        _("You can report for yourself. Ask the service desk to report for someone else."),
    )
    title = " ".join(title.split())[:250]
    if not title:
        raise MissingValue("title", _("Say in a few words what it is about."))
    organization = organization or requester.organization
    if organization is None:
        raise MissingValue(
            "requester",
            _("%(name)s belongs to no organization yet. Choose one for this person first.")
            % {"name": requester},
        )
    team = team or (service.team if service else None)
    impact = impact or (service.criticality if service else Level.LOW)
    urgency = urgency or Level.MEDIUM
    by_desk = channel in LIVE_CHANNELS and by is not None and by.grants.is_agent
    # Whatever is refused was refused above, so that a mail in a batch needs no savepoint.
    with transaction.atomic(savepoint=False):
        ticket = model(
            number=next_number(model.NUMBER_PREFIX),
            kind=str(model._meta.model_name),
            title=title,
            status=model.LIFECYCLE.start,
            phase=model.LIFECYCLE.phases[model.LIFECYCLE.start],
            impact=impact,
            urgency=urgency,
            priority=priority_of(impact, urgency),
            channel=channel,
            requester=requester,
            requested_for=requested_for,
            organization=organization,
            team=team,
            service=service,
            category=category,
            is_confidential=is_confidential or bool(team and team.restricted),
            received_at=received_at,
            opened_at=at,
            updated_at=max(at, received_at),
            acknowledged_at=received_at if by_desk else None,
            first_response_at=received_at if by_desk else None,
            custom=custom or {},
            **(columns or {}),
        )
        told: dict[str, Any] = {
            "status": ticket.status,
            "phase": ticket.phase,
            "priority": ticket.priority,
            "team": ticket.team_id,
            "channel": channel,
            "automatic": is_automatic,
            # The requester is on the line, so it is answered as it is received.
            "live": by_desk,
            "terms": [terms.as_data() for terms in find(ticket)],
        }
        clocks = sla.begin(ticket, at=received_at, data=told)
        ticket.save(force_insert=True)
        message = None
        if text.strip() or html or attachments:
            message = conversation.say(
                ticket,
                author=requester,
                visibility=Visibility.INTERNAL if model.IS_INTERNAL else Visibility.PUBLIC,
                text=text,
                html=html,
                full_text=full_text,
                mail_id=mail_id,
                attachments=attachments,
                at=received_at,
                channel=channel,
                is_staff_side=model.IS_INTERNAL,
                is_automatic=is_automatic,
            )
        for person in watchers:
            tickets.watch(ticket, person)
        tickets.record(
            ticket,
            EventKind.OPENED,
            by=by,
            on_behalf_of=requester if by and by.pk != requester.pk else None,
            at=received_at,
            channel=channel,
            data=told | {"message": message and message.pk},
        )
        sla.start(ticket, clocks)
    return ticket
