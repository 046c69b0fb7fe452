"""Named reads of estimates, and who may see them."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from itil.timesheets.models import BillingKind, EntryState, TimeEntry

from .errors import FrozenEstimate
from .lifecycle import State

# What still changes once the customer has it.
LIVING_FIELDS = frozenset(
    {
        "state",
        "decided_at",
        "decided_by",
        "decided_name",
        "decided_from",
        "decision_note",
        "charged_at",
        "warned_at_80",
        "warned_at_100",
        # Made of what is frozen, a moment later.
        "pdf",
        "pdf_sha256",
        "pdf_requested_at",
    }
)
# Work that the customer is not told of.
NOT_COUNTED = (EntryState.REJECTED, EntryState.WRITTEN_OFF)


def frozen() -> FrozenEstimate:
    return FrozenEstimate(
        _("The customer has this estimate, so it can no longer be changed. Make a new version.")
    )


class EstimateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Clerks and managers see all, leads those of their teams' tickets; amounts included.

        Contacts with `can_approve_cost` see what was sent to their organization (`BIL-8`).
        """
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        if grants.is_billing_clerk or grants.is_manager:
            return self
        mine = Q(ticket__team_id__in=grants.led_team_ids)
        if user.can_approve_cost and user.organization_id:
            mine |= Q(organization_id=user.organization_id) & ~Q(state=State.DRAFT)
        return self.filter(mine)

    def addressed_to(self, user: Any) -> Self:
        """What a contact may decide on or read again: all that was sent to the organization."""
        if not (user.is_authenticated and user.can_approve_cost and user.organization_id):
            return self.none()
        return self.filter(organization_id=user.organization_id).exclude(state=State.DRAFT)

    def current(self) -> Self:
        """Without the versions that a later one has taken the place of."""
        return self.exclude(state=State.SUPERSEDED)

    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def waiting(self) -> Self:
        """Sent, and not answered yet."""
        return self.filter(state=State.SENT)

    def accepted(self) -> Self:
        return self.filter(state=State.ACCEPTED)

    def of_finished_work(self) -> Self:
        """Accepted ones whose ticket is resolved, with hours to compare (`KPI-21`)."""
        return self.accepted().filter(ticket__resolved_at__isnull=False, minutes__gt=0)

    def with_worked_minutes(self) -> Self:
        """Adds `worked`: raw minutes on the ticket that count against the estimate."""
        entries = (
            TimeEntry.objects.filter(ticket_id=OuterRef("ticket_id"))
            .exclude(state__in=NOT_COUNTED)
            .exclude(billing_kind=BillingKind.NON_BILLABLE)
            .order_by()
            .values("ticket_id")
        )
        total = Subquery(entries.annotate(sum=Sum("minutes")).values("sum"))
        return self.annotate(worked=Coalesce(total, 0))

    def update(self, **values: Any) -> int:
        """Refuse to touch the content of what was sent. One query more for content."""
        if set(values) - LIVING_FIELDS and self.exclude(state=State.DRAFT).exists():
            raise frozen()
        return super().update(**values)

    def past(self, today: date) -> Self:
        """Waiting after their last day; `today` is a date of the business zone."""
        return self.waiting().filter(valid_until__lt=today)
