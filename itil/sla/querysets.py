"""Named reads of agreements and clocks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, FilteredRelation, Q

from itil.tickets.querysets import constant

# Written into the statement, so that SQLite too sees that the partial indexes apply.
RUNNING = constant("running")
PENDING = constant("pending")
WAITING = constant("waiting")


class AgreementQuerySet(models.QuerySet):
    def possible_for(
        self,
        organizations: Iterable[int],
        service: int | None,
        location: int | None,
        team: int | None,
        supplier: int | None,
    ) -> Self:
        """Those whose conditions on records fit, and the default ones."""
        return self.filter(
            Q(is_default=True)
            | (
                (Q(organization__isnull=True) | Q(organization__in=organizations))
                & (Q(service__isnull=True) | Q(service=service))
                & (Q(location__isnull=True) | Q(location=location))
                & (Q(team__isnull=True) | Q(team=team))
                & (Q(supplier__isnull=True) | Q(supplier=supplier))
            )
        )

    def with_cells(self, priority: int, severity: int | None) -> Self:
        """One row per agreement and target of its column, or one row when there is none.

        Adds `cell_metric`, `cell_priority`, `cell_form`, `cell_seconds`, `cell_days`, `cell_snap`,
        `cell_cutoff` and `cell_calendar` (empty: the agreement's own).
        """
        columns = Q(targets__priority=priority, target_key="priority")
        if severity is not None:
            columns |= Q(targets__priority=severity, target_key="severity")
        names = ("metric", "priority", "form", "seconds", "days", "snap", "cutoff")
        return self.select_related(
            "calendar", "organization", "service", "location", "team", "supplier"
        ).annotate(
            cell=FilteredRelation("targets", condition=columns),
            **{f"cell_{name}": F(f"cell__{name}") for name in names},
            cell_calendar=F("cell__calendar_id"),
        )


class SlaClockQuerySet(models.QuerySet):
    def live(self) -> Self:
        """Not cancelled."""
        return self.exclude(state="cancelled")

    def begun(self) -> Self:
        """Not cancelled, and not waiting for their occasion."""
        return self.exclude(state__in=("cancelled", "waiting"))

    def with_customers(self) -> Self:
        """Those of agreements with customers, not of teams or suppliers (`SLA-1`)."""
        return self.filter(agreement__kind="sla")

    def falling_due(self, now: datetime) -> Self:
        """Running clocks past their due instant that nobody noticed yet. Indexed."""
        return self.filter(
            state=RUNNING, outcome=PENDING, breach_noticed_at__isnull=True, due_at__lt=now
        )

    def becoming_at_risk(self, now: datetime) -> Self:
        """Running clocks past their warning instant that nobody noticed yet. Indexed.

        Of those that are past their due time too only the breach is of interest.
        """
        return self.filter(
            state=RUNNING,
            outcome=PENDING,
            at_risk_noticed_at__isnull=True,
            at_risk_at__lte=now,
            due_at__gte=now,
        )

    def escalating(self, now: datetime) -> Self:
        """Running clocks of which an escalation step is due. Indexed."""
        return self.filter(state=RUNNING, escalates_at__isnull=False, escalates_at__lte=now)

    def counted_by_an_older_calendar(self) -> Self:
        """Running clocks whose calendar was edited since their due time was computed.

        Indexed: in this order, or SQLite reads all clocks there are.
        """
        stale = self.filter(state=RUNNING, calendar_version__lt=F("calendar__version"))
        return stale.order_by("calendar_id", "calendar_version", "pk")

    def promised_by_an_older_agreement(self) -> Self:
        """Undecided clocks whose agreement was edited since it was chosen; none of ended ones.

        Those that wait for their occasion are left out: many of them stand on tickets that are
        done, and the others are found once they run. Indexed: in this order, or SQLite reads all
        clocks there are.
        """
        stale = self.exclude(state=WAITING).filter(
            outcome=PENDING,
            agreement__active=True,
            agreement_version__lt=F("agreement__version"),
        )
        return stale.order_by("agreement_id", "agreement_version", "pk")
