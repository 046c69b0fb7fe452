"""Rules that see a major incident coming (`INC-8`): they propose, and accept only when told to."""

import contextlib
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from itil.incidents.lifecycle import MajorState, Status
from itil.incidents.models import CandidateRule, Incident
from itil.tickets.errors import Refused
from itil.tickets.models import Level, Priority, TicketEvent

from .major import accept, propose_major


def apply_rules(incident: Incident, *, cause: TicketEvent, at: datetime) -> bool:
    """Propose `incident` when a rule says so, the first that does; True when it was proposed.

    Nothing happens to what was proposed or decided before, or is resolved.
    """
    if incident.major_state != MajorState.NONE or not incident.is_open:
        return False
    for rule in CandidateRule.objects.filter(active=True).select_related("service", "owner"):
        reason = _reason(rule, incident)
        if reason:
            return _propose(rule, incident, reason, cause=cause, at=at)
    return False


@transaction.atomic
def _propose(
    rule: CandidateRule, incident: Incident, reason: str, *, cause: TicketEvent, at: datetime
) -> bool:
    try:
        proposed = propose_major(incident, by=None, reason=reason, cause=cause, at=at)
    except Refused:
        return False
    if proposed and rule.accepts:
        # An owner who left or may not see it does not undo the proposal.
        with contextlib.suppress(Refused), transaction.atomic():
            accept(
                incident,
                by=None,
                owner=rule.owner,
                interval_minutes=rule.interval_minutes,
                cause=cause,
                at=at,
            )
    return proposed


def _reason(rule: CandidateRule, incident: Incident) -> str:
    """Why the rule proposes it, in words; empty when it does not."""
    if rule.sign == CandidateRule.Sign.SERVICE_DOWN:
        return _down(rule, incident)
    return _many(rule, incident)


def _down(rule: CandidateRule, incident: Incident) -> str:
    service = incident.service
    if service is None or incident.priority != Priority.CRITICAL:
        return ""
    if rule.service_id not in (None, service.pk) or service.criticality != Level.HIGH:
        return ""
    return _("%(rule)s: %(service)s is down.") % {"rule": rule.name, "service": service}


def _many(rule: CandidateRule, incident: Incident) -> str:
    """So many children on one service within so many minutes, whenever that was."""
    children = Incident.objects.filter(parent=incident.pk).exclude(status=Status.CANCELLED)
    wanted = Q(service=rule.service_id) if rule.service_id else Q(service__isnull=False)
    received: dict[str, list[datetime]] = defaultdict(list)
    rows = children.filter(wanted).order_by("received_at")
    for name, at in rows.values_list("service__name", "received_at"):
        received[name].append(at)
    window, least = timedelta(minutes=rule.within_minutes), rule.least_children
    for name, moments in received.items():
        pairs = zip(moments, moments[least - 1 :], strict=False)
        if any(last - first <= window for first, last in pairs):
            return _("%(rule)s: %(count)d incidents on %(service)s within %(minutes)d minutes.") % {
                "rule": rule.name,
                "count": least,
                "service": name,
                "minutes": rule.within_minutes,
            }
    return ""
