"""Which tickets and which recorded time a report is about."""

from dataclasses import dataclass

from itil.tickets.models import Ticket
from itil.tickets.querysets import TicketQuerySet
from itil.timesheets.models import TimeEntry
from itil.timesheets.querysets import TimeEntryQuerySet
from reports.metrics.period import Period

# Fewer confidential tickets than this are not even mentioned (`KPI-1`).
FEWEST_CONFIDENTIAL = 5


@dataclass(frozen=True)
class Scope:
    """A period and the tickets of one team or organization, or of all.

    Team means the team that holds the ticket now. Confidential tickets are in no figure, so the
    figures are the same for everyone who may see reports.
    """

    period: Period
    team_id: int | None = None
    organization_id: int | None = None

    def everything(self) -> TicketQuerySet:
        found = Ticket.objects.all()
        if self.team_id:
            found = found.filter(team_id=self.team_id)
        if self.organization_id:
            found = found.filter(organization_id=self.organization_id)
        return found

    def tickets(self) -> TicketQuerySet:
        """All tickets received before the end of the period, whenever that was."""
        return self.everything().filter(is_confidential=False, received_at__lt=self.period.end)

    def entries(self) -> TimeEntryQuerySet:
        """Recorded time of the period on those tickets."""
        return TimeEntry.objects.filter(
            ticket__in=self.everything().filter(is_confidential=False).order_by().values("pk"),
            work_date__range=(self.period.first, self.period.last),
        )

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
