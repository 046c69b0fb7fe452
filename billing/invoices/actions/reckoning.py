"""From hours and charges to lines: rounded once, priced (`BIL-4`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.contracts.matching import ContractTerms
from billing.contracts.models import ChargeKind
from billing.contracts.models.prices import unit_price
from billing.invoices import amounts
from billing.invoices.models import LineKind
from reports.metrics.billable import Work, billed_segments

from .collecting import Bundle, Hours, Item

SOLD_IN_ADVANCE = (ChargeKind.BLOCK, ChargeKind.RETAINER)
ZERO = Decimal(0)
# Hours with equal keys make one line: activity, rate, multiplier with its reason, contract.
PriceKey = tuple[str, int, Decimal, Decimal, str, int]


@dataclass(frozen=True)
class Part:
    """What of one segment stands on one line; `segment` is the key of `BilledTime`."""

    hours: Hours
    segment: int
    raw: int
    billed: int


@dataclass(frozen=True)
class Line:
    """A line before it has words: hours of one activity at one price, or a charge."""

    kind: str
    terms: ContractTerms
    quantity: amounts.Quantity
    net: Decimal
    unit_price: Decimal
    vat: tuple[str, Decimal, str]
    base_price: Decimal | None = None
    multiplier: Decimal = Decimal(1)
    # Why the multiplier applies.
    reason: str = ""
    parts: Sequence[Part] = ()
    item: Item | None = None

    @property
    def minutes(self) -> int:
        return sum(part.billed for part in self.parts)


@dataclass(frozen=True)
class Reckoned:
    """One invoice to be."""

    lines: Sequence[Line] = ()

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), ZERO)

    @property
    def categories(self) -> set[str]:
        return {line.vat[0] for line in self.lines}


def reckon(bundle: Bundle, currency: str) -> Reckoned:
    """The lines of one invoice: hours by activity and price, then charges.

    Minutes are rounded once for each contract and scope.
    """
    by_contract: dict[int, list[Hours]] = {}
    for one in bundle.hours:
        by_contract.setdefault(one.terms.pk, []).append(one)
    grouped: dict[PriceKey, list[Part]] = {}
    for hours in by_contract.values():
        for part in _parts(hours):
            one = part.hours
            key = (one.activity_name, one.activity, one.base_rate, one.multiplier, one.reason)
            grouped.setdefault((*key, one.terms.pk), []).append(part)
    lines = [_hours_line(parts, currency) for _key, parts in sorted(grouped.items())]
    lines += [_charge_line(item, currency) for item in bundle.items]
    return Reckoned(lines)


def _parts(hours: Sequence[Hours]) -> list[Part]:
    """The hours of one contract with their billed minutes, in the same order."""
    works = [Work(one.entry, one.ticket, one.work_date, one.minutes, one.segment) for one in hours]
    billed = billed_segments(works, hours[0].terms.rounding)
    return [Part(one, one.segment, one.minutes, billed[one.entry, one.segment]) for one in hours]


def _hours_line(parts: Sequence[Part], currency: str) -> Line:
    first = parts[0].hours
    terms = first.terms
    minutes = sum(part.billed for part in parts)
    price = unit_price(first.base_rate, first.multiplier)
    return Line(
        kind=LineKind.TIME,
        terms=terms,
        quantity=amounts.quantity_of(minutes),
        net=amounts.price_of(minutes, price, currency),
        unit_price=price,
        vat=(terms.vat_category, terms.vat_rate, terms.vat_reason),
        base_price=first.base_rate,
        multiplier=first.multiplier,
        reason=first.reason,
        parts=parts,
    )


def _charge_line(item: Item, currency: str) -> Line:
    return Line(
        kind=LineKind.BLOCK if item.kind in SOLD_IN_ADVANCE else LineKind.CHARGE,
        terms=item.terms,
        quantity=amounts.Quantity(item.quantity, item.unit, 1),
        net=amounts.line_net(item.quantity, item.unit_price, currency),
        unit_price=item.unit_price,
        vat=(item.vat_category, item.vat_rate, item.vat_reason),
        base_price=item.unit_price,
        item=item,
    )
