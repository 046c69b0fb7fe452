"""Which tickets, ratings and forms a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from itil.sla.models import SlaClock
from itil.surveys.models import Rating
from itil.surveys.querysets import RatingQuerySet
from itil.tickets.models import Ticket
from itil.tickets.querysets import TicketQuerySet
from knowledgebase.models import Consultation, Feedback
from knowledgebase.querysets import ConsultationQuerySet
from reports.metrics.endings import UNSOLVED
from reports.metrics.period import Period

if TYPE_CHECKING:
    # Pages import this and have no use for pandas.
    import pandas as pd

# Fewer confidential tickets than this are not even mentioned (`KPI-1`).
FEWEST_CONFIDENTIAL = 5


@dataclass(frozen=True)
class Scope:
    """A period and the tickets of one team or organization, or of all.

    Of a resolution figure the team is the one that resolved the ticket (`solved`), of all others
    the one that holds it now. Confidential tickets are in no figure, so the figures are the same
    for everyone who may see reports.
    """

    period: Period
    team_id: int | None = None
    organization_id: int | None = None

    def everything(self) -> TicketQuerySet:
        return self._of_organization().filter(**({"team_id": self.team_id} if self.team_id else {}))

    def _of_organization(self) -> TicketQuerySet:
        narrowed = {"organization_id": self.organization_id} if self.organization_id else {}
        return Ticket.objects.asked_for().filter(**narrowed)

    def tickets(self) -> TicketQuerySet:
        """All tickets received before the end of the period, whenever that was."""
        return self.everything().filter(is_confidential=False, received_at__lt=self.period.end)

    def concerned(self) -> TicketQuerySet:
        """`tickets` and, of a team, those it resolved and holds no more."""
        found = self._of_organization().filter(
            is_confidential=False, received_at__lt=self.period.end
        )
        if not self.team_id:
            return found
        resolved = Q(resolved_at__isnull=False, resolved_team_id=self.team_id)
        return found.filter(Q(team_id=self.team_id) | resolved)

    def held(self, tickets: pd.DataFrame) -> pd.DataFrame:
        """Of the frame of `concerned` the tickets that the team holds; all without a team."""
        return tickets[tickets["team"] == self.team_id] if self.team_id else tickets

    def solved(self, tickets: pd.DataFrame) -> pd.DataFrame:
        """Of the frame of `concerned` those that the team resolved, or holds unresolved."""
        return tickets[tickets["solver"] == self.team_id] if self.team_id else tickets

    def solved_tickets(self) -> TicketQuerySet:
        """Tickets of any time; those of a team are the ones it resolved, or holds unresolved."""
        found = self._of_organization().filter(is_confidential=False)
        return found.resolved_by(self.team_id) if self.team_id else found

    def unmeasured(self) -> TicketQuerySet:
        """Tickets received in the period that nothing was promised on to a customer (`SLA-27`)."""
        promises = SlaClock.objects.with_customers().filter(ticket=OuterRef("pk"))
        return (
            self.solved_tickets()
            .filter(received_at__gte=self.period.start, received_at__lt=self.period.end)
            .exclude(status__in=UNSOLVED)
            .filter(~Exists(promises))
        )

    def ratings(self) -> RatingQuerySet:
        """What was said in the period about solutions, by whichever team solved it."""
        return Rating.objects.filter(
            ticket__in=self._ratable(),
            rated_at__gte=self.period.start,
            rated_at__lt=self.period.end,
        )

    def consultations(self) -> ConsultationQuerySet:
        """Forms of the period at which answers were offered; they belong to no team."""
        narrowed = {"user__organization_id": self.organization_id} if self.organization_id else {}
        return Consultation.objects.filter(
            started_at__gte=self.period.start, started_at__lt=self.period.end, **narrowed
        ).exclude(ticket__is_confidential=True)

    def feedback(self) -> QuerySet[Feedback]:
        """What readers said of articles in the period; it belongs to no team."""
        narrowed = {"user__organization_id": self.organization_id} if self.organization_id else {}
        return Feedback.objects.filter(
            at__gte=self.period.start, at__lt=self.period.end, **narrowed
        )

    def _ratable(self) -> QuerySet[Ticket, dict[str, int]]:
        found = self.solved_tickets().filter(merged_into__isnull=True)
        return found.exclude(status__in=UNSOLVED).order_by().values("pk")

    def received(self) -> TicketQuerySet:
        """Tickets received in the period."""
        return self.tickets().filter(received_at__gte=self.period.start)

    def confidential(self) -> int | None:
        """How many confidential tickets came in during the period; None when below the least
        number that may be told."""
        count = (
            self.everything()
            .filter(
                is_confidential=True,
                received_at__gte=self.period.start,
                received_at__lt=self.period.end,
            )
            .count()
        )
        return count if count >= FEWEST_CONFIDENTIAL else None
