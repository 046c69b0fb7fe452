"""Items added up by contract and month, and the margin where everything is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from billing.contracts.models import Contract
from billing.invoices.amounts import rounded

from .reading import Item

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Margin:
    """One contract in one month; money in its currency, rounded once. `cost` is what is known of
    it; `margin` and `percent` are None when something is missing, and `percent` without revenue.
    """

    contract: Contract
    month: date
    minutes: int
    billed: Decimal
    unbilled: Decimal
    cost: Decimal
    missing: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def currency(self) -> str:
        return str(self.contract.currency)

    @property
    def revenue(self) -> Decimal:
        return self.billed + self.unbilled

    @property
    def margin(self) -> Decimal | None:
        return None if self.missing else self.revenue - self.cost

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.margin, self.revenue)


@dataclass(frozen=True)
class Total:
    """The rows of one currency, which are never added to those of another. `margin` is that of the
    rows that have one; `without` counts the others.
    """

    currency: str
    billed: Decimal
    unbilled: Decimal
    cost: Decimal
    margin: Decimal
    percent: Decimal | None
    without: int


def percent_of(margin: Decimal | None, revenue: Decimal) -> Decimal | None:
    """To a tenth; None where there is nothing to divide by."""
    if margin is None or not revenue:
        return None
    return (margin * 100 / revenue).quantize(TENTH, rounding=ROUND_HALF_UP)


def margins_of(items: Iterable[Item]) -> list[Margin]:
    """By contract and month of the work. One query for the contracts."""
    groups: dict[tuple[int, date], list[Item]] = {}
    for item in items:
        groups.setdefault((item.contract, item.day.replace(day=1)), []).append(item)
    keys = {contract for contract, _month in groups}
    contracts = Contract.objects.select_related("organization").in_bulk(keys)
    return [
        margin_of(contracts[contract], month, found) for (contract, month), found in groups.items()
    ]


def margin_of(contract: Contract, month: date, items: Sequence[Item]) -> Margin:
    """The sums of items of one contract and month."""
    currency = contract.currency
    costs = [item.cost for item in items if item.cost is not None]
    return Margin(
        contract=contract,
        month=month,
        minutes=sum(item.minutes for item in items),
        billed=rounded(sum((item.billed for item in items), Fraction(0)), currency),
        unbilled=rounded(sum((item.unbilled for item in items), Fraction(0)), currency),
        cost=rounded(sum(costs, Fraction(0)), currency),
        missing=tuple(dict.fromkeys(one for item in items for one in item.missing)),
    )


def totals_of(margins: Iterable[Margin]) -> list[Total]:
    """By currency."""
    groups: dict[str, list[Margin]] = {}
    for one in margins:
        groups.setdefault(one.currency, []).append(one)
    return [_total(currency, groups[currency]) for currency in sorted(groups)]


def _total(currency: str, rows: Sequence[Margin]) -> Total:
    known = [one for one in rows if one.margin is not None]
    margin = sum((one.margin or Decimal(0) for one in known), Decimal(0))
    return Total(
        currency=currency,
        billed=sum((one.billed for one in rows), Decimal(0)),
        unbilled=sum((one.unbilled for one in rows), Decimal(0)),
        cost=sum((one.cost for one in rows), Decimal(0)),
        margin=margin,
        percent=percent_of(margin, sum((one.revenue for one in known), Decimal(0))),
        without=len(rows) - len(known),
    )
