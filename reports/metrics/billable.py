"""Hours as they are billed: raw minutes added up by the agreed scope and rounded once (`BIL-3`).

Plain integers of minutes, no frame: the invoice pages price a draft with these functions and must
not load pandas for it. The rules in words stand in docs/algorithms/billable-hours.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    UP = "up"
    NEAREST = "nearest"
    NONE = "none"


class Scope(StrEnum):
    ENTRY = "entry"
    TICKET_DAY = "ticket_day"
    TICKET_INVOICE = "ticket_invoice"


@dataclass(frozen=True)
class Rounding:
    """How one contract rounds; `increment` and `minimum` in minutes."""

    increment: int = 15
    mode: str = Mode.UP
    scope: str = Scope.ENTRY
    minimum: int = 0


@dataclass(frozen=True)
class Work:
    """One time entry as far as rounding needs it; `minutes` are raw."""

    entry: int
    ticket: int
    work_date: date
    minutes: int


def rounded(minutes: int, rounding: Rounding) -> int:
    """`minutes` of one scope as billed; no work stays no work, whatever the minimum."""
    if minutes <= 0:
        return 0
    step = rounding.increment
    if rounding.mode == Mode.UP:
        minutes = -(-minutes // step) * step
    elif rounding.mode == Mode.NEAREST:
        minutes = (2 * minutes + step) // (2 * step) * step
    return max(rounding.minimum, minutes)


def billed_minutes(works: Iterable[Work], rounding: Rounding) -> dict[int, int]:
    """Billed minutes by entry; they add up to the rounded sum of every scope.

    What rounding adds goes to the longest entry of the scope, the earliest of equals (`BIL-4`);
    what it takes off is taken from the longest first, never below zero.
    """
    scopes: dict[tuple[object, ...], list[Work]] = {}
    for work in works:
        scopes.setdefault(_scope_key(work, rounding.scope), []).append(work)
    billed: dict[int, int] = {}
    for members in scopes.values():
        supplement = rounded(sum(work.minutes for work in members), rounding)
        supplement -= sum(work.minutes for work in members)
        by_length = sorted(members, key=lambda work: (-work.minutes, work.work_date, work.entry))
        for work in by_length:
            given = max(supplement, -work.minutes)
            billed[work.entry] = work.minutes + given
            supplement -= given
    return billed


def _scope_key(work: Work, scope: str) -> tuple[object, ...]:
    if scope == Scope.TICKET_DAY:
        return (work.ticket, work.work_date)
    if scope == Scope.TICKET_INVOICE:
        return (work.ticket,)
    return (work.entry,)
