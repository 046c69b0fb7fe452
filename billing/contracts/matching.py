"""Which contract and which hourly rate apply to a piece of work (`BIL-5`).

Pure: plain values in, plain values out. `Terms` is what the database holds, read once by
`terms_in_force`, so that a run over thousands of entries asks nothing more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.people.models import Organization
from reports.metrics.billable import Rounding

from .models import Contract


@dataclass(frozen=True)
class DatedRate:
    """A price per hour from `valid_from` on; None means since the contract began."""

    hourly_rate: Decimal
    valid_from: date | None = None


@dataclass(frozen=True)
class ContractTerms:
    """One contract in plain values; `rates` by activity."""

    pk: int
    organization: int
    currency: str
    valid_from: date
    valid_to: date | None
    rounding: Rounding
    default_rate: Decimal | None = None
    rates: Mapping[int, Sequence[DatedRate]] = field(default_factory=dict)
    vat_category: str = "S"
    vat_rate: Decimal = Decimal(0)
    vat_reason: str = ""

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def rate_for(self, activity: int, day: date) -> Decimal | None:
        """The hourly rate of `activity` on `day`: its own, else the contract's, else None."""
        begun = [
            rate
            for rate in self.rates.get(activity, ())
            if rate.valid_from is None or rate.valid_from <= day
        ]
        if begun:
            return max(begun, key=lambda rate: rate.valid_from or date.min).hourly_rate
        return self.default_rate


@dataclass(frozen=True)
class Terms:
    """All contracts by organization, and who belongs to whom."""

    contracts: Mapping[int, Sequence[ContractTerms]]
    parents: Mapping[int, int | None]
    names: Mapping[int, str] = field(default_factory=dict)

    def contract_for(self, organization: int, day: date) -> ContractTerms | None:
        """The contract in force on `day` of the organization or its nearest ancestor."""
        for step in self.line_of(organization):
            in_force = [found for found in self.contracts.get(step, ()) if found.covers(day)]
            if in_force:
                return max(in_force, key=lambda found: (found.valid_from, found.pk))
        return None

    def line_of(self, organization: int) -> list[int]:
        """The organization and its ancestors, nearest first; a loop in the data ends the line."""
        line: list[int] = []
        step: int | None = organization
        while step is not None and step not in line:
            line.append(step)
            step = self.parents.get(step)
        return line

    def covered(self) -> list[int]:
        """Organizations that have a contract of their own or above them, of whatever dates."""
        return [
            one for one in self.parents if any(step in self.contracts for step in self.line_of(one))
        ]

    def below(self, organization: int) -> list[int]:
        """The organization and everything under it."""
        return [one for one in self.parents if organization in self.line_of(one)]


def terms_in_force() -> Terms:
    """Every active contract with its rates. Three queries."""
    contracts: dict[int, list[ContractTerms]] = {}
    for contract in Contract.objects.active().order_by("pk").prefetch_related("rates"):
        contracts.setdefault(contract.organization_id, []).append(terms_of(contract))
    rows = list(Organization.objects.values_list("pk", "parent_id", "name"))
    return Terms(
        contracts,
        parents={pk: parent for pk, parent, _name in rows},
        names={pk: name for pk, _parent, name in rows},
    )


def terms_of(contract: Contract) -> ContractTerms:
    """One contract in plain values. One query unless its rates were prefetched."""
    rates: dict[int, list[DatedRate]] = {}
    for rate in contract.rates.all():
        rates.setdefault(rate.activity_id, []).append(DatedRate(rate.hourly_rate, rate.valid_from))
    return ContractTerms(
        pk=contract.pk,
        organization=contract.organization_id,
        currency=contract.currency,
        valid_from=contract.valid_from,
        valid_to=contract.valid_to,
        rounding=Rounding(
            increment=contract.rounding_increment,
            mode=contract.rounding_mode,
            scope=contract.rounding_scope,
            minimum=contract.minimum_minutes,
        ),
        default_rate=contract.default_hourly_rate,
        rates=rates,
        vat_category=contract.vat_category,
        vat_rate=contract.vat_rate,
        vat_reason=contract.vat_exemption_reason,
    )
