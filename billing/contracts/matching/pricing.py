"""What one entry comes to under its terms: coverage, rate and segments (`BIL-4`, `BIL-5`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.contracts.hours import Segment, segments_of
from billing.contracts.models import Coverage, RateSource
from itil.timesheets.models import BillingKind, TimeEntry

from .rates import Found
from .terms import ContractTerms, Terms


@dataclass(frozen=True)
class Worked:
    """One entry as far as its price needs it; `minutes` are raw."""

    entry: int
    ticket: int
    organization: int
    service: int | None
    person: int
    activity: int
    activity_name: str
    work_date: date
    minutes: int
    billing_kind: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Priced:
    """The answer; `rate` is None when nothing is charged for the work."""

    worked: Worked
    contract: ContractTerms | None
    coverage: str
    currency: str
    rate: Found | None = None
    segments: Sequence[Segment] = ()
    # What was agreed instead of a rate.
    fixed: str = ""
    role: int | None = None

    @property
    def source(self) -> str:
        if self.fixed:
            return RateSource.FIXED
        return self.rate.source if self.rate else RateSource.NONE

    @property
    def base_rate(self) -> Decimal | None:
        return self.rate.hourly_rate if self.rate else None


@dataclass(frozen=True)
class NoRate:
    """No rate applies, so the entry cannot be approved."""

    worked: Worked
    contract: ContractTerms | None

    def sentence(self, terms: Terms) -> str:
        """What is missing, and what to do."""
        facts = {
            "activity": self.worked.activity_name,
            "customer": terms.names.get(self.worked.organization, ""),
            "contract": self.contract.number if self.contract else "",
            "date": self.worked.work_date.isoformat(),
        }
        if self.contract:
            return (
                _("Contract %(contract)s has no hourly rate for %(activity)s on %(date)s. Add one.")
                % facts
            )
        return (
            _(
                "No contract of %(customer)s covers this work on %(date)s, and there is no general "
                "rate for %(activity)s. Make a contract or a rate, or mark the hours as not "
                "billable."
            )
            % facts
        )


def worked(entries: Iterable[TimeEntry]) -> list[Worked]:
    """Entries as values. Their ticket and activity should be selected with them."""
    return [
        Worked(
            entry=entry.pk,
            ticket=entry.ticket_id,
            organization=entry.ticket.organization_id,
            service=entry.ticket.service_id,
            person=entry.agent_id,
            activity=entry.activity_id,
            activity_name=entry.activity.name,
            work_date=entry.work_date,
            minutes=entry.minutes,
            billing_kind=entry.billing_kind,
            starts_at=entry.started_at,
            ends_at=entry.ended_at,
        )
        for entry in entries
    ]


def price(work: Worked, terms: Terms, fixed: Mapping[int, str] | None = None) -> Priced | NoRate:
    """The price of `work`; `fixed` says in words what was agreed for a ticket as a whole.

    Work for our own departments is charged only where a contract says so.
    """
    contract = terms.contract_for(work.organization, work.work_date, work.service)
    currency = contract.currency if contract else terms.home_currency
    role = terms.role_of(work.person, work.work_date)
    free = _free_coverage(work, contract, terms)
    agreed = (fixed or {}).get(work.ticket, "")
    if free == Coverage.INCLUDED or (agreed and free is None):
        return Priced(
            work, contract, Coverage.INCLUDED, currency, role=role, fixed="" if free else agreed
        )
    if free:
        return Priced(work, contract, free, currency, role=role)
    rate = terms.rate_of(work.organization, contract, role, work.activity, work.work_date)
    if rate is None:
        return NoRate(work, contract)
    prepaid = contract is not None and contract.has_prepaid(work.work_date)
    return Priced(
        work,
        contract,
        Coverage.PREPAID if prepaid else Coverage.BILLABLE,
        currency,
        rate,
        _segments(work, contract),
        role=role,
    )


def _free_coverage(work: Worked, contract: ContractTerms | None, terms: Terms) -> str | None:
    """The coverage of work for which nothing is charged; None when it has a price."""
    if work.billing_kind == BillingKind.NON_BILLABLE:
        return Coverage.NON_BILLABLE
    if work.billing_kind == BillingKind.INCLUDED:
        return Coverage.INCLUDED
    if contract is None:
        return Coverage.NON_BILLABLE if work.organization in terms.own else None
    return Coverage.INCLUDED if contract.includes(work.activity, work.service) else None


def _segments(work: Worked, contract: ContractTerms | None) -> list[Segment]:
    if contract is None:
        return [Segment(work.minutes, starts_at=work.starts_at, ends_at=work.ends_at)]
    return segments_of(
        work.minutes,
        work.starts_at,
        work.ends_at,
        contract.multipliers,
        activity=work.activity,
    )
