"""An incident comes to be."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from itil.conversation.files import NewFile
from itil.desk import actions as desk
from itil.incidents.models import Incident
from itil.tickets import actions as tickets
from itil.tickets.models import LinkType, Ticket
from portal.people.models import User

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
