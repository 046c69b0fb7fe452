"""The balance of prepaid blocks: what was drawn for good, and what is approved and not billed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Case, F, Q, Sum, Value, When

from billing.contracts.amounts.prepaid import Block, Drawn, Hours, Settled, Use, settle
from billing.contracts.models import (
    BlockUse,
    Contract,
    Coverage,
    PrepaidBlock,
    TimePrice,
    Unit,
)
from reports.metrics.billable import Work, billed_segments

from .reading import rounding_of

CHARGED = (Coverage.BILLABLE, Coverage.PREPAID)


@dataclass(frozen=True)
class Ledger:
    """The blocks of one contract and what stands on issued documents of them."""

    blocks: Sequence[Block] = ()
    drawn: Mapping[int, Drawn] = field(default_factory=dict)

    def settle(self, hours: Iterable[Hours], currency: str) -> Settled:
        return settle(self.blocks, hours, currency, self.drawn)


@dataclass(frozen=True)
class Movement:
    """What one month drew from a block, in minutes or money; `open` of it is not billed yet."""

    month: date
    drawn: Decimal
    open: Decimal = Decimal(0)


@dataclass(frozen=True)
class Balance:
    """A block with its statement; amounts in minutes or money."""

    block: PrepaidBlock
    drawn: Decimal
    left: Decimal
    percent: int
    movements: Sequence[Movement] = ()
    # Hours came back after the block had expired: somebody decides what becomes of them.
    returned_late: bool = False

    def is_usable(self, day: date) -> bool:
        return bool(self.block.valid_from <= day <= self.block.last_day)


def ledgers(contracts: Collection[int]) -> dict[int, Ledger]:
    """By contract, for those that have blocks. Two queries."""
    blocks: dict[int, list[Block]] = {}
    for block in PrepaidBlock.objects.filter(contract_id__in=contracts):
        blocks.setdefault(block.contract_id, []).append(block_of(block))
    drawn = _drawn(Q(block__contract_id__in=contracts)) if blocks else {}
    return {
        contract: Ledger(found, {one.pk: drawn[one.pk] for one in found if one.pk in drawn})
        for contract, found in blocks.items()
    }


def block_of(block: PrepaidBlock) -> Block:
    """A block as plain values."""
    return Block(
        pk=block.pk,
        unit=block.unit,
        granted=block.granted,
        valid_from=block.valid_from,
        valid_to=block.valid_to,
        rolls_to=block.rolls_to,
        cap=block.cap,
    )


def _drawn(whose: Q) -> dict[int, Drawn]:
    """What issued documents drew, returns taken off, by block."""
    quantity = Case(
        When(block__unit=Unit.HOURS, then=F("minutes") * Value(Decimal(1))),
        default=F("amount"),
    )
    rows = (
        BlockUse.objects.frozen()
        .filter(whose)
        .order_by()
        .values("block_id")
        .annotate(
            total=Sum(quantity),
            carried=Sum(quantity, filter=Q(work_date__gt=F("block__valid_to"))),
        )
    )
    return {
        row["block_id"]: Drawn(Decimal(row["total"]), Decimal(row["carried"] or 0)) for row in rows
    }


def hours_of(prices: Iterable[TimePrice], contract: Contract) -> list[Hours]:
    """Charged entries of a contract with their billed minutes. Their entry and segments should be
    selected and prefetched.
    """
    rows = [(price, part) for price in prices for part in price.segments.all()]
    billed = billed_segments(
        [
            Work(
                price.entry_id,
                price.entry.ticket_id,
                price.entry.work_date,
                part.minutes,
                part.position,
            )
            for price, part in rows
        ],
        rounding_of(contract),
    )
    return [
        Hours(
            entry=price.entry_id,
            segment=part.position,
            work_date=price.entry.work_date,
            approved_at=price.entry.approved_at or price.priced_at,
            minutes=billed[price.entry_id, part.position],
            unit_price=part.unit_price,
        )
        for price, part in rows
    ]


def unbilled(contract: Contract) -> list[Hours]:
    """What is approved under the contract and on no issued document. Two queries."""
    prices = (
        TimePrice.objects.unbilled()
        .filter(contract=contract, coverage__in=CHARGED)
        .select_related("entry")
        .prefetch_related("segments")
    )
    return hours_of(prices, contract)


def balances(contract: Contract) -> list[Balance]:
    """Every block of the contract, newest first, with what each month drew. Five queries."""
    blocks = list(contract.prepaidblocks.order_by("-valid_from", "-pk"))
    if not blocks:
        return []
    ledger = ledgers([contract.pk]).get(contract.pk, Ledger())
    settled = ledger.settle(unbilled(contract), contract.currency)
    uses = BlockUse.objects.frozen().filter(block__contract=contract).order_by("work_date", "pk")
    stored: dict[int, list[BlockUse]] = {}
    for use in uses:
        stored.setdefault(use.block_id, []).append(use)
    return [
        _balance(
            block,
            settled.drawn.get(block.pk, Drawn()),
            stored.get(block.pk, []),
            [use for use in settled.uses if use.block == block.pk],
        )
        for block in blocks
    ]


def _balance(
    block: PrepaidBlock, drawn: Drawn, stored: Sequence[BlockUse], coming: Sequence[Use]
) -> Balance:
    in_hours = block.unit == Unit.HOURS

    def counted(use: BlockUse | Use) -> Decimal:
        return Decimal(use.minutes if in_hours else use.amount)

    rows = [(use.work_date.replace(day=1), counted(use), Decimal(0)) for use in stored]
    rows += [(use.work_date.replace(day=1), counted(use), counted(use)) for use in coming]
    rows.sort(key=lambda row: row[0])
    movements = []
    for month, found in groupby(rows, key=lambda row: row[0]):
        parts = list(found)
        movements.append(
            Movement(
                month,
                sum((row[1] for row in parts), Decimal(0)),
                sum((row[2] for row in parts), Decimal(0)),
            )
        )
    return Balance(
        block=block,
        drawn=drawn.total,
        left=max(block.granted - drawn.total, Decimal(0)),
        percent=int(drawn.total * 100 // block.granted),
        movements=movements,
        returned_late=any(use.after_expiry for use in stored),
    )
