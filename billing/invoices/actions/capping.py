"""Keeping hours to what a customer accepted as a cap, whatever rounding adds (`BIL-8`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from billing.contracts.amounts.prepaid import MONEY
from billing.contracts.matching import Cap, caps
from billing.contracts.matching.ledger import Ledger
from billing.contracts.models import BlockUse, Unit
from billing.invoices import amounts
from billing.invoices.models import BilledTime, Invoice

from .collecting import Bundle, Hours, LineKey

Billed = dict[tuple[int, int], int]


@dataclass(frozen=True)
class Taken:
    """What some minutes of one segment come to: those that prepaid blocks bear, with what blocks
    of money give for them, and those to be paid, on their line.
    """

    line: LineKey
    paid: int
    prepaid: int
    prepaid_money: Decimal


@dataclass
class CapLeft:
    """What of a cap other invoices have left: minutes as billed, and money of its currency.

    What the invoices that are being reckoned take of it: minutes by line in `lines`, and what
    prepaid blocks bear, in minutes and, of blocks of money, in money.
    """

    minutes: int
    amount: Decimal
    currency: str
    lines: dict[LineKey, int] = field(default_factory=dict)
    prepaid_minutes: int = 0
    prepaid_amount: Decimal = Decimal(0)

    def minutes_of(self, taken: Taken) -> int:
        """What is billed of the hours when `taken` is added."""
        return self.prepaid_minutes + sum(self.lines.values()) + taken.prepaid + taken.paid

    def amount_of(self, taken: Taken) -> Decimal:
        """What is billed in money when `taken` is added; lines are rounded once."""
        lines = self.lines | {taken.line: self.lines.get(taken.line, 0) + taken.paid}
        priced = (amounts.price_of(had, line.price, self.currency) for line, had in lines.items())
        return self.prepaid_amount + taken.prepaid_money + sum(priced, Decimal(0))

    def take(self, taken: Taken) -> None:
        self.lines[taken.line] = self.lines.get(taken.line, 0) + taken.paid
        self.prepaid_minutes += taken.prepaid
        self.prepaid_amount += taken.prepaid_money


def caps_for(bundles: Iterable[Bundle], *, but: Iterable[Invoice]) -> dict[int, CapLeft]:
    """What is left of the caps of these tickets, by ticket, when the drafts of `but` are reckoned
    anew. Three queries.
    """
    agreed = caps({one.ticket for bundle in bundles for one in bundle.hours})
    if not agreed:
        return {}
    minutes = dict.fromkeys(agreed, 0)
    paid = dict.fromkeys(agreed, Decimal(0))
    rows = (
        BilledTime.objects.filter(live=True, entry__ticket__in=agreed)
        .exclude(line__invoice__in=[invoice.pk for invoice in but])
        .order_by()
        .values("entry__ticket", "line", "line__unit_price", "line__invoice__currency")
        .annotate(minutes=Sum("billed_minutes"))
    )
    for row in rows:
        ticket, currency = row["entry__ticket"], row["line__invoice__currency"]
        minutes[ticket] += row["minutes"]
        if currency == agreed[ticket].currency:
            paid[ticket] += amounts.price_of(row["minutes"], row["line__unit_price"], currency)
    drawn = (
        BlockUse.objects.filter(entry__ticket__in=agreed, block__unit=Unit.MONEY)
        .exclude(document__in=[invoice.document_key for invoice in but])
        .order_by()
        .values("entry__ticket", "block__contract__currency")
        .annotate(amount=Sum("amount"))
    )
    for row in drawn:
        if row["block__contract__currency"] == agreed[row["entry__ticket"]].currency:
            paid[row["entry__ticket"]] += row["amount"]
    return {ticket: _left(cap, minutes[ticket], paid[ticket]) for ticket, cap in agreed.items()}


def _left(cap: Cap, minutes: int, amount: Decimal) -> CapLeft:
    return CapLeft(
        max(cap.minutes - minutes, 0), max(cap.amount - amount, Decimal(0)), cap.currency
    )


def keep_within(
    left: Mapping[int, CapLeft],
    hours: Sequence[Hours],
    billed: Mapping[tuple[int, int], int],
    currency: str,
    ledger: Ledger,
) -> Billed:
    """`billed` minutes, cut where the hours or the amount of a cap end; the first work is paid.

    The amount is that of lines: the minutes of one price are added up and rounded once. Prepaid
    hours count as hours and cost nothing more, prepaid money counts as money.
    """
    kept = dict(billed)
    if not any(one.ticket in left for one in hours):
        return kept
    for one in sorted(hours, key=_order):
        key = one.entry, one.segment
        cap = left.get(one.ticket)
        if cap is not None:
            kept[key] = _most(cap, one, kept[key], currency, ledger)
            cap.take(_taken(one, kept[key], currency, ledger))
        # In the order in which blocks are drawn from: each finds what the earlier ones left.
        settled = ledger.settle([one.drawing(kept[key])], currency)
        ledger = replace(ledger, drawn=settled.drawn)
    return kept


def _order(one: Hours) -> tuple[Any, ...]:
    """As prepaid hours are drawn: by work date, approval and entry."""
    return (one.work_date, one.approved_at, one.entry, one.segment)


def _taken(one: Hours, minutes: int, currency: str, ledger: Ledger) -> Taken:
    settled = ledger.settle([one.drawing(minutes)], currency)
    in_money = {block.pk for block in ledger.blocks if block.unit == MONEY}
    given = [use.amount for use in settled.uses if use.block in in_money]
    return Taken(
        line=one.line(is_overage=any(rest.is_overage for rest in settled.rests)),
        paid=sum(rest.minutes for rest in settled.rests),
        prepaid=sum(use.minutes for use in settled.uses),
        prepaid_money=sum(given, Decimal(0)),
    )


def _most(cap: CapLeft, one: Hours, wanted: int, currency: str, ledger: Ledger) -> int:
    """How many of `wanted` minutes stay within the hours and, in its currency, the amount."""

    def fits(minutes: int) -> bool:
        taken = _taken(one, minutes, currency, ledger)
        if cap.minutes_of(taken) > cap.minutes:
            return False
        return cap.currency != currency or cap.amount_of(taken) <= cap.amount

    low, high = (wanted if fits(wanted) else 0), wanted
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low
