"""The mails to those who lead a major incident."""

from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from itil.incidents.models import MajorRole
from itil.tickets.models import TicketEvent
from portal.notifications.threading import Place
from portal.people.models import User

from .letters import Letter, write


def send_update_due(event: TicketEvent, owner: User) -> None:
    """Remind the owner that people wait for news."""
    due_at = parse_datetime(event.data["due_at"])
    write(_letter(event, "major_due", due_at=due_at), [owner])


def send_major_role(event: TicketEvent, holder: User) -> None:
    """Tell somebody which part they have."""
    role = MajorRole(event.data["role"]).label
    write(_letter(event, "major_role", role=role, actor=event.actor), [holder])


def _letter(event: TicketEvent, template: str, **context: object) -> Letter:
    """A letter beside the conversation: the requesters know nothing of it."""
    url = reverse("incidents:major", args=[event.ticket.number])
    return Letter(
        event=event,
        ticket=event.ticket,
        template=template,
        place=Place(),
        automatic="auto-generated",
        is_for_staff=True,
        url=settings.SITE_URL + url,
        context=context,
    )
