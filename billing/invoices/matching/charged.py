"""Where charges are billed, and which are not: orders, material, kilometers, credits."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from billing.contracts.models import Charge, ChargeState
from billing.invoices.models import BilledCharge

WAITING = (ChargeState.OPEN, ChargeState.PROPOSED)


@dataclass
class UnbilledCharges:
    """What waits for one customer; `sums` are without VAT, by currency."""

    organization: int
    name: str
    count: int = 0
    # To be decided by a person, and borne by no contract yet.
    proposed: int = 0
    uncovered: int = 0
    oldest: date = date.max
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, charge: Charge) -> None:
        self.count += 1
        self.proposed += charge.state == ChargeState.PROPOSED
        self.uncovered += charge.contract_id is None
        self.oldest = min(self.oldest, charge.on)
        self.sums[charge.currency] = self.sums.get(charge.currency, Decimal(0)) + charge.net


def unbilled_charges(charges: QuerySet[Charge]) -> list[UnbilledCharges]:
    """Of `charges` those on no issued invoice, by customer. One query."""
    found: dict[int, UnbilledCharges] = {}
    rows = charges.filter(state__in=WAITING).select_related("organization")
    for charge in rows.order_by("organization__name", "on"):
        key = charge.organization_id
        one = found.setdefault(key, UnbilledCharges(key, charge.organization.name))
        one.add(charge)
    return list(found.values())


def billed_charges_of(ticket_pk: int) -> QuerySet[BilledCharge]:
    """Rows of where charges of a ticket stand. One query; as `billed_of` does for hours."""
    found = BilledCharge.objects.filter(charge__ticket=ticket_pk, live=True)
    return found.select_related("line__invoice", "charge").order_by(
        "line__invoice__period_first", "line__position", "pk"
    )


def waiting_charges_of(ticket_pk: int) -> QuerySet[Charge]:
    """Charges of a ticket on no invoice and no draft. One query."""
    found = Charge.objects.filter(ticket=ticket_pk, state__in=WAITING)
    return found.exclude(billed__live=True).order_by("on", "pk")
