"""Contracts as plain values, and the order in which rates are looked for."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.contracts.hours import Multipliers
from billing.contracts.models import Charge, EInvoice, Grouping, RateSource
from reports.metrics.billable import Rounding

from .rates import Found, Rates

_CONTRACT = (
    ("role_activity", RateSource.CONTRACT_ROLE_ACTIVITY),
    ("role", RateSource.CONTRACT_ROLE),
    ("activity", RateSource.CONTRACT_ACTIVITY),
    ("default", RateSource.CONTRACT_DEFAULT),
)
_CUSTOMER = (
    ("role_activity", RateSource.CUSTOMER_ROLE_ACTIVITY),
    ("role", RateSource.CUSTOMER_ROLE),
    ("activity", RateSource.CUSTOMER_ACTIVITY),
    ("default", RateSource.CUSTOMER_DEFAULT),
)
_PRICE_LIST = (
    ("role", RateSource.ROLE),
    ("activity", RateSource.ACTIVITY),
    ("default", RateSource.DEFAULT),
)


@dataclass(frozen=True)
class Cap:
    """At most so many hours, and so much for them: minutes as billed, money without VAT."""

    minutes: int
    amount: Decimal
    currency: str


class FixedPrices(ABC):
    """Says which tickets have a price that was agreed as a whole, such as an accepted estimate,
    and of which no more than something is paid.

    An app above hands its own over when it is ready (`matching.reading.hand_over`).
    """

    @abstractmethod
    def of(self, tickets: Collection[int]) -> Mapping[int, str]:
        """What was agreed, in words, by ticket. A constant number of queries."""

    @abstractmethod
    def caps(self, tickets: Collection[int]) -> Mapping[int, Cap]:
        """At most what is paid for hours, by ticket. A constant number of queries."""


@dataclass(frozen=True)
class ContractTerms:
    """One contract in plain values."""

    pk: int
    organization: int
    currency: str
    valid_from: date
    valid_to: date | None
    rounding: Rounding
    number: str = ""
    name: str = ""
    default_rate: Decimal | None = None
    rates: Rates = field(default_factory=Rates)
    overage_rate: Decimal | None = None
    vat_category: str = "S"
    vat_rate: Decimal = Decimal(0)
    vat_reason: str = ""
    # Empty: all services.
    services: frozenset[int] = frozenset()
    included_services: frozenset[int] = frozenset()
    included_activities: frozenset[int] = frozenset()
    multipliers: Multipliers = field(default_factory=Multipliers)
    # (valid from, last day) of its prepaid blocks and retainers.
    prepaid: tuple[tuple[date, date], ...] = ()
    time_approval: bool = False
    work_before_acceptance: bool = False
    grouping: str = Grouping.CUSTOMER
    buyer_reference: str = ""
    order_number: str = ""
    payment_terms_days: int = 30
    terms_from_month_end: bool = False
    e_invoice: str = EInvoice.PDF
    language: str = ""
    # Delivered orders from this day on are charged.
    orders_charged_from: date | None = None
    # Missed targets are made good.
    gives_credits: bool = False

    def covers(self, day: date, service: int | None = None) -> bool:
        """In force on `day`, for `service` too when it names its services."""
        in_time = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return in_time and (not self.services or service in self.services)

    def includes(self, activity: int, service: int | None) -> bool:
        """The work is part of what the contract costs anyway."""
        return activity in self.included_activities or service in self.included_services

    def has_prepaid(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.prepaid)

    def rate_of(self, role: int | None, activity: int, day: date) -> Found | None:
        """What the contract itself says about the rate."""
        found = self.rates.find(role, activity, day, _CONTRACT)
        if found is None and self.default_rate is not None:
            return Found(self.default_rate, RateSource.CONTRACT_DEFAULT)
        return found

    def rate_for(self, activity: int, day: date) -> Decimal | None:
        """The hourly rate of `activity` on `day` for somebody without a billing role."""
        found = self.rate_of(None, activity, day)
        return found.hourly_rate if found else None

    @property
    def group(self) -> str:
        """What keeps its invoices apart from others of the customer; empty: nothing (`BIL-9`)."""
        if self.grouping == Grouping.CONTRACT:
            return self.number
        return self.order_number if self.grouping == Grouping.ORDER else ""


@dataclass(frozen=True)
class Terms:
    """All contracts by organization, who belongs to whom, and our own prices."""

    contracts: Mapping[int, Sequence[ContractTerms]]
    parents: Mapping[int, int | None]
    names: Mapping[int, str] = field(default_factory=dict)
    # By organization (None: everyone) and currency.
    general: Mapping[tuple[int | None, str], Rates] = field(default_factory=dict)
    # By person: (role, from) rows in order of time.
    roles: Mapping[int, Sequence[tuple[int, date | None]]] = field(default_factory=dict)
    role_names: Mapping[int, str] = field(default_factory=dict)
    # Departments of our own, whose hours are billed only under a contract.
    own: frozenset[int] = frozenset()
    # In which work without a contract is priced.
    home_currency: str = "EUR"

    def contract_for(
        self, organization: int, day: date, service: int | None = None
    ) -> ContractTerms | None:
        """The contract in force on `day` of the organization or its nearest ancestor.

        Of several, one that names the service before one for all services.
        """
        for step in self.line_of(organization):
            in_force = [
                found for found in self.contracts.get(step, ()) if found.covers(day, service)
            ]
            if in_force:
                return max(
                    in_force, key=lambda found: (bool(found.services), found.valid_from, found.pk)
                )
        return None

    def contract_of(self, charge: Charge) -> ContractTerms | None:
        """The contract under which a charge that names none is billed: as work on its ticket."""
        service = charge.ticket.service_id if charge.ticket else None
        return self.contract_for(charge.organization_id, charge.on, service)

    def role_of(self, person: int, day: date) -> int | None:
        """The billing role of a person on `day`."""
        begun = [
            (since or date.min, role)
            for role, since in self.roles.get(person, ())
            if since is None or since <= day
        ]
        return max(begun)[1] if begun else None

    def rate_of(
        self,
        organization: int,
        contract: ContractTerms | None,
        role: int | None,
        activity: int,
        day: date,
    ) -> Found | None:
        """The hourly rate on `day`: contract, customer and its ancestors, price list (`BIL-5`)."""
        found = contract.rate_of(role, activity, day) if contract else None
        if found:
            return found
        currency = contract.currency if contract else self.home_currency
        for step in self.line_of(organization):
            rates = self.general.get((step, currency))
            found = rates.find(role, activity, day, _CUSTOMER) if rates else None
            if found:
                return found
        rates = self.general.get((None, currency))
        return rates.find(role, activity, day, _PRICE_LIST) if rates else None

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

    def family_of(self, organization: int) -> list[int]:
        """Whoever can share a contract with it: all under its farthest ancestor that has one;
        without any, nobody but itself.
        """
        bearing = [step for step in self.line_of(organization) if step in self.contracts]
        return self.below(bearing[-1]) if bearing else [organization]

    def below(self, organization: int) -> list[int]:
        """The organization and everything under it."""
        return [one for one in self.parents if organization in self.line_of(one)]
