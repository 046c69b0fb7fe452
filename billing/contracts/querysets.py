"""Named reads of contracts."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q


class ContractQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(active=True)

    def overlapping(self, first: date, last: date | None) -> Self:
        """Contracts in force on any day from `first` to `last` (None: no end), both included."""
        found = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
        return found if last is None else found.filter(valid_from__lte=last)
