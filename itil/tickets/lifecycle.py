"""The engine behind every record's life cycle: a table of statuses, phases and moves.

A record type writes its table in its own `lifecycle.py`; the verb that walks it is
`itil.desk.actions.moving.move`. The table is data, so that buttons, documentation and tests read
the same rows (`LIF-1`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise


class Phase(StrEnum):
    """What a status means to queues, clocks and reports, whatever the record type calls it."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"


class Actor(StrEnum):
    """Who may make a move; the letters of domain section 2."""

    REQUESTER = "requester"
    AGENT = "agent"
    LEAD = "lead"
    # The member of staff whom the record is assigned to.
    OWNER = "owner"
    PROBLEM_MANAGER = "problem_manager"
    CHANGE_MANAGER = "change_manager"
    # Who carries a change out.
    IMPLEMENTER = "implementer"
    # Team leads have the duty for major incidents, in every queue.
    MAJOR_MANAGER = "major_incident_manager"
    BILLING_CLERK = "billing_clerk"
    SYSTEM = "system"


class Mark(StrEnum):
    """What a move means to the record's times and its clocks."""

    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    # Every approval was given: fulfilment begins (`SLA-2`).
    APPROVED = "approved"


@dataclass(frozen=True)
class Move:
    """One allowed step: `verb` takes a record from one of `sources` to `target`.

    `needs` names the values the caller must give, `stores` those that are columns of the record.
    `guards` names the record's own checks, methods `guard_<name>(values, by)` that raise `Refused`.
    """

    verb: str
    sources: frozenset[str]
    target: str
    by: frozenset[Actor]
    label: str | Promise = ""
    needs: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    # What the step means to times and clocks, whatever the type calls it.
    marks: Mark | None = None
    # The words on the requester's button; empty: the requester is offered none.
    public_label: str | Promise = ""
    # The phase after the step, where it is not that of the target: a record that waits in place.
    phase: Phase | None = None


@dataclass(frozen=True)
class Lifecycle:
    """The table of one record type."""

    start: str
    phases: Mapping[str, Phase]
    moves: tuple[Move, ...]
    public_labels: Mapping[str, str | Promise] = field(default_factory=dict)

    def __post_init__(self) -> None:
        statuses = set(self.phases)
        for move in self.moves:
            unknown = (set(move.sources) | {move.target}) - statuses
            if unknown:
                raise ValueError(f"{move.verb} names unknown statuses: {sorted(unknown)}")

    def find(self, verb: str, source: str) -> Move | None:
        """The move `verb` out of status `source`, or None when the table has no such row."""
        for move in self.moves:
            if move.verb == verb and source in move.sources:
                return move
        return None

    def moves_from(self, source: str) -> tuple[Move, ...]:
        """All moves that leave status `source`, in the order of the table."""
        return tuple(move for move in self.moves if source in move.sources)

    def verbs_from(self, source: str) -> tuple[str, ...]:
        """The names of the moves that leave status `source`."""
        return tuple(move.verb for move in self.moves_from(source))

    @property
    def verbs(self) -> tuple[str, ...]:
        """Every verb of the table, once, in order."""
        return tuple(dict.fromkeys(move.verb for move in self.moves))
