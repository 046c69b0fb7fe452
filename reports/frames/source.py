"""The frames of one reading of the desk, each read when it is first asked for and then kept.

Text of few values is categorical, sorted, with "" for none; keys that may be missing are `Int64`;
instants are aware and in UTC. Every maker gives equal frames.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import pandas as pd
from django.conf import settings

from .changes import CurrentReader, changed_tickets
from .facts import StoredReader, known_manifest, read_manifest
from .keys import places_of
from .live import LiveReader
from .names import Names, key_of
from .partitions import BeyondTicketsError, Cluster, Part, RowsOf, together
from .rehearsing import RehearsingReader, needs_of
from .selection import Selection
from .tables import OF_TICKETS, TICKETS, Table, table_named


class Reader(Protocol):
    """Where the columns of a table come from."""

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        """These columns of the table's own, typed, for the tickets of a selection."""
        ...

    def is_steady(self, table: Table) -> bool:
        """What is read later has the same rows in the same order."""
        ...

    def work_ahead(self, wanted: Mapping[str, Sequence[str]], selection: Selection) -> None:
        """Begin to read columns, by table, that will be asked for, while something else is done."""
        ...

    def parts(self, count: int) -> list[Part]:
        """What other machines may read of it, in at most `count` parts; none of a database."""
        ...


