"""Named reads of the outbox."""

from datetime import datetime
from typing import Self

from django.db import models


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, now: datetime) -> Self:
        """Waiting mail whose time has come, oldest first."""
        return self.filter(state="waiting", next_at__lte=now).order_by("next_at", "pk")

    def given_up(self) -> Self:
        """What will not be tried again by itself."""
        return self.filter(state="failed")

    def automatic_to(self, address: str) -> Self:
        """What no person wrote, to this address in any case (`MAI-7`)."""
        return self.filter(to__iexact=address, headers__has_key="Auto-Submitted")
