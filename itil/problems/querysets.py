"""Named reads of problems and candidates."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from itil.tickets.lifecycle import Phase
from itil.tickets.models import LinkType, Ticket, TicketLink
from itil.tickets.querysets import TicketQuerySet

from .lifecycle import ResolutionCode, Status


def incidents_of(problem: Any) -> TicketQuerySet:
    """The incidents and requests that `problem` causes, each once."""
    keys = TicketLink.objects.filter(target=problem.pk, type=LinkType.CAUSED_BY).values("source")
    found: TicketQuerySet = Ticket.objects.asked_for().filter(pk__in=keys)
    return found


class ProblemQuerySet(TicketQuerySet):
    def known_errors(self) -> Self:
        """Analysed, and the cause is still in place."""
        return self.filter(is_known_error=True)

    def to_verify(self) -> Self:
        """The fix is applied and has still to prove itself."""
        return self.filter(status=Status.RESOLVED, resolution_code=ResolutionCode.FIX_APPLIED)

    def with_incident_counts(self) -> Self:
        """Adds `incident_count` and `open_incident_count`; counted in the same statement."""
        return self.annotate(
            incident_count=_count(Q()),
            open_incident_count=_count(~Q(source__phase=Phase.DONE)),
        )


def _count(condition: Q) -> Coalesce:
    """Secrets count with those of a secret problem only: few would be told so (`VIS-3`)."""
    counted = condition & (Q(source__is_confidential=False) | Q(target__is_confidential=True))
    links = (
        TicketLink.objects.filter(counted, target=OuterRef("pk"), type=LinkType.CAUSED_BY)
        .exclude(source__kind__in=Ticket.internal_kinds())
        .order_by()
        .values("target")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(links, output_field=IntegerField()), Value(0))


class CandidateQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Whoever sees all tickets; agents, those with an incident that they may open."""
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        if grants.sees_all_tickets:
            return self
        if not grants.is_agent:
            return self.none()
        members = self.model._meta.get_field("members").related_model.objects
        seen = members.filter(incident__in=Ticket.objects.visible_to(user))
        return self.filter(pk__in=seen.values("candidate"))
