"""Named reads of major incidents."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from .lifecycle import MajorState


class MajorIncidentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those whose incident `user` may open."""
        incidents = self.model._meta.get_field("incident").related_model.objects
        return self.filter(incident__in=incidents.visible_to(user))

    def follows(self, ticket: Any) -> bool:
        """Whether the stricter rules of a major incident hold for `ticket` (`INC-7`)."""
        demoted = Q(incident__major_state=MajorState.DEMOTED)
        return self.filter(incident=ticket.pk).exclude(demoted).exists()

    def live(self) -> Self:
        """Accepted and not resolved yet: the ones that people are kept informed of."""
        return self.filter(incident__major_state=MajorState.ACCEPTED)

    def due(self, now: datetime) -> Self:
        """Whose update is due and whose owner was not reminded of this very instant yet."""
        told = Q(reminded_of__isnull=False, reminded_of=models.F("update_due_at"))
        return self.live().filter(update_due_at__lte=now).exclude(told)

    def announced_to(self, user: Any) -> Self:
        """Live ones with a public notice that concerns `user`.

        One of the provider or its departments concerns everybody who is signed in; one of a
        customer, the people of the organizations that it has reached, and nobody else hears of it
        (`VIS-5`).
        """
        if not user.is_authenticated:
            return self.none()
        reached = Q(incident__organization__kind="provider") | Q(
            incident__organization__kind="department",
            incident__organization__parent__kind="provider",
        )
        if user.organization_id:
            reached |= Q(incident__organization=user.organization_id) | Q(
                incident__children__organization=user.organization_id
            )
        found = self.live().filter(incident__is_confidential=False).exclude(announcement="")
        return found.filter(reached).distinct()
