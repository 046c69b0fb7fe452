"""Named reads of schedules and their runs; who may see and keep which."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from itil.desk.permissions import duties_of


class ScheduleQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those a person keeps; agents also read what opens into the queues of their teams."""
        if not user.is_authenticated:
            return self.none()
        if user.grants.is_administrator:
            return self
        return self.filter(_kept(user.grants) | Q(team__in=user.grants.team_ids))

    def kept_by(self, user: Any) -> Self:
        """Those a person may change: administrators all; team leads what opens into their teams;
        problem and change managers what opens problems and changes.
        """
        if not user.is_authenticated:
            return self.none()
        return self if user.grants.is_administrator else self.filter(_kept(user.grants))

    def due(self, now: datetime) -> Self:
        """Switched on, and planned for a moment that has come."""
        return self.filter(is_active=True, next_at__lte=now)

    def with_last_run(self) -> Self:
        """Adds `last_outcome`, `last_at` and `last_reason` of the latest run."""
        runs = self.model._meta.get_field("runs").related_model.objects
        last = runs.filter(schedule=OuterRef("pk")).order_by("-planned_at")
        return self.annotate(
            last_outcome=Subquery(last.values("outcome")[:1]),
            last_at=Subquery(last.values("planned_at")[:1]),
            last_reason=Subquery(last.values("reason")[:1]),
        )


def _kept(grants: Any) -> Q:
    duties = [str(duty) for duty in duties_of(grants)]
    return Q(team__in=grants.led_team_ids) | Q(managed_by__in=duties)


class RunQuerySet(models.QuerySet):
    def of_ticket(self, ticket: Any) -> Self:
        """The run that opened this ticket, if one did."""
        return self.filter(ticket_id=ticket.pk)
