"""Who reads what an hour costs us, and which of it holds on a day."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q


def sees_costs(user: Any) -> bool:
    """Managers and administrators: a cost rate says what a person earns (`KPI-25`)."""
    if not user.is_authenticated:
        return False
    return bool(user.grants.is_manager or user.grants.is_administrator)


class CostQuerySet(models.QuerySet[Any]):
    """Rows that whoever may read cost rates sees, all of them."""

    def visible_to(self, user: Any) -> Self:
        return self if sees_costs(user) else self.none()


class CostRateQuerySet(CostQuerySet):
    def for_whom(self, person: int | None, role: int | None) -> Self:
        """Of this person, of this role, or, without both, of everybody else."""
        return self.filter(person=person, role=role)

    def overlapping(self, first: date, last: date | None) -> Self:
        """Those that hold on any day from `first` to `last` (None: no end), both included."""
        found = self.filter(Q(valid_to=None) | Q(valid_to__gte=first))
        return found if last is None else found.filter(valid_from__lte=last)
