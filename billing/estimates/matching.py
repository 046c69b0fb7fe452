"""How much of an accepted estimate the work has used, in hours and in money (`BIL-8`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from billing.contracts.matching import Terms, terms_in_force
from billing.invoices.amounts import price_of
from itil.timesheets.models import BillingKind, TimeEntry

from .models import Estimate
from .querysets import NOT_COUNTED


@dataclass(frozen=True)
class Use:
    """What one estimate stands at; `net` in its currency, `minutes` raw."""

    minutes: int
    net: Decimal
    estimated_minutes: int
    estimated_net: Decimal

    @property
    def percent(self) -> int:
        """Of the hours or the amount, whichever is further; whole percent, rounded down."""
        return max(
            _percent(self.minutes, self.estimated_minutes), _percent(self.net, self.estimated_net)
        )

    def has_reached(self, percent: int) -> bool:
        """Compared exactly: 79.99 % has not reached 80."""
        return (
            100 * self.minutes >= percent * self.estimated_minutes > 0
            or 100 * self.net >= percent * self.estimated_net > 0
        )

    @property
    def rest_minutes(self) -> int:
        return max(0, self.estimated_minutes - self.minutes)


def _percent(part: int | Decimal, whole: int | Decimal) -> int:
    return int(100 * part / whole) if whole else 0


def uses_of(estimates: Iterable[Estimate]) -> Mapping[int, Use]:
    """The use of each estimate by its key. Four queries, however many there are."""
    found = list(estimates)
    work: dict[int, list[dict[str, Any]]] = {}
    rows = (
        TimeEntry.objects.filter(ticket_id__in={estimate.ticket_id for estimate in found})
        .exclude(state__in=NOT_COUNTED)
        .exclude(billing_kind=BillingKind.NON_BILLABLE)
        .order_by()
        .values("ticket_id", "activity_id", "work_date")
        .annotate(sum=Sum("minutes"))
    )
    for row in rows:
        work.setdefault(row["ticket_id"], []).append(row)
    terms = terms_in_force()
    return {
        estimate.pk: _use(estimate, work.get(estimate.ticket_id, ()), terms) for estimate in found
    }


def use_of(estimate: Estimate) -> Use:
    return uses_of([estimate])[estimate.pk]


def _use(estimate: Estimate, work: Iterable[Mapping[str, Any]], terms: Terms) -> Use:
    """Hours at the rate of the contract on their day; without one, at that of the estimate."""
    own = {line.activity_id: line.unit_price for line in estimate.lines.all() if line.minutes}
    usual = max(own.values(), default=Decimal(0))
    minutes, net = 0, Decimal(0)
    for row in work:
        minutes += row["sum"]
        contract = terms.contract_for(estimate.organization_id, row["work_date"])
        rate = contract.rate_for(row["activity_id"], row["work_date"]) if contract else None
        if rate is None or row["activity_id"] in own:
            rate = own.get(row["activity_id"], usual)
        net += price_of(row["sum"], rate, estimate.currency)
    return Use(minutes, net, estimate.minutes, estimate.net_total)
