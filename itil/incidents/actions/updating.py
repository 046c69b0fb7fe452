"""Keeping everybody informed while a major incident lasts (`INC-7`)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.conversation.models import Message
from itil.desk.actions.changing import ensure, locked
from itil.desk.actions.replying import say_to_requester
from itil.incidents import permissions
from itil.incidents.models import Incident, MajorIncident
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from portal.people.models import User

from .major import live

BATCH = 500


@transaction.atomic
def send_update(
    major: MajorIncident, *, by: User, text: str, at: datetime | None = None
) -> Message:
    """Say in public how it stands; the requesters of it and of all its children hear it.

    The text is on the major incident at once and on its children when the worker has come to the
    event (`tell_children`). The next update is due an interval later. Raises NotAllowed,
    MissingValue, and Refused once it is over.
    """
    at = at or timezone.now()
    incident = locked(major.incident)
    if not isinstance(incident, Incident):
        raise Refused(_("%(number)s is no incident any more.") % {"number": incident.number})
    present = live(incident)
    ensure(permissions.may_update(by, present), _("You cannot send updates of it."))
    if not text.strip():
        raise MissingValue("text", _("Write what people should know."))
    present.update_due_at = at + timedelta(minutes=present.interval_minutes)
    present.save(update_fields=["update_due_at"])
    told = {"update": True, "next_at": present.update_due_at.isoformat()}
    return say_to_requester(incident, by=by, text=text.strip(), at=at, told=told)


def tell_children(event: TicketEvent, *, text: str) -> int:
    """Put an update, which `event` has said, on the children that are not closed; how many.

    Each child is told once, however often this runs.
    """
    told = TicketEvent.objects.filter(cause=event, kind=EventKind.REPLIED)
    children = (
        Ticket.objects.filter(parent=event.ticket_id, closed_at__isnull=True)
        .exclude(pk__in=told.values("ticket"))
        .order_by("pk")
    )
    for child in children:
        with transaction.atomic(savepoint=False):
            present = locked(child)
            data = {"with": event.ticket.number}
            say_to_requester(
                present, by=event.actor, text=text, at=event.at, told=data, cause=event
            )
    return len(children)


def remind_of_updates(now: datetime) -> int:
    """Remind the owners whose update is due, once for each due instant; returns how many."""
    due = MajorIncident.objects.due(now).order_by("update_due_at", "pk")[:BATCH]
    return sum(_remind(major, now) for major in due.select_related("incident"))


@transaction.atomic
def _remind(major: MajorIncident, now: datetime) -> bool:
    """False when somebody has sent it, reminded or ended it meanwhile."""
    incident = locked(major.incident)
    mine = MajorIncident.objects.due(now).filter(pk=major.pk, update_due_at=major.update_due_at)
    if not mine.update(reminded_of=major.update_due_at) or major.update_due_at is None:
        return False
    tickets.record(
        incident,
        EventKind.MAJOR,
        by=None,
        at=now,
        channel=Channel.SYSTEM,
        data={"what": "due", "due_at": major.update_due_at.isoformat()},
    )
    return True
