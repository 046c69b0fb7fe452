"""Which cost rate holds on a day. Read once, then asked for every entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.margins.models import CostRate

# A person, a billing role, or neither: everybody else.
Whom = tuple[int | None, int | None]
EVERYBODY: Whom = (None, None)


@dataclass(frozen=True)
class Cost:
    """What an hour costs, from `valid_from` to `valid_to`, both included."""

    hourly: Decimal
    currency: str
    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Costs:
    """All cost rates by whom they are for."""

    by_whom: Mapping[Whom, Sequence[Cost]] = field(default_factory=dict)

    def of(self, person: int, role: int | None, day: date) -> Cost | None:
        """That of the person, of the role the person has that day, of everybody; None: nobody has
        said what this hour cost.
        """
        whom = [(person, None), *([(None, role)] if role else []), EVERYBODY]
        return next(
            (cost for one in whom for cost in self.by_whom.get(one, ()) if cost.holds(day)), None
        )


def costs_in_force() -> Costs:
    """Every cost rate. One query."""
    found: dict[Whom, list[Cost]] = {}
    for person, role, hourly, currency, first, last in CostRate.objects.order_by().values_list(
        "person_id", "role_id", "hourly_cost", "currency", "valid_from", "valid_to"
    ):
        found.setdefault((person, role), []).append(Cost(hourly, currency, first, last))
    return Costs(found)
