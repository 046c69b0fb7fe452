"""Incidents that a change may have caused: on its items, soon after it."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from itil.changes.models import Change
from itil.cmdb.impact import what_fails
from itil.incidents.models import Incident
from itil.tickets.models import Ticket, TicketItem

# An incident is looked for so long after the end of a change; it is its review period.
REVIEW_PERIOD = timedelta(days=7)


class Suspect(NamedTuple):
    incident: Ticket
    why: str


def suspects_of(change: Change) -> list[Suspect]:
    """Incidents that came after its start on its items or on what fails with them, or on its
    service while it ran, the nearest in time first.
    """
    if change.actual_start is None:
        return []
    until = (change.actual_end or change.actual_start) + REVIEW_PERIOD
    hit: set[int] = set()
    for link in change.item_links.select_related("item"):
        impact = what_fails(link.item)
        hit |= {link.item_id, *(one.pk for one in impact.items)}
    links = TicketItem.objects.filter(item__in=hit)
    ran = Q(service=change.service_id, received_at__lt=change.actual_end or until)
    by_service = ran if change.service_id else Q(pk__isnull=True)
    found = (
        Incident.objects.filter(received_at__gte=change.actual_start, received_at__lt=until)
        .filter(Q(pk__in=links.values("ticket")) | by_service)
        .order_by("received_at", "pk")
    )
    names: dict[int, list[str]] = {}
    for key, name in links.values_list("ticket", "item__name"):
        names.setdefault(key, []).append(name)
    return [Suspect(one, _why(change, names.get(one.pk, []))) for one in found]


def _why(change: Change, names: list[str]) -> str:
    if names:
        return _("Reported afterwards on %(items)s") % {"items": get_text_list(names[:3], _("and"))}
    return _("Reported for %(service)s while it was carried out") % {"service": change.service}
