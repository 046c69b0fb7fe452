"""What the worker answers to a what-if question. Pages read these; no NumPy is imported."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from struct import Struct
from typing import Any

from itil.sla.models import METRICS_OF, Agreement
from reports.frames.codes import NEVER, Outcome
from reports.metrics.comparison import Comparison, Tally, Usual

METRICS: Sequence[str] = METRICS_OF[Agreement.Kind.SLA]
# Stored in place of an answer when by the hours that are tried some promise is never due.
NEVER_OPEN = {"never_open": True}
# A row of `Sides`: whole numbers of eight bytes in the order of the fields of `Side`.
ROW = Struct("<9q")
BEFORE, AFTER = 4, 5
# The fastest there is; more effort makes it hardly smaller.
_EFFORT = 1


@dataclass(frozen=True)
class Side:
    """A clock that changes sides. Instants are None while they are not known."""

    ticket: int
    metric: str
    priority: int
    team: int
    before: str
    after: str
    due_before: datetime | None
    due_after: datetime | None
    ended_at: datetime | None


class Sides:
    """The clocks that change sides, by ticket, in `rows` of bytes: there may be a hundred thousand,
    of which a page shows fifty."""

    def __init__(self, rows: bytes):
        self._rows = rows

    @classmethod
    def stored(cls, stored: bytes) -> "Sides":
        """What `as_stored` was."""
        return cls(zlib.decompress(stored))

    def as_stored(self) -> bytes:
        return zlib.compress(self._rows, _EFFORT)

    def __len__(self) -> int:
        return len(self._rows) // ROW.size

    def __getitem__(self, wanted: slice) -> list[Side]:
        first, last, _step = wanted.indices(len(self))
        return [
            _side(*numbers)
            for numbers in ROW.iter_unpack(self._rows[first * ROW.size : last * ROW.size])
        ]

    def __iter__(self) -> Iterator[Side]:
        return (_side(*numbers) for numbers in ROW.iter_unpack(self._rows))

    @property
    def worse(self) -> "Sides":
        """Those that would have been missed."""
        return self._where(AFTER)

    @property
    def better(self) -> "Sides":
        """Those that were missed and would not have been."""
        return self._where(BEFORE)

    def _where(self, missed: int) -> "Sides":
        return Sides(
            b"".join(
                ROW.pack(*numbers)
                for numbers in ROW.iter_unpack(self._rows)
                if numbers[missed] == Outcome.BREACHED
            )
        )


@dataclass(frozen=True)
class Answer:
    """Before and after. Teams are primary keys, 0 for none; `left_as_they_are` counts the clocks
    that cannot be replayed: of another form than a duration, or by hours that nobody kept."""

    taken_at: datetime
    clocks: int
    left_as_they_are: int
    by_metric: Mapping[str, Comparison]
    by_priority: Mapping[tuple[str, int], Comparison]
    by_team: Mapping[tuple[str, int], Comparison]
    usual: Mapping[tuple[str, int], Usual]
    sides: Sides

    def as_data(self) -> dict[str, Any]:
        """Everything but the sides, as JSON takes it."""
        return {
            "taken_at": self.taken_at.isoformat(),
            "clocks": self.clocks,
            "left_as_they_are": self.left_as_they_are,
            "by_metric": {str(metric): asdict(one) for metric, one in self.by_metric.items()},
            "by_priority": _listed(self.by_priority),
            "by_team": _listed(self.by_team),
            "usual": _listed(self.usual),
        }

    @classmethod
    def stored(cls, data: Mapping[str, Any], sides: bytes) -> "Answer":
        """What `as_data` and `Sides.as_stored` were made of."""
        return cls(
            taken_at=datetime.fromisoformat(data["taken_at"]),
            clocks=data["clocks"],
            left_as_they_are=data["left_as_they_are"],
            by_metric={metric: _comparison(one) for metric, one in data["by_metric"].items()},
            by_priority=_by_pairs(data["by_priority"], _comparison),
            by_team=_by_pairs(data["by_team"], _comparison),
            usual=_by_pairs(data["usual"], lambda one: Usual(**one)),
            sides=Sides.stored(sides),
        )


def _listed(found: Mapping[tuple[str, int], Any]) -> list[Any]:
    """JSON has no pairs as keys."""
    return [[str(metric), number, asdict(one)] for (metric, number), one in found.items()]


def _by_pairs(listed: list[Any], make: Callable[[dict[str, Any]], Any]) -> dict[Any, Any]:
    return {(metric, number): make(one) for metric, number, one in listed}


def _comparison(one: dict[str, Any]) -> Comparison:
    return Comparison(Tally(**one["before"]), Tally(**one["after"]), one["worse"], one["better"])


def _side(
    ticket: int,
    metric: int,
    priority: int,
    team: int,
    before: int,
    after: int,
    *instants: int,
) -> Side:
    due_before, due_after, ended_at = (
        None if second == NEVER else datetime.fromtimestamp(second, UTC) for second in instants
    )
    return Side(
        ticket,
        METRICS[metric],
        priority,
        team,
        Outcome(before).name.lower(),
        Outcome(after).name.lower(),
        due_before,
        due_after,
        ended_at,
    )
