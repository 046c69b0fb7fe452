"""Named reads of releases and of what runs where."""

from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery

from itil.tickets.querysets import TicketQuerySet

from .lifecycle import ENDED, DeploymentStatus


class ReleaseQuerySet(TicketQuerySet):
    def unfinished(self) -> Self:
        return self.exclude(status__in=ENDED)


class DeploymentQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """By wave, then by who gets it."""
        return self.select_related("organization", "location", "wave").order_by(
            "wave__position", "organization__name", "location__name", "pk"
        )

    def holding(self) -> Self:
        """For each service, organization, place and environment the last one that succeeded and
        was not rolled back: the version that runs there.
        """
        later = (
            self.model.objects.filter(
                status=DeploymentStatus.SUCCESSFUL,
                release__service=OuterRef("release__service"),
                organization=OuterRef("organization"),
                environment=OuterRef("environment"),
                place=OuterRef("place"),
            )
            .order_by("-ended_at", "-pk")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(later))
