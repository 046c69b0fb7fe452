"""When tickets waited and for what, as arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q
from django.db.models.fields.json import KT

from itil.tickets.lifecycle import Phase
from itil.tickets.models import EventKind, TicketEvent

from .arrays import Numbers, Seconds, Stretches, Waits
from .clock_arrays import Epoch, Reading, Row, Tickets, plain_rows
from .codes import NEVER
from .near import near

# The number of a reason that nobody decides about.
OTHER = -1


@dataclass(frozen=True)
class TicketWaits:
    """One entry per wait, sorted by ticket and time; `tickets` are primary keys, `reasons` places
    in a list of reasons. A wait that goes on ends NEVER.
    """

    tickets: Numbers
    starts: Seconds
    ends: Seconds
    reasons: Numbers


def read_waits(record: Tickets, reasons: Sequence[str]) -> TicketWaits:
    """The waits of the tickets of `record`, and perhaps of others; one query."""
    rows = (
        TicketEvent.objects.filter(
            Q(phase=Phase.WAITING) | Q(data__from_phase=Phase.WAITING),
            near(record.keys, "ticket"),
            kind=EventKind.MOVED,
        )
        .annotate(second=Epoch("at"), reason=KT("data__hold_reason"))
        .order_by("ticket_id", "pk")
        .values_list("ticket_id", "second", "phase", "reason")
    )
    return waits_in((row for chunk in plain_rows(rows) for row in chunk), reasons)


def waits_in(rows: Iterable[Row], reasons: Sequence[str]) -> TicketWaits:
    """(ticket, second, phase, reason) of the moves into and out of waiting, by ticket in the order
    they were written."""
    columns = list(zip(*rows, strict=True)) or [()] * 4
    tickets, seconds = np.array(columns[0], np.int64), np.array(columns[1], np.int64)
    places = {reason: place for place, reason in enumerate(reasons)}
    waiting = np.array([phase == Phase.WAITING for phase in columns[2]], bool)
    why = np.array([places.get(reason, OTHER) for reason in columns[3]], np.int64)
    # A move that is heard of late counts from the last one before it, as clocks have it.
    is_first = np.append(True, tickets[1:] != tickets[:-1])[: len(tickets)]
    line = (is_first.cumsum() << 36) + seconds
    seconds = np.maximum.accumulate(line) - (is_first.cumsum() << 36) if len(line) else seconds
    goes_on = np.append(is_first[1:], True)[: len(tickets)]
    ends = np.where(goes_on, NEVER, np.append(seconds[1:], NEVER)[: len(tickets)])
    return TicketWaits(tickets[waiting], seconds[waiting], ends[waiting], why[waiting])


def of_clocks(reading: Reading, waits: TicketWaits) -> Waits:
    """The waits as the clocks of `reading` met them: each of its ticket, for those that pause."""
    clocks = np.flatnonzero(reading.clocks.pausable & reading.clocks.replayable)
    keys = reading.record.keys[reading.tickets[clocks]]
    first = np.searchsorted(waits.tickets, keys)
    counts = np.searchsorted(waits.tickets, keys, side="right") - first
    place = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    rows = np.repeat(first, counts) + place
    return Waits(
        Stretches(np.repeat(clocks, counts), waits.starts[rows], waits.ends[rows]),
        waits.reasons[rows],
    )
