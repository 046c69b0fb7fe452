"""What the page of a ticket shows of the procedure for major incidents."""

from django import template
from django.utils import timezone

from itil.incidents.lifecycle import MajorState
from itil.incidents.models import Incident, MajorIncident
from itil.incidents.permissions import may_propose
from itil.incidents.tables import countdown
from itil.tickets.models import Ticket
from portal.people.models import User

register = template.Library()


@register.inclusion_tag("itil/incidents/_rail.html")
def major_of(ticket: Ticket, user: User):
    """Its state and the next update, or the way to propose it. One query."""
    incident = Incident.objects.select_related("major").filter(pk=ticket.pk).first()
    if incident is None:
        return {"shown": False}
    is_known = incident.major_state != MajorState.NONE
    major: MajorIncident | None = getattr(incident, "major", None)
    text, tone = "", ""
    if major is not None and incident.is_live_major:
        text, tone = countdown(major, timezone.now())
    return {
        "shown": is_known or (incident.is_open and may_propose(user, ticket)),
        "incident": incident,
        "countdown": text,
        "tone": tone,
    }
