"""Who is told of their part in a major incident."""

from datetime import datetime

from itil.incidents.models import MajorIncident, MajorRole
from itil.tickets.models import TicketEvent
from portal.notifications import actions
from portal.notifications.permissions import may_be_mailed
from portal.people.models import User


def react(event: TicketEvent) -> None:
    """Its owner hears that an update is due, and who was given a role that it is theirs."""
    match event.data.get("what"):
        case "due":
            _due(event)
        case "role":
            _appointed(event)


def _due(event: TicketEvent) -> None:
    """Nobody is reminded of an update that was sent in the meantime."""
    major = MajorIncident.objects.live().filter(incident=event.ticket_id).first()
    if major is None or major.update_due_at != datetime.fromisoformat(event.data["due_at"]):
        return
    owner = _holder(major, MajorRole.MANAGER)
    if owner is not None and may_be_mailed(owner):
        actions.send_update_due(event, owner)


def _appointed(event: TicketEvent) -> None:
    """The holder of the role, if still the holder and not by the own hand."""
    major = MajorIncident.objects.filter(incident=event.ticket_id).first()
    holder = major and _holder(major, event.data["role"])
    if holder is None or holder.pk != event.data.get("to") or holder == event.actor:
        return
    if may_be_mailed(holder):
        actions.send_major_role(event, holder)


def _holder(major: MajorIncident, role: str) -> User | None:
    found = major.roles.select_related("person__organization", "person__location")
    holder = found.filter(role=role).first()
    return holder and holder.person
