"""What was recorded since the fact files were built, and files brought up to date with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from itil.tickets.models import TicketEvent
from itil.timesheets.models import EntryEvent

from .facts import Manifest, StoredReader
from .live import LiveReader
from .partitions import Part, together
from .selection import Selection
from .tables import Table

# Each log of changes, and the path from its rows to the ticket.
LOGS: dict[str, tuple[Any, str]] = {
    "events": (TicketEvent, "ticket"),
    # Entries of time are approved and corrected without an event of their ticket.
    "entries": (EntryEvent, "entry__ticket"),
}
# As many changes are told one by one.
MANY = 20_000
# As many tickets are read beside the files; with more of them all are read from the database.
FEW = 5_000


def changed_tickets(manifest: Manifest) -> frozenset[int] | None:
    """The tickets of which anything was recorded since the files were built.

    None when nobody can tell: there were too many, a first run has not ended, or an entry of time
    was removed, which does not name its ticket any more.
    """
    found: set[int | None] = set()
    for name, (model, ticket) in LOGS.items():
        mark = manifest.marks.get(name)
        if mark is None:
            return None
        rows = model.objects.filter(pk__gt=mark["low"]).order_by().values_list("pk", ticket)
        last = list(rows[: 3 * MANY])
        seen = set(mark["seen"])
        found.update(key for row, key in last if row not in seen)
        if len(last) == 3 * MANY or len(found) > FEW or None in found:
            return None
    return frozenset(key for key in found if key is not None)


class CurrentReader:
    """Reads the fact files, and from the database the tickets that changed since: the same as all
    of it read from the database, in the time that the files take."""

    def __init__(self, manifest: Manifest, changed: Collection[int]) -> None:
        """`changed`: since the files that the manifest names; those of another one would not do."""
        self.changed = frozenset(changed)
        self._stored = StoredReader(manifest, without=self.changed)
        self._live = LiveReader()

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        if not table.is_stored:
            return self._live.read(table, columns, selection)
        wanted = list(dict.fromkeys([*columns, table.sorted_by]))
        stored = self._stored.read(table, wanted, selection)
        if not self.changed:
            return stored[list(columns)]
        changed = self._live.read(table, wanted, replace(selection, among=self.changed))
        found = together([stored, changed])
        # Rows of one ticket come from one side, and stay in their order.
        found = found.sort_values(table.sorted_by, kind="stable", ignore_index=True)
        return found[list(columns)]

    def is_steady(self, table: Table) -> bool:
        return self._live.is_steady(table)

    def work_ahead(self, wanted: Mapping[str, Sequence[str]], selection: Selection) -> None:
        """The files; what changed is little."""
        self._stored.work_ahead(wanted, selection)

    def parts(self, count: int) -> list[Part]:
        """The fact files without what changed; `changed` is read here."""
        return self._stored.parts(count)
