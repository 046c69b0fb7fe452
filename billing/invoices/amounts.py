"""Money and VAT by EN 16931, in decimals (`BIL-18` to `BIL-20`). The one place that rounds money.

Order of rounding, and nowhere else: each line, then VAT once for each category and rate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

HOUR = "HUR"
MINUTE = "MIN"


@dataclass(frozen=True)
class Quantity:
    """How time is printed: `amount` of `unit`; the price is for `price_base` units (`BIL-19`)."""

    amount: Decimal
    unit: str
    price_base: int


@dataclass(frozen=True)
class Tax:
    """One row of the VAT breakdown; `rate` in percent."""

    category: str
    rate: Decimal
    reason: str
    taxable: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Totals:
    """`payable` = `net` + `tax`; `breakdown` in the order of category and falling rate."""

    net: Decimal
    tax: Decimal
    payable: Decimal
    breakdown: tuple[Tax, ...]


@dataclass(frozen=True)
class TaxedAmount:
    """The net amount of a line with its VAT category."""

    net: Decimal
    category: str
    rate: Decimal
    reason: str = ""


def decimals_of(currency: str) -> int:
    """Decimal places of the currency's minor unit, two at most (yen: none)."""
    return min(2, int(get_currency_precision(currency)))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` to the minor unit of `currency`, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals_of(currency)), rounding=ROUND_HALF_UP)


def price_of(minutes: int, hourly_rate: Decimal, currency: str) -> Decimal:
    """What `minutes` cost, from minutes and rate, never from hours already rounded."""
    return rounded(minutes * hourly_rate / 60, currency)


def quantity_of(minutes: int) -> Quantity:
    """Hours when they come out exactly in four decimals, else minutes priced by the sixty."""
    if minutes % 3 == 0:
        return Quantity(Decimal(minutes) / 60, HOUR, 1)
    return Quantity(Decimal(minutes), MINUTE, 60)


def totals_of(lines: Iterable[TaxedAmount], currency: str) -> Totals:
    """Sum, VAT by category and rate, and what is to be paid."""
    taxable: dict[tuple[str, Decimal], Decimal] = {}
    reasons: dict[tuple[str, Decimal], str] = {}
    for line in lines:
        key = (line.category, line.rate)
        taxable[key] = taxable.get(key, Decimal(0)) + line.net
        reasons[key] = reasons.get(key) or line.reason
    breakdown = tuple(
        Tax(
            category=category,
            rate=rate,
            reason=reasons[category, rate],
            taxable=rounded(base, currency),
            tax=rounded(base * rate / 100, currency),
        )
        for (category, rate), base in sorted(
            taxable.items(), key=lambda item: (item[0][0], -item[0][1])
        )
    )
    net = sum((row.taxable for row in breakdown), rounded(Decimal(0), currency))
    tax = sum((row.tax for row in breakdown), rounded(Decimal(0), currency))
    return Totals(net=net, tax=tax, payable=net + tax, breakdown=breakdown)


def mixes_outside_scope(categories: Iterable[str]) -> bool:
    """True when category O stands beside another one, which no invoice may do (`BIL-20`)."""
    found = set(categories)
    return "O" in found and len(found) > 1
