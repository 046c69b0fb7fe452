"""What tickets were promised over time, from the events that tell of a choice of agreements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models.fields.json import KT

from itil.sla.models import Agreement, Form
from itil.tickets.models import EventKind, TicketEvent

from .arrays import Flags, Promises
from .clock_arrays import METRICS, Reading, plain_rows
from .codes import NEVER, Outcome, level_code
from .near import near

# Databases take so many values in one statement.
BATCH = 500


@dataclass(frozen=True)
class Choice:
    """What a metric was promised from `at` on, epoch seconds, for `priority` (`level_code`)."""

    at: int
    priority: int
    seconds: int
    edition: UUID


History = Mapping[str, Sequence[Choice]]


def read_choices(reading: Reading) -> Reading:
    """`reading` with all the promises its clocks have had.

    One query for the tickets concerned and one for each `BATCH` of them.
    """
    rows = (
        TicketEvent.objects.filter(
            near(reading.record.keys, "ticket"), kind__in=(EventKind.EDITED, EventKind.CLOCK)
        )
        # No condition: SQLite would look into the documents of all other events as well.
        .annotate(chosen=KT("data__terms__0__kind"))
        .order_by()
        .values_list("ticket_id", "chosen")
    )
    edited = {ticket for chunk in plain_rows(rows) for ticket, chosen in chunk if chosen}
    concerned = np.isin(reading.record.keys, list(edited)) | (reading.record.reopened > 0)
    places = np.unique(reading.tickets[_rechosen(reading) & concerned[reading.tickets]])
    return with_choices(reading, _histories(reading.record.keys[places].tolist()))


def _rechosen(reading: Reading) -> Flags:
    """Clocks that other promises were made to, or would have been had they not been missed."""
    missed = reading.clocks.outcomes == Outcome.BREACHED
    return (reading.retargeted | missed) & reading.clocks.replayable


def _histories(keys: Sequence[int]) -> dict[int, History]:
    found: dict[int, History] = {}
    for i in range(0, len(keys), BATCH):
        rows = (
            TicketEvent.objects.filter(ticket_id__in=keys[i : i + BATCH], data__has_key="terms")
            .order_by("ticket_id", "pk")
            .values_list("ticket_id", "at", "data")
        )
        found |= histories(rows)
    return found


def histories(rows: Iterable[tuple[int, datetime, Mapping[str, Any]]]) -> dict[int, History]:
    """(ticket, instant, data) of events that hold terms as choices by ticket and metric."""
    found: dict[int, dict[str, list[Choice]]] = {}
    for ticket, at, data in rows:
        for metric, choice in _chosen(at, data["terms"]):
            found.setdefault(ticket, defaultdict(list))[metric].append(choice)
    return dict(found)


def _level(terms: Mapping[str, Any]) -> int:
    # Terms told before the desk kept scales name none.
    return level_code(terms.get("target_key", "priority"), terms["priority"])


def _chosen(at: datetime, chosen: Any) -> Iterator[tuple[str, Choice]]:
    # An importer tells of one promise for all time, which the clock still has.
    for terms in chosen if isinstance(chosen, list) else ():
        if terms["kind"] != Agreement.Kind.SLA:
            continue
        for metric, cell in terms["targets"].items():
            if cell.get("form", Form.DURATION) == Form.DURATION:
                yield (
                    metric,
                    Choice(
                        int(at.timestamp()), _level(terms), cell["seconds"],
                        UUID(cell["edition"]),
                    ),
                )  # fmt: skip


def with_choices(reading: Reading, choices: Mapping[int, History]) -> Reading:
    """`reading` with the promises of `choices`, by ticket, in place of the last ones (`SLA-17`)."""
    hours = {UUID(edition): place for place, edition in enumerate(reading.hours)}
    clocks = reading.clocks
    told = np.isin(reading.record.keys, list(choices))[reading.tickets]
    rows: list[tuple[int, int, int, int, int]] = []
    for clock in np.flatnonzero(_rechosen(reading) & told).tolist():
        history = choices[int(reading.record.keys[reading.tickets[clock]])]
        known = history.get(METRICS[clocks.metrics[clock]], ())
        rows += _rows(clock, reading, known, hours)
    if not rows:
        return reading
    several = np.array(rows, np.int64).T
    single = clocks.promises.where(~np.isin(clocks.promises.clocks, several[0]))
    joined = [
        np.concatenate(pair)
        for pair in zip(
            (single.clocks, single.until, single.priorities, single.targets, single.schedules),
            several,
            strict=True,
        )
    ]
    order = np.lexsort((joined[1], joined[0]))
    promises = Promises(*(column[order] for column in joined))
    return replace(
        reading,
        clocks=replace(clocks, promises=promises),
        hours=tuple(str(edition) for edition in hours),
    )


def _rows(
    clock: int, reading: Reading, known: Sequence[Choice], hours: dict[UUID, int]
) -> list[tuple[int, int, int, int, int]]:
    """The promises of one clock from its start to its stop, as rows of `Promises`."""
    clocks, stored = reading.clocks, reading.clocks.promises
    begins, ends = int(clocks.begins[clock]), int(clocks.ends[clock])
    last = (
        int(stored.priorities[clock]), int(stored.targets[clock]), int(stored.schedules[clock])
    )  # fmt: skip
    # What was never re-targeted still has the promise it began with.
    before = [choice for choice in known if choice.at <= begins][-1:] or list(known[:1])
    chosen = [_cell(before[0], hours)] if before and reading.retargeted[clock] else [last]
    since = [begins]
    for choice in known:
        if begins < choice.at <= ends and choice not in before:
            chosen.append(_cell(choice, hours))
            since.append(choice.at)
    if chosen[-1][:2] == last[:2]:
        # Its calendar may have been edited since.
        chosen[-1] = last
    return [(clock, until, *cell) for cell, until in zip(chosen, [*since[1:], NEVER], strict=True)]


def _cell(choice: Choice, hours: dict[UUID, int]) -> tuple[int, int, int]:
    """The priority, the seconds and the number of the opening hours of a choice."""
    return choice.priority, choice.seconds, hours.setdefault(choice.edition, len(hours))
