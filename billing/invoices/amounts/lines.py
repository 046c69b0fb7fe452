"""What one line costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing.contracts.amounts import WIDE, price_of, rounded

__all__ = ["HOUR", "MINUTE", "Quantity", "line_net", "price_of", "quantity_of", "share_of"]

HOUR = "HUR"
MINUTE = "MIN"


@dataclass(frozen=True)
class Quantity:
    """How time is printed: `amount` of `unit`; the price is for `price_base` units (`BIL-19`)."""

    amount: Decimal
    unit: str
    price_base: int


def share_of(net: Decimal | Fraction, billed: int, minutes: int | None) -> Fraction:
    """What `billed` of the `minutes` of a line of hours bring of its `net`, exact; nothing of a
    line without minutes, where none are billed.
    """
    return Fraction(net) * billed / (minutes or 1)


def line_net(
    quantity: Decimal,
    unit_price: Decimal,
    currency: str,
    *,
    price_base: Decimal | int = 1,
    allowances: Iterable[Decimal] = (),
    charges: Iterable[Decimal] = (),
) -> Decimal:
    """Rounded quantity x price / `price_base`, less each allowance, plus each charge, all rounded.

    `unit_price` is for `price_base` units, above 0. Exact whatever the number of decimals.
    """
    net = rounded(Fraction(quantity) * Fraction(unit_price) / Fraction(price_base), currency)
    for amount in allowances:
        net = WIDE.subtract(net, rounded(amount, currency))
    for amount in charges:
        net = WIDE.add(net, rounded(amount, currency))
    return net


def quantity_of(minutes: int) -> Quantity:
    """Hours when they come out exactly in four decimals, else minutes priced by the sixty."""
    if minutes % 3 == 0:
        return Quantity(Decimal(minutes) / 60, HOUR, 1)
    return Quantity(Decimal(minutes), MINUTE, 60)
