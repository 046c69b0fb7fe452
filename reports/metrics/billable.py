"""Hours as they are billed: raw minutes added up by the agreed scope and rounded once (`BIL-3`).

Plain integers of minutes, no frame: the invoice pages price a draft with these functions and must
not load pandas for it. The rules in words stand in docs/algorithms/billable-hours.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# An entry and the position of a segment in it.
Key = tuple[int, int]


class Mode(StrEnum):
    UP = "up"
    NEAREST = "nearest"
    NONE = "none"


class Scope(StrEnum):
    ENTRY = "entry"
    TICKET_DAY = "ticket_day"
    TICKET_INVOICE = "ticket_invoice"


# A scope for a minimum only: all work under the contract on one day.
DAY = "day"
# What lies within each scope; a minimum of a narrower scope is given before rounding.
_WITHIN: dict[str, tuple[str, ...]] = {
    Scope.ENTRY: (),
    Scope.TICKET_DAY: (Scope.ENTRY,),
    Scope.TICKET_INVOICE: (Scope.ENTRY, Scope.TICKET_DAY),
}


@dataclass(frozen=True)
class Rounding:
    """How one contract rounds; `increment` and `minimum` in minutes.

    The minimum holds for each `minimum_scope`; empty: for each scope that is rounded.
    """

    increment: int = 15
    mode: str = Mode.UP
    scope: str = Scope.ENTRY
    minimum: int = 0
    minimum_scope: str = ""


@dataclass(frozen=True)
class Work:
    """One time entry, or a segment of one, as far as rounding needs it; `minutes` are raw."""

    entry: int
    ticket: int
    work_date: date
    minutes: int
    segment: int = 0

    @property
    def key(self) -> Key:
        return (self.entry, self.segment)


def rounded(minutes: int, rounding: Rounding) -> int:
    """`minutes` of one scope as billed, at least the minimum of that scope; no work stays none."""
    if minutes <= 0:
        return 0
    return max(rounding.minimum, _stepped(minutes, rounding))


def billed_minutes(works: Iterable[Work], rounding: Rounding) -> dict[int, int]:
    """Billed minutes by entry, the sum of its segments."""
    billed: dict[int, int] = {}
    for (entry, _segment), minutes in billed_segments(works, rounding).items():
        billed[entry] = billed.get(entry, 0) + minutes
    return billed


def billed_segments(works: Iterable[Work], rounding: Rounding) -> dict[Key, int]:
    """Billed minutes by entry and segment; they add up to the rounded sum of every scope.

    What rounding adds goes to the longest segment of the scope, the earliest of equals (`BIL-4`);
    what it takes off is taken from the longest first, never below zero. A minimum of a narrower
    scope is given before rounding, that of a wider one afterwards.
    """
    works = sorted(works, key=lambda work: (work.work_date, work.entry, work.segment))
    billed = {work.key: work.minutes for work in works}
    at_least = rounding.minimum_scope or rounding.scope
    before = at_least in _WITHIN[rounding.scope]
    if before:
        _raise_to_minimum(works, billed, rounding.minimum, at_least)
    for members in _scopes(works, rounding.scope):
        total = sum(billed[work.key] for work in members)
        _spread(members, billed, (_stepped(total, rounding) if total > 0 else 0) - total)
    if not before:
        _raise_to_minimum(works, billed, rounding.minimum, at_least)
    return billed


def _stepped(minutes: int, rounding: Rounding) -> int:
    step = rounding.increment
    if rounding.mode == Mode.UP:
        return -(-minutes // step) * step
    if rounding.mode == Mode.NEAREST:
        return (2 * minutes + step) // (2 * step) * step
    return minutes


def _raise_to_minimum(
    works: Sequence[Work], billed: dict[Key, int], minimum: int, scope: str
) -> None:
    """What is missing to the minimum goes where a supplement goes; scopes without work get none."""
    for members in _scopes(works, scope):
        missing = minimum - sum(billed[work.key] for work in members)
        if missing > 0 and any(work.minutes > 0 for work in members):
            _spread(members, billed, missing)


def _spread(members: Sequence[Work], billed: dict[Key, int], supplement: int) -> None:
    """Give `supplement` minutes to the longest, or take them off from the longest first."""
    for work in sorted(members, key=lambda work: -work.minutes):
        given = max(supplement, -billed[work.key])
        billed[work.key] += given
        supplement -= given


def _scopes(works: Sequence[Work], scope: str) -> Iterable[Sequence[Work]]:
    """The works that are added up together, each in the order of `works`."""
    found: dict[tuple[object, ...], list[Work]] = {}
    for work in works:
        found.setdefault(_scope_key(work, scope), []).append(work)
    return found.values()


def _scope_key(work: Work, scope: str) -> tuple[object, ...]:
    if scope == Scope.TICKET_DAY:
        return (work.ticket, work.work_date)
    if scope == Scope.TICKET_INVOICE:
        return (work.ticket,)
    if scope == DAY:
        return (work.work_date,)
    return (work.entry,)
