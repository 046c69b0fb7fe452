"""Named reads of recorded work."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q


class TimeEntryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Own entries; a lead's teams; all of them for managers, clerks and administrators."""
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        if grants.is_manager or grants.is_billing_clerk or grants.is_administrator:
            return self
        mine = Q(agent=user)
        if grants.is_agent:
            # Colleagues on a ticket see what was done on it.
            mine |= Q(ticket__team_id__in=grants.team_ids)
        return self.filter(mine)

    def billable(self) -> Self:
        return self.filter(billing_kind="billable")

    def approved(self) -> Self:
        return self.filter(state="approved")

    def worked_between(self, first: date, last: date) -> Self:
        """Entries with a work date from `first` to `last`, both included."""
        return self.filter(work_date__range=(first, last))
