"""Named reads of agreements and clocks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, FilteredRelation, Q

from itil.tickets.querysets import constant

# Written into the statement, so that SQLite too sees that the partial indexes apply.
RUNNING = constant("running")


class AgreementQuerySet(models.QuerySet):
    def with_customers(self) -> Self:
        """Agreements with customers; those between teams and with suppliers are left out."""
        return self.filter(kind="sla")

    def possible_for(self, organizations: Iterable[int], service: int | None) -> Self:
        """Those whose organization and service fit, and the default one."""
        return self.filter(
            Q(is_default=True)
            | (
                (Q(organization__isnull=True) | Q(organization__in=organizations))
                & (Q(service__isnull=True) | Q(service=service))
            )
        )

    def with_cells(self, priority: int) -> Self:
        """One row per agreement and target of `priority`, or one row when there is none.

        Adds `cell_metric`, `cell_seconds` and `cell_calendar` (empty: the agreement's own).
        """
        return self.select_related("calendar", "organization", "service").annotate(
            cell=FilteredRelation("targets", condition=Q(targets__priority=priority)),
            cell_metric=F("cell__metric"),
            cell_seconds=F("cell__seconds"),
            cell_calendar=F("cell__calendar_id"),
        )


class SlaClockQuerySet(models.QuerySet):
    def live(self) -> Self:
        """Not cancelled."""
        return self.exclude(state="cancelled")

    def falling_due(self, now: datetime) -> Self:
        """Running clocks past their due instant that nobody noticed yet. Indexed."""
        return self.filter(state=RUNNING, breach_noticed_at__isnull=True, due_at__lt=now)

    def becoming_at_risk(self, now: datetime) -> Self:
        """Running clocks past their warning instant that nobody noticed yet. Indexed."""
        return self.filter(state=RUNNING, at_risk_noticed_at__isnull=True, at_risk_at__lte=now)

    def counted_by_an_older_calendar(self) -> Self:
        """Running clocks whose calendar was edited since their due time was computed."""
        return self.filter(state=RUNNING).exclude(calendar_version=F("calendar__version"))
