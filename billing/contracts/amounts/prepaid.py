"""What hours draw from prepaid blocks and what is left to pay (`BIL-7`).

The rules in words stand in docs/algorithms/billable-hours.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .money import price_of

HOURS, MONEY = "hours", "money"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Block:
    """Hours or money bought in advance; `granted` and `cap` in minutes or money.

    Serves work from `valid_from` to `valid_to`; what is left then, at most `cap` (None: all),
    serves until `rolls_to`.
    """

    pk: int
    unit: str
    granted: Decimal
    valid_from: date
    valid_to: date
    rolls_to: date | None = None
    cap: Decimal | None = None

    @property
    def last_day(self) -> date:
        return self.rolls_to or self.valid_to

    def serves(self, day: date) -> bool:
        return self.valid_from <= day <= self.last_day


@dataclass(frozen=True)
class Drawn:
    """What was drawn from a block so far; `carried` of it by work after its `valid_to`."""

    total: Decimal = ZERO
    carried: Decimal = ZERO

    def left(self, block: Block, day: date) -> Decimal:
        """What work of `day` may still draw; never below zero."""
        if not block.serves(day):
            return ZERO
        left = block.granted - self.total
        if day > block.valid_to and block.cap is not None:
            left = min(left, block.cap - self.carried)
        return max(left, ZERO)

    def plus(self, block: Block, day: date, quantity: Decimal) -> "Drawn":
        carried = quantity if day > block.valid_to else ZERO
        return Drawn(self.total + quantity, self.carried + carried)


@dataclass(frozen=True)
class Hours:
    """A segment of an approved entry with its billed minutes; `unit_price` is of one hour."""

    entry: int
    segment: int
    work_date: date
    approved_at: datetime
    minutes: int
    unit_price: Decimal

    @property
    def order(self) -> tuple[date, datetime, int, int]:
        return (self.work_date, self.approved_at, self.entry, self.segment)


@dataclass(frozen=True)
class Use:
    """`minutes` of a segment taken from a block; `amount` is what they would have cost."""

    block: int
    entry: int
    segment: int
    work_date: date
    minutes: int
    amount: Decimal


@dataclass(frozen=True)
class Rest:
    """`minutes` of a segment that no block bore. `is_overage`: there was one, but it was used up,
    so the overage rate of the contract applies; otherwise none served that day.
    """

    entry: int
    segment: int
    minutes: int
    is_overage: bool


@dataclass(frozen=True)
class Settled:
    """The answer; minutes of uses and rests add up to the hours that were given."""

    uses: Sequence[Use] = ()
    rests: Sequence[Rest] = ()
    # After these uses, by block.
    drawn: Mapping[int, Drawn] = field(default_factory=dict)


def settle(
    blocks: Iterable[Block],
    hours: Iterable[Hours],
    currency: str,
    drawn: Mapping[int, Drawn] | None = None,
) -> Settled:
    """Let `hours` draw from `blocks`, from what `drawn` has left of them.

    In the order of work date, approval and entry; the block that expires first is drawn from
    first. A segment may be split between blocks and the rest.
    """
    so_far = dict(drawn or {})
    queue = sorted(blocks, key=lambda block: (block.last_day, block.valid_from, block.pk))
    uses: list[Use] = []
    rests: list[Rest] = []
    for work in sorted(hours, key=lambda work: work.order):
        serving = [block for block in queue if block.serves(work.work_date)]
        given = 0
        for block in serving:
            before = so_far.get(block.pk, Drawn())
            use = _drawn_by(work, given, block, before.left(block, work.work_date), currency)
            if use.minutes:
                uses.append(use)
                given += use.minutes
                quantity = Decimal(use.minutes) if block.unit == HOURS else use.amount
                so_far[block.pk] = before.plus(block, work.work_date, quantity)
        if given < work.minutes:
            rests.append(Rest(work.entry, work.segment, work.minutes - given, bool(serving)))
    return Settled(uses, rests, so_far)


def _drawn_by(work: Hours, given: int, block: Block, left: Decimal, currency: str) -> Use:
    """What `block` bears of the minutes of `work` after the first `given` ones.

    Amounts are differences of running sums, so that the parts of a segment add up to the cent.
    """
    wanted = work.minutes - given
    if block.unit == HOURS:
        minutes = min(wanted, int(left))
    else:
        minutes = _affordable(work, given, left, currency)
    amount = _between(work, given, given + minutes, currency)
    return Use(block.pk, work.entry, work.segment, work.work_date, minutes, amount)


def _between(work: Hours, first: int, last: int, currency: str) -> Decimal:
    upper = price_of(last, work.unit_price, currency)
    return upper - price_of(first, work.unit_price, currency)


def _affordable(work: Hours, given: int, left: Decimal, currency: str) -> int:
    """How many minutes after the first `given` ones `left` pays for."""
    low, high = 0, work.minutes - given
    while low < high:
        middle = (low + high + 1) // 2
        if _between(work, given, given + middle, currency) <= left:
            low = middle
        else:
            high = middle - 1
    return low


def reached(block: Block, drawn: Drawn, percents: Sequence[int]) -> list[int]:
    """Which of `percents` of the block are used up, in exact arithmetic."""
    return [percent for percent in percents if drawn.total * 100 >= block.granted * percent]
