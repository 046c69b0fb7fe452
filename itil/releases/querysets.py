"""Named reads of releases and of what runs where."""

from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery

from itil.tickets.querysets import TicketQuerySet

from .lifecycle import ENDED, DeploymentStatus


class ReleaseQuerySet(TicketQuerySet):
    def unfinished(self) -> Self:
        return self.exclude(status__in=ENDED)

    def before_boards_of(self, user: Any) -> Self:
        """Those with a change that a board of `user` has on an agenda or is asked to decide: its
        members read their go or no-go (domain section 8, `c3`); none that are confidential.
        """
        parts = self.model._meta.get_field("bundled").related_model
        changes = parts._meta.get_field("change").related_model.objects
        theirs = changes.before_boards_of(user).order_by().values("pk")
        bundled = parts.objects.filter(change__in=theirs).values("release")
        return self.filter(pk__in=bundled, is_confidential=False)


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
