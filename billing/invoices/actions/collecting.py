"""What a run would bill: approved hours with their prices, and charges, by invoice to be."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from billing.contracts.amounts.prepaid import Hours as Drawing
from billing.contracts.matching import ContractTerms, NoRate, Terms, price, terms_of, worked
from billing.contracts.models import (
    Charge,
    Contract,
    Coverage,
    PricedSegment,
)
from billing.contracts.models.prices import unit_price
from billing.invoices.lifecycle import State
from billing.invoices.models import BilledCharge, BilledTime, Seller
from billing.invoices.parse import Month
from itil.tickets.errors import Refused
from itil.timesheets.models import TimeEntry

from .skipping import Reason, Skip

CHARGED = (Coverage.BILLABLE, Coverage.PREPAID)
BILLING_KINDS = ("billable", "prepaid")


class LineKey(NamedTuple):
    """Hours with the same key stand on one line; lines are sorted by it."""

    activity_name: str
    activity: int
    rate: Decimal
    multiplier: Decimal
    reason: str
    is_overage: bool
    contract: int

    @property
    def price(self) -> Decimal:
        """Of an hour."""
        return unit_price(self.rate, self.multiplier)


@dataclass(frozen=True)
class Hours:
    """One priced segment of an approved entry; `minutes` are raw."""

    entry: int
    segment: int
    ticket: int
    ticket_number: str
    activity: int
    activity_name: str
    work_date: date
    approved_at: datetime
    minutes: int
    terms: ContractTerms
    base_rate: Decimal
    multiplier: Decimal = Decimal(1)
    # Why the multiplier applies, a `Reason` of billing.contracts.
    reason: str = ""

    def line(self, *, is_overage: bool) -> LineKey:
        """The line on which what is to be paid of it stands."""
        rate = self.base_rate
        if is_overage and self.terms.overage_rate is not None:
            rate = self.terms.overage_rate
        return LineKey(
            self.activity_name,
            self.activity,
            rate,
            self.multiplier,
            self.reason,
            is_overage,
            self.terms.pk,
        )

    def drawing(self, minutes: int) -> Drawing:
        """What `minutes` of it, as billed, ask of prepaid blocks."""
        return Drawing(
            entry=self.entry,
            segment=self.segment,
            work_date=self.work_date,
            approved_at=self.approved_at,
            minutes=minutes,
            unit_price=unit_price(self.base_rate, self.multiplier),
        )


@dataclass(frozen=True)
class Item:
    """A charge as a line; a reduction has a negative quantity."""

    charge: int
    kind: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    on: date
    ticket_number: str
    terms: ContractTerms
    vat_category: str
    vat_rate: Decimal
    vat_reason: str


@dataclass(frozen=True)
class Bundle:
    """What one invoice is made of."""

    hours: list[Hours] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def terms(self) -> list[ContractTerms]:
        return [*(one.terms for one in self.hours), *(item.terms for item in self.items)]

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.hours)

    @property
    def entries(self) -> int:
        return len({one.entry for one in self.hours})


EMPTY = Bundle()
# Attributes of `Hours` in the order in which they are read of a stored segment.
SEGMENT_FACTS = (
    "entry", "segment", "ticket", "ticket_number", "activity", "activity_name", "work_date",
    "approved_at", "minutes", "base_rate", "multiplier", "reason",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class GroupKey:
    """What keeps invoices of one month apart: who pays, the currency, and a contract or order.

    With seller and period it is the key by which a run finds its draft again (`BIL-10`).
    """

    payer: int
    currency: str
    group: str = ""


@dataclass
class Collected:
    """`groups`: what stands on each invoice to be."""

    groups: dict[GroupKey, Bundle] = field(default_factory=dict)
    skipped: list[Skip] = field(default_factory=list)

    def of(self, terms: ContractTerms, currency: str) -> Bundle:
        """The bundle for work under a contract."""
        key = GroupKey(terms.organization, currency, terms.group[:60])
        return self.groups.setdefault(key, Bundle())


def current_seller() -> Seller:
    """The active seller, the first of several. Raises Refused when none is set up."""
    seller: Seller | None = Seller.objects.filter(active=True).order_by("pk").first()
    if seller is None:
        raise Refused(_("Enter our own legal details under Settings, Sellers, first."))
    return seller


def collect(
    seller: Seller,
    month: Month,
    terms: Terms,
    *,
    cut_off: datetime | None = None,
    payer: int | None = None,
) -> Collected:
    """Approved, charged hours and open charges up to the end of `month` that are on no invoice
    but its drafts.

    Late ones of earlier months are included (`BIL-9`). `cut_off` leaves out what was approved
    later; `payer` limits it to what one organization pays for. Three queries.
    """
    found = Collected()
    contracts = Contracts(terms)
    entries = open_entries(seller, month, cut_off)
    _add_priced(found, contracts, entries, payer)
    _add_unpriced(found, terms, entries, payer)
    _add_charges(found, terms, contracts, open_charges(seller, month, cut_off), payer)
    for bundle in found.groups.values():
        bundle.hours.sort(key=lambda one: (one.work_date, one.entry, one.segment))
    return found


def open_entries(seller: Seller, month: Month, cut_off: datetime | None) -> QuerySet[TimeEntry]:
    """Approved billable entries of the month or before, on no invoice but its drafts."""
    rows = (
        TimeEntry.objects.approved()
        .filter(billing_kind__in=BILLING_KINDS, work_date__lte=month.last)
        .exclude(Exists(elsewhere(BilledTime.objects.filter(entry=OuterRef("pk")), seller, month)))
    )
    if cut_off:
        # Without an approver the contract's rule approved it when it was booked.
        ready = Coalesce("approved_at", "created_at")
        rows = rows.alias(ready_at=ready).filter(ready_at__lte=cut_off)
    return rows


def open_charges(seller: Seller, month: Month, cut_off: datetime | None) -> QuerySet[Charge]:
    rows = Charge.objects.open().until(month.last)
    if cut_off:
        rows = rows.filter(created_at__lte=cut_off)
    billed = BilledCharge.objects.filter(charge=OuterRef("pk"))
    return rows.exclude(Exists(elsewhere(billed, seller, month)))


def elsewhere(billed: QuerySet[Any], seller: Seller, month: Month) -> QuerySet[Any]:
    """Of rows that put something on a line, those that are live and on no draft of `month`."""
    return billed.filter(live=True).exclude(
        line__invoice__state=State.DRAFT,
        line__invoice__seller=seller,
        line__invoice__period_first=month.first,
    )


def unpriced(entries: QuerySet[TimeEntry], terms: Terms, payer: int | None) -> QuerySet[TimeEntry]:
    """Those approved by rule for which no price was found when they were booked."""
    rows = entries.filter(price=None)
    return rows if payer is None else rows.filter(ticket__organization__in=terms.below(payer))


class Contracts:
    """Terms by contract; one that was put away since it priced something is read when met."""

    def __init__(self, terms: Terms):
        self.by_key = {one.pk: one for rows in terms.contracts.values() for one in rows}

    def __getitem__(self, key: int) -> ContractTerms:
        if key not in self.by_key:
            self.by_key[key] = terms_of(Contract.objects.select_related("hours").get(pk=key))
        return self.by_key[key]


def _add_priced(
    found: Collected, contracts: Contracts, entries: QuerySet[TimeEntry], payer: int | None
) -> None:
    """Hours by the prices that were frozen at their approval. One query."""
    segments = PricedSegment.objects.filter(
        price__entry__in=entries, price__coverage__in=CHARGED, price__contract__isnull=False
    )
    if payer is not None:
        segments = segments.filter(price__contract__organization=payer)
    rows = segments.order_by("price__entry__work_date", "price__entry", "position").values_list(
        "price__contract_id",
        "price__currency",
        "price__entry_id",
        "position",
        "price__entry__ticket_id",
        "price__entry__ticket__number",
        "price__entry__activity_id",
        "price__entry__activity__name",
        "price__entry__work_date",
        Coalesce("price__entry__approved_at", "price__priced_at"),
        "minutes",
        "base_rate",
        "multiplier",
        "reason",
    )
    for key, currency, *facts in rows:
        terms = contracts[key]
        values: dict[str, Any] = dict(zip(SEGMENT_FACTS, facts, strict=True))
        found.of(terms, currency).hours.append(Hours(terms=terms, **values))


def _add_unpriced(
    found: Collected, terms: Terms, entries: QuerySet[TimeEntry], payer: int | None
) -> None:
    """Hours without a stored price, by the present terms; a run stores it when it drafts them."""
    rows = unpriced(entries, terms, payer).select_related("ticket", "activity").order_by("pk")
    missing: dict[tuple[Reason, str, str, str], list[int]] = {}
    for entry, work in ((entry, worked([entry])[0]) for entry in rows):
        answer = price(work, terms)
        contract = answer.contract
        if isinstance(answer, NoRate) or (contract is None and answer.rate):
            key = _why(work.organization, work.work_date, contract, work.activity_name, terms)
            missing.setdefault(key, []).append(work.minutes)
        # Included, not billable, or work for ourselves.
        if isinstance(answer, NoRate) or contract is None or answer.rate is None:
            continue
        if payer not in (None, contract.organization):
            continue
        for position, part in enumerate(answer.segments, start=1):
            found.of(contract, answer.currency).hours.append(
                Hours(
                    work.entry,
                    position,
                    work.ticket,
                    entry.ticket.number,
                    work.activity,
                    work.activity_name,
                    work.work_date,
                    entry.approved_at or entry.created_at,
                    part.minutes,
                    contract,
                    answer.rate.hourly_rate,
                    part.multiplier,
                    part.reason,
                )
            )
    found.skipped += [
        Skip(reason, name, len(minutes), sum(minutes), activity, about)
        for (reason, name, activity, about), minutes in sorted(missing.items())
    ]


def _why(
    organization: int, day: date, contract: ContractTerms | None, activity: str, terms: Terms
) -> tuple[Reason, str, str, str]:
    """Why work has no price: its reason, the customer, the activity and the contract."""
    name = terms.names.get(organization, "")
    if contract:
        return Reason.NO_RATE, name, activity, contract.number
    ended = [
        one
        for step in terms.line_of(organization)
        for one in terms.contracts.get(step, ())
        if one.valid_to and one.valid_to < day
    ]
    if ended:
        last = max(ended, key=lambda one: (one.valid_to or day, one.pk))
        return Reason.EXPIRED, name, "", last.number
    return Reason.NO_CONTRACT, name, "", ""


def _add_charges(
    found: Collected,
    terms: Terms,
    contracts: Contracts,
    charges: QuerySet[Charge],
    payer: int | None,
) -> None:
    """Open charges, each to whoever its contract bills. One query."""
    for charge in charges.select_related("ticket").order_by("on", "pk"):
        contract = (
            contracts[charge.contract_id] if charge.contract_id else terms.contract_of(charge)
        )
        if contract is None:
            if payer is None:
                name = terms.names.get(charge.organization_id, "")
                about = charge.description
                found.skipped.append(Skip(Reason.CHARGE_WITHOUT_CONTRACT, name, about=about))
            continue
        if payer in (None, contract.organization):
            found.of(contract, charge.currency).items.append(_item(charge, contract))


def _item(charge: Charge, contract: ContractTerms) -> Item:
    """With the VAT of the contract unless the charge has its own."""
    vat = (
        (charge.vat_category, charge.vat_rate or Decimal(0), charge.vat_reason)
        if charge.vat_category
        else (contract.vat_category, contract.vat_rate, contract.vat_reason)
    )
    return Item(
        charge.pk,
        charge.kind,
        charge.description,
        charge.quantity,
        charge.unit,
        charge.unit_price,
        charge.on,
        charge.ticket.number if charge.ticket else "",
        contract,
        *vat,
    )
