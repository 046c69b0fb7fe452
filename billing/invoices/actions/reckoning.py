"""From hours and charges to lines: rounded once, drawn from prepaid hours, priced (`BIL-4`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from billing.contracts.amounts.prepaid import HOURS, Drawn, Settled, Use
from billing.contracts.matching import ContractTerms
from billing.contracts.matching.ledger import Ledger, ledgers
from billing.contracts.models import BlockUse, ChargeKind
from billing.invoices import amounts
from billing.invoices.models import Invoice, LineKind
from reports.metrics.billable import Work, billed_segments

from .capping import CapLeft, keep_within
from .collecting import Bundle, Hours, Item, LineKey

# A segment that a block bears in part stands on two lines: its second part counts from here.
SECOND_PART = 1000
SOLD_IN_ADVANCE = (ChargeKind.BLOCK, ChargeKind.RETAINER)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Part:
    """What of one segment stands on one line; `segment` is the key of `BilledTime`."""

    hours: Hours
    segment: int
    raw: int
    billed: int


@dataclass(frozen=True)
class Line:
    """A line before it has words: hours of one activity at one price, a charge, or what was drawn
    from prepaid hours, for which nothing is asked again.
    """

    kind: str
    terms: ContractTerms
    quantity: amounts.Quantity
    net: Decimal
    unit_price: Decimal
    vat: tuple[str, Decimal, str]
    base_price: Decimal | None = None
    multiplier: Decimal = Decimal(1)
    # Why the multiplier applies; and that the hours go beyond those that were prepaid.
    reason: str = ""
    is_overage: bool = False
    parts: Sequence[Part] = ()
    item: Item | None = None

    @property
    def minutes(self) -> int:
        return sum(part.billed for part in self.parts)


@dataclass(frozen=True)
class Reckoned:
    """One invoice to be."""

    lines: Sequence[Line] = ()
    # What it draws from prepaid blocks, and the contracts of which these did not suffice.
    uses: Sequence[Use] = ()
    used_up: Sequence[str] = ()

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), ZERO)

    @property
    def categories(self) -> set[str]:
        return {line.vat[0] for line in self.lines}


@dataclass
class _Sorted:
    """The parts of hours by the line they belong to."""

    paid: dict[LineKey, list[Part]] = field(default_factory=dict)
    prepaid: dict[int, list[Part]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    used_up: list[str] = field(default_factory=list)


def ledgers_for(bundles: Iterable[Bundle], *, but: Iterable[Invoice]) -> dict[int, Ledger]:
    """The prepaid blocks of all contracts that have some, with what issued invoices drew, and other
    drafts than those of `but`, which are reckoned anew. Four queries.
    """
    found = ledgers({one.terms.pk for bundle in bundles for one in bundle.hours})
    if not found:
        return {}
    blocks = {block.pk: block for ledger in found.values() for block in ledger.blocks}
    drafts = Invoice.objects.drafts().filter(lines__contract__in=found).distinct()
    own = {invoice.pk for invoice in but}
    others = [invoice.document_key for invoice in drafts if invoice.pk not in own]
    drawn = {pk: one for ledger in found.values() for pk, one in ledger.drawn.items()}
    waiting = BlockUse.objects.filter(frozen_at=None, block__in=blocks, document__in=others)
    for use in waiting:
        block = blocks[use.block_id]
        quantity = Decimal(use.minutes) if block.unit == HOURS else use.amount
        drawn[block.pk] = drawn.get(block.pk, Drawn()).plus(block, use.work_date, quantity)
    return {
        contract: Ledger(
            ledger.blocks, {one.pk: drawn[one.pk] for one in ledger.blocks if one.pk in drawn}
        )
        for contract, ledger in found.items()
    }


def reckon(
    bundle: Bundle,
    currency: str,
    ledgers: Mapping[int, Ledger],
    caps: Mapping[int, CapLeft],
) -> Reckoned:
    """The lines of one invoice: hours by activity and price, then what was prepaid, then charges.

    Minutes are rounded once for each contract and scope, then kept within the `caps` of tickets,
    before blocks are drawn from.
    """
    found = _Sorted()
    by_contract: dict[int, list[Hours]] = {}
    for one in bundle.hours:
        by_contract.setdefault(one.terms.pk, []).append(one)
    for key, hours in by_contract.items():
        _sort_hours(found, hours, currency, ledgers.get(key, Ledger()), caps)
    lines = [_hours_line(parts, currency, key) for key, parts in sorted(found.paid.items())]
    lines += [_drawn_line(parts, currency) for _contract, parts in sorted(found.prepaid.items())]
    lines += [_charge_line(item, currency) for item in bundle.items]
    return Reckoned(lines, found.uses, found.used_up)


def _sort_hours(
    found: _Sorted,
    hours: Sequence[Hours],
    currency: str,
    ledger: Ledger,
    caps: Mapping[int, CapLeft],
) -> None:
    """Round the hours of one contract and let them draw from its blocks."""
    terms = hours[0].terms
    works = [Work(one.entry, one.ticket, one.work_date, one.minutes, one.segment) for one in hours]
    billed = billed_segments(works, terms.rounding)
    billed = keep_within(caps, hours, billed, currency, ledger)
    by_key = {(one.entry, one.segment): one for one in hours}
    settled = _settled(ledger, hours, billed, currency)
    drawn: dict[tuple[int, int], int] = {}
    for use in settled.uses:
        drawn[use.entry, use.segment] = drawn.get((use.entry, use.segment), 0) + use.minutes
    overage = {(rest.entry, rest.segment) for rest in settled.rests if rest.is_overage}
    found.uses += settled.uses
    if overage:
        found.used_up.append(terms.number)
    for key, one in by_key.items():
        first, minutes = drawn.get(key, 0), billed[key]
        raw = min(one.minutes, first) if first < minutes else one.minutes
        if first:
            parts = found.prepaid.setdefault(terms.pk, [])
            parts.append(Part(one, one.segment, raw, first))
        if first < minutes or not first:
            part = (
                Part(one, one.segment + SECOND_PART, one.minutes - raw, minutes - first)
                if first
                else Part(one, one.segment, one.minutes, minutes)
            )
            found.paid.setdefault(one.line(is_overage=key in overage), []).append(part)


def _settled(
    ledger: Ledger, hours: Sequence[Hours], billed: Mapping[tuple[int, int], int], currency: str
) -> Settled:
    if not ledger.blocks:
        return Settled()
    return ledger.settle([one.drawing(billed[one.entry, one.segment]) for one in hours], currency)


def _hours_line(parts: Sequence[Part], currency: str, key: LineKey) -> Line:
    terms = parts[0].hours.terms
    minutes = sum(part.billed for part in parts)
    return Line(
        kind=LineKind.TIME,
        terms=terms,
        quantity=amounts.quantity_of(minutes),
        net=amounts.price_of(minutes, key.price, currency),
        unit_price=key.price,
        vat=(terms.vat_category, terms.vat_rate, terms.vat_reason),
        base_price=key.rate,
        multiplier=key.multiplier,
        reason=key.reason,
        is_overage=key.is_overage,
        parts=parts,
    )


def _drawn_line(parts: Sequence[Part], currency: str) -> Line:
    """A statement: nothing is asked for what was paid when the block was sold (`BIL-7`)."""
    terms = parts[0].hours.terms
    return Line(
        kind=LineKind.BLOCK,
        terms=terms,
        quantity=amounts.quantity_of(sum(part.billed for part in parts)),
        net=amounts.rounded(ZERO, currency),
        unit_price=ZERO,
        vat=(terms.vat_category, terms.vat_rate, terms.vat_reason),
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
