"""What an order costs, line by line, and when a change of it is material."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Line:
    """One thing that costs something: the item itself, or an option that was chosen."""

    label: str
    amount: Decimal


def lines(
    title: str, base_price: Decimal, options: Iterable[tuple[str, Decimal]] = ()
) -> list[Line]:
    """The item, when it has a price of its own, then every option that was chosen for money."""
    found = [Line(title, base_price)] if base_price else []
    return found + [Line(label, amount) for label, amount in options]


def total(found: Sequence[Line], quantity: int) -> Decimal:
    """What `quantity` pieces of all lines cost."""
    return sum((line.amount for line in found), Decimal(0)) * quantity


def is_material(
    *,
    approved_price: Decimal,
    price: Decimal,
    quantity_before: int,
    quantity: int,
    tolerance_percent: int,
) -> bool:
    """Whether a change needs a new approval: more pieces, or a price above what was approved by
    more than the tolerance (`REQ-2`).
    """
    if quantity > quantity_before:
        return True
    return price * 100 > approved_price * (100 + tolerance_percent)
