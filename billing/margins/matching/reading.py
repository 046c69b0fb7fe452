"""Every entry and charge of a period with what it brought, will bring, and cost."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from billing.contracts.matching import Terms, terms_in_force
from billing.contracts.models import Charge
from billing.invoices.actions import expected
from billing.invoices.amounts import line_net, share_of
from billing.invoices.lifecycle import State
from billing.invoices.matching import RateOfTheDay, Rates, rates_between, unbilled
from billing.invoices.models import BilledCharge, BilledTime, InvoiceLine
from itil.timesheets.models import EntryState, TimeEntry

from .costs import Costs, costs_in_force

ZERO = Fraction(0)
# Who worked, and that the work or the rate is not known: what is missing for a margin.
NO_COST, NO_RATE, NO_PRICE = "no_cost", "no_exchange_rate", "no_price"


@dataclass
class Item:
    """One entry or charge of a contract. Amounts are exact, in the currency of the contract."""

    contract: int
    currency: str
    day: date
    minutes: int = 0
    billed: Fraction = ZERO
    unbilled: Fraction = ZERO
    # None: not known, and `missing` says why.
    cost: Fraction | None = ZERO
    # By which the cost, or what a charge brings, was converted; None: it was in the currency of
    # the contract.
    converted: RateOfTheDay | None = None
    # What is missing: one of the three words above, and whose or which.
    missing: list[tuple[str, str]] = field(default_factory=list)
    entry: TimeEntry | None = None
    charge: Charge | None = None
    line: InvoiceLine | None = None

    @property
    def revenue(self) -> Fraction:
        return self.billed + self.unbilled


def items_between(first: date, last: date, *, contracts: Iterable[int] | None = None) -> list[Item]:
    """All recorded work and charges of `first` to `last`, by work date, under `contracts` (None:
    all). Rejected time is left out, and what no contract bears. A constant number of queries.
    """
    terms = terms_in_force()
    wanted = None if contracts is None else set(contracts)
    rates = rates_between(first, last)
    items = [*_entries(first, last, terms, rates), *_charges(first, last, terms, rates)]
    found = [one for one in items if wanted is None or one.contract in wanted]
    return sorted(found, key=lambda one: (one.day, one.entry.pk if one.entry else 0))


def _currencies(terms: Terms) -> dict[int, str]:
    return {one.pk: one.currency for rows in terms.contracts.values() for one in rows}


def _entries(first: date, last: date, terms: Terms, rates: Rates) -> list[Item]:
    costs, currencies = costs_in_force(), _currencies(terms)
    rows = (
        TimeEntry.objects.worked_between(first, last)
        .exclude(state=EntryState.REJECTED)
        .select_related("ticket", "agent", "activity", "price")
        .order_by("work_date", "pk")
    )
    billed = _billed_hours(first, last)
    coming = expected(unbilled(), terms)
    found = []
    for entry in rows:
        price = getattr(entry, "price", None)
        contract = price.contract_id if price else None
        currency = price.currency if price else ""
        if contract is None:
            covering = terms.contract_for(
                entry.ticket.organization_id, entry.work_date, entry.ticket.service_id
            )
            if covering is None:
                continue
            contract = covering.pk
        currency = currencies.get(contract, currency)
        item = Item(contract, currency, entry.work_date, entry.minutes, entry=entry)
        item.billed, item.line = billed.get(entry.pk, (ZERO, None))
        if entry.pk in coming:
            one = coming[entry.pk]
            item.unbilled = one.amount or ZERO
            if one.amount is None:
                item.missing.append((NO_PRICE, entry.activity.name))
        _add_cost(item, entry, costs, rates, terms)
        found.append(item)
    return found


def _add_cost(item: Item, entry: TimeEntry, costs: Costs, rates: Rates, terms: Terms) -> None:
    role = terms.role_of(entry.agent_id, entry.work_date)
    cost = costs.of(entry.agent_id, role, entry.work_date)
    if cost is None:
        item.cost = None
        item.missing.append((NO_COST, entry.agent.name))
        return
    exact = Fraction(entry.minutes) * Fraction(cost.hourly) / 60
    item.cost = _in_its_currency(item, exact, cost.currency, rates)


def _in_its_currency(item: Item, amount: Fraction, currency: str, rates: Rates) -> Fraction | None:
    """`amount` of `currency` in that of the contract, by the rate of its day; None: there is none,
    which is said to be missing.
    """
    if currency == item.currency:
        return amount
    item.converted = rates.on(item.day, of=currency, into=item.currency)
    if item.converted is None:
        item.missing.append((NO_RATE, f"{currency}–{item.currency}"))
        return None
    return amount * Fraction(item.converted.rate)


def _issued(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows behind lines, the live ones on issued invoices, with what credit notes took off."""
    notes = InvoiceLine.objects.filter(credits=OuterRef("line")).order_by()
    issued = notes.exclude(invoice__state=State.DRAFT).values("credits")
    found: QuerySet[Any] = (
        rows.filter(live=True)
        .exclude(line__invoice__state=State.DRAFT)
        .select_related("line__invoice")
        .annotate(credited=Subquery(issued.annotate(sum=Sum("net")).values("sum")))
    )
    return found


def _billed_hours(first: date, last: date) -> dict[int, tuple[Fraction, InvoiceLine]]:
    """What entries brought: their shares of lines by billed minutes, less credits. One query."""
    rows = BilledTime.objects.filter(entry__work_date__range=(first, last))
    found: dict[int, tuple[Fraction, InvoiceLine]] = {}
    for row in _issued(rows):
        net = Fraction(row.line.net) - Fraction(row.credited or 0)
        share = share_of(net, row.billed_minutes, row.line.minutes)
        had, line = found.get(row.entry_id, (ZERO, row.line))
        found[row.entry_id] = (had + share, row.line if share else line)
    return found


def _charges(first: date, last: date, terms: Terms, rates: Rates) -> list[Item]:
    """What is billed beside hours: fixed prices, things, blocks and retainers sold. Two queries."""
    found = []
    rows = BilledCharge.objects.filter(charge__on__range=(first, last))
    for row in _issued(rows).select_related("line__invoice", "line__contract", "charge"):
        contract = row.line.contract
        if contract is None:
            continue
        item = Item(contract.pk, contract.currency, row.charge.on, line=row.line)
        item.charge = row.charge
        net = Fraction(row.line.net) - Fraction(row.credited or 0)
        item.billed = _in_its_currency(item, net, row.line.invoice.currency, rates) or ZERO
        found.append(item)
    open_charges = Charge.objects.open().filter(on__range=(first, last))
    for charge in open_charges.select_related("contract", "ticket"):
        bearing = charge.contract or terms.contract_of(charge)
        if bearing is None:
            continue
        item = Item(bearing.pk, bearing.currency, charge.on, charge=charge)
        asked = Fraction(line_net(Decimal(charge.quantity), charge.unit_price, charge.currency))
        item.unbilled = _in_its_currency(item, asked, charge.currency, rates) or ZERO
        found.append(item)
    return found