class Frames:
    """What reports read: `frames.tickets`, or `frames.read("tickets", columns=[…])` for less.

    `now` is the instant that they tell of.
    """

    def __init__(
        self,
        selection: Selection,
        *,
        now: datetime,
        reader: Reader,
        names: Names | None = None,
    ) -> None:
        self.selection = replace(selection, now=now)
        self.now = now
        self._reader = reader
        self._names = names or Names()
        self._kept: dict[str, pd.DataFrame] = {}

    @classmethod
    def live(cls, selection: Selection | None = None, *, now: datetime) -> "Frames":
        """From the database, as it is at this moment."""
        return cls(selection or Selection(), now=now, reader=LiveReader())

    @classmethod
    def stored(cls, selection: Selection | None = None, *, now: datetime) -> "Frames":
        """From the fact files, as they were built last; what they do not hold is read live.

        Raises NoFactsError when there are none that this version reads.
        """
        return cls(selection or Selection(), now=now, reader=StoredReader(known_manifest()))

    @classmethod
    def latest(cls, selection: Selection | None = None, *, now: datetime) -> "Frames":
        """As `live`, by the fastest way: from the fact files, with what changed since from the
        database; all of it from the database where there are no files or too much changed."""
        manifest = read_manifest()
        changed = changed_tickets(manifest) if manifest else None
        if manifest is None or changed is None:
            return cls.live(selection, now=now)
        return cls(selection or Selection(), now=now, reader=CurrentReader(manifest, changed))

    def read(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The frame `name`, all of it or these columns only, in this order.

        Raises KeyError for a frame or a column that there is not.
        """
        table = table_named(name)
        wanted = list(columns) if columns is not None else all_columns(table)
        kept = self._kept.get(name)
        missing = [column for column in wanted if kept is None or column not in kept]
        if kept is None or missing:
            kept = self._kept[name] = self._with(table, kept, missing)
        return kept[wanted].copy(deep=False)

    def _with(self, table: Table, kept: pd.DataFrame | None, missing: list[str]) -> pd.DataFrame:
        """The frame with more columns."""
        own, of_tickets = needed(table, missing)
        if kept is None:
            if not {*table.usual}.isdisjoint(own):
                own = [column for column in table.columns if column in {*own, *table.usual}]
            frame = self._reader.read(table, own, table.selected(self.selection))
        elif self._reader.is_steady(table):
            more = [column for column in own if column not in kept]
            frame = kept
            if more:
                found = self._reader.read(table, more, table.selected(self.selection))
                frame = pd.concat([kept, found], axis="columns")
        else:
            # Rows that were read at different moments do not fit together: read all of it again.
            return self._with(table, None, [*kept, *missing])
        of_tickets = [column for column in of_tickets if column not in frame]
        if of_tickets:
            frame = self._with_tickets(table, frame, of_tickets)
        return frame.assign(
            **{
                column: self._made(table, frame, column)
                for column in missing
                if column not in frame
            }
        )

    def _made(self, table: Table, frame: pd.DataFrame, column: str) -> pd.Series:
        """A column that was not read: it follows from others, or names a key."""
        if column in table.derived:
            return table.derived[column].of(frame)
        return self._names.of(column.removesuffix("_name"), frame[key_of(column)])

    def _with_tickets(
        self, table: Table, frame: pd.DataFrame, columns: Sequence[str]
    ) -> pd.DataFrame:
        """The frame with columns of the ticket of each row; rows without their ticket go."""
        source = self
        if table.has_own_time and table.selected(self.selection) != self.selection:
            source = Frames(
                self.selection.of_any_time(), now=self.now, reader=self._reader, names=self._names
            )
        tickets = source.read(TICKETS, ["ticket", *columns])
        places = places_of(frame["ticket"].to_numpy(), tickets["ticket"].to_numpy())
        if (places < 0).any():
            frame, places = frame[places >= 0].reset_index(drop=True), places[places >= 0]
        found = tickets[list(columns)].take(places).reset_index(drop=True)
        return pd.concat([frame, found], axis="columns")

    def expect(self, functions: Mapping[Any, RowsOf]) -> None:
        """Say which functions, by a name for each, are asked for their rows next: what they need is
        fetched meanwhile."""

        # The machines of a cluster read for themselves.
        if not settings.DASK_SCHEDULER:
            needs = needs_of(functions, self.selection, self._of_nothing)
            self._reader.work_ahead(needs, self.selection)

    def _of_nothing(self, reader: RehearsingReader) -> "Frames":
        return Frames(self.selection, now=self.now, reader=reader, names=self._names)

    def spread(self, function: RowsOf) -> pd.DataFrame:
        """The rows that `function` makes of these frames. Where they follow from the tickets of
        some months, the cluster of DASK_SCHEDULER makes them, if there is one: the same rows.

        `function` is one that other machines can import. What needs more than the fact files hold,
        such as links between tickets, is made here, and so is all when nobody is at the address.
        """
        if not settings.DASK_SCHEDULER or not self._follows_from_tickets(function):
            return function(self)
        try:
            cluster = Cluster(settings.DASK_SCHEDULER)
            parts = self._reader.parts(cluster.width)
            found = cluster.rows(function, parts, self.selection, self.now)
        except (BeyondTicketsError, OSError):
            return function(self)
        if isinstance(self._reader, CurrentReader) and self._reader.changed:
            changed = replace(self.selection, among=self._reader.changed)
            found.append(function(Frames(changed, now=self.now, reader=LiveReader())))
        return together(found)

    def _follows_from_tickets(self, function: RowsOf) -> bool:
        """Whether it reads what fact files hold, and there are some."""
        if not self._reader.parts(1):
            return False
        rehearsal = RehearsingReader(self.selection)
        function(self._of_nothing(rehearsal))
        return all(table.is_stored for table in rehearsal.tables)

    # --- The frames, whole ------------------------------------------------------------------

    @property
    def tickets(self) -> pd.DataFrame:
        return self.read(TICKETS)

    @property
    def phases(self) -> pd.DataFrame:
        """One row per opening and per move: the phase and status the ticket entered."""
        return self.read("phases")

    @property
    def teams(self) -> pd.DataFrame:
        """One row per opening and per change of team: the team the ticket came to."""
        return self.read("teams")

    @property
    def clocks(self) -> pd.DataFrame:
        """One row per clock that has begun, cancelled ones included."""
        return self.read("clocks")

    @property
    def messages(self) -> pd.DataFrame:
        return self.read("messages")

    @property
    def time(self) -> pd.DataFrame:
        """One row per time entry; `work_date` is a local date of the business zone."""
        return self.read("time")

    @property
    def ratings(self) -> pd.DataFrame:
        return self.read("ratings")

    @property
    def surveys(self) -> pd.DataFrame:
        """One row per survey that reached somebody."""
        return self.read("surveys")

    @property
    def requests(self) -> pd.DataFrame:
        return self.read("requests")

    @property
    def changes(self) -> pd.DataFrame:
        return self.read("changes")

    @property
    def problems(self) -> pd.DataFrame:
        return self.read("problems")

    @property
    def links(self) -> pd.DataFrame:
        return self.read("links")

    @property
    def consultations(self) -> pd.DataFrame:
        """One row per form at which answers were offered."""
        return self.read("consultations")

    @property
    def feedback(self) -> pd.DataFrame:
        """One row per time somebody said whether an article helped."""
        return self.read("feedback")


def all_columns(table: Table) -> list[str]:
    """The columns of the whole frame: each key with its name behind it, then what follows."""
    found = []
    for column in table.columns:
        found.append(column)
        found += [name for name in (f"{column}_name",) if key_of(name) == column]
        found += [name for name in (f"{column}_parent_name",) if key_of(name) == column]
    return [*found, *table.derived]


def needed(table: Table, wanted: Iterable[str]) -> tuple[list[str], list[str]]:
    """What to read for `wanted`: columns of the table's own, and those of its tickets.

    Raises KeyError for a column that there is not.
    """
    own: dict[str, None] = {}
    of_tickets: dict[str, None] = {}
    for column in wanted:
        parts = table.derived[column].needs if column in table.derived else (column,)
        for part in parts:
            key = part if part in table.columns else key_of(part) or part
            if key in table.columns:
                own[key] = None
            elif table.ticket and "ticket" in table.columns and key in OF_TICKETS:
                of_tickets[key] = None
            else:
                raise KeyError(f"The frame {table.name} has no column {column}.")
    if of_tickets:
        own.setdefault("ticket")
    ordered = [column for column in table.columns if column in own]
    # Something has to say how many rows there are.
    return ordered or [next(iter(table.columns))], list(of_tickets)
