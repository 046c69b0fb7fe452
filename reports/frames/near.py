"""Tickets by their keys: those that lie close together by a range, the others one by one.

Tickets of a period lie close together, for keys rise as tickets are opened; those that are old and
still open lie far apart. A range of an index is read many times faster than the same rows are
looked up, and a condition on keys spares each table to find the tickets of a period anew.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
from django.db.models import BooleanField, Func, Q

from .arrays import Numbers

# Looking a ticket up takes as long as reading so many in a range.
LOOK_UP = 4


class IsOneOf(Func):
    """Whether a number is one of these; they are one value of the statement, however many.

    Databases take them in their order, so an index is gone through once.
    """

    output_field = BooleanField()

    def __init__(self, path: str, numbers: Sequence[int]) -> None:
        super().__init__(path)
        self.numbers = numbers

    def as_postgresql(self, compiler: Any, _connection: Any, **_context: Any) -> tuple[str, tuple]:
        column, bound = compiler.compile(self.source_expressions[0])
        given = ",".join(map(str, self.numbers))
        return f"{column} = ANY(%s::bigint[])", (*bound, f"{{{given}}}")

    def as_sqlite(self, compiler: Any, _connection: Any, **_context: Any) -> tuple[str, tuple]:
        column, bound = compiler.compile(self.source_expressions[0])
        given = "(SELECT value FROM json_each(%s))"
        return f"{column} IN {given}", (*bound, json.dumps(self.numbers))


@dataclass(frozen=True)
class Range:
    """All tickets from `first` to `last`."""

    first: int
    last: int

    def condition(self, path: str) -> Q:
        """On rows whose ticket is at `path`."""
        return Q(**{f"{path}__gte": self.first, f"{path}__lte": self.last})


@dataclass(frozen=True)
class Single:
    """Tickets here and there."""

    keys: tuple[int, ...]

    def condition(self, path: str) -> Q:
        """On rows whose ticket is at `path`."""
        return Q(IsOneOf(path, self.keys))


def parts_of(keys: Numbers) -> Iterator[Single | Range]:
    """Ascending keys as parts, in order, which may hold others as well. None of no keys."""
    count = len(keys)
    if not count:
        return
    # With the first `n` looked up one by one, the rest lies in a range from the one that follows.
    costs = LOOK_UP * np.arange(count + 1)
    costs[:count] += keys[-1] - keys + 1
    alone = int(costs.argmin())
    if alone:
        yield Single(tuple(keys[:alone].tolist()))
    if alone < count:
        yield Range(int(keys[alone]), int(keys[-1]))


def near(keys: Numbers, path: str) -> Q:
    """A condition on rows whose ticket, at `path`, is one of these ascending keys; it lets some
    pass that lie between them."""
    parts = [part.condition(path) for part in parts_of(keys)]
    return reduce(or_, parts) if parts else Q(pk__in=())
