"""Fact files: the large frames as Parquet, by the month in which their ticket was received (UTC).

    facts/manifest.json                         what holds, replaced in one step
    facts/2026-03/<generation>/tickets.early.parquet   one file for each frame and lot
    facts/late/<generation>/tickets.parquet            the late lots of all months, once more

A month comes in two lots: the tickets that were over soon, which few questions are about, and those
that were not; so a look at the last weeks leaves the bulk of former months unread. As it needs the
late ones of all months, these are put together as well. Keys only, no names and no texts of people.
 A generation is never changed; the manifest names the one that counts.
`reports.actions.facts` builds them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from .arrays import Flags, Numbers
from .arrow import STORED, framed
from .keys import are_among
from .live import LiveReader
from .partitions import Part, in_groups
from .selection import Selection
from .tables import TABLES, TICKETS, Table, stored_tables

MANIFEST = "manifest.json"
# Raised when the meaning of a column changes; its name and type are in the digest anyway.
VERSION = 5
EARLY, LATE = LOTS = ("early", "late")
TOGETHER = "late"


class NoFactsError(Exception):
    """There are no fact files, or another version wrote them; `manage.py build_facts` builds."""


@dataclass(frozen=True)
class Month:
    """One partition. `rows` by frame. `last_change` of its early lot is the latest change of a
    ticket in it, as text in UTC; empty when it has none. `falls`: for frames whose
    records have a time of their own, the first and the last one in each lot that has any."""

    generation: str
    rows: dict[str, int]
    last_change: str
    built_at: str
    falls: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """`months` by label, `2026-03`. `marks` say how far the logs of changes were read.

    `late_of` are the generations of the months of which the late lots were put together.
    """

    schema: str
    built_at: str
    months: dict[str, Month]
    marks: dict[str, Any] = field(default_factory=dict)
    late_generation: str = ""
    late_of: dict[str, str] = field(default_factory=dict)

    def has_late(self, months: Sequence[str]) -> bool:
        """The late lots of just these months are in one file."""
        now = {label: self.months[label].generation for label in months}
        return bool(self.late_generation) and now == self.late_of

    def only(self, months: Sequence[str]) -> "Manifest":
        """Of these months, and without what tells how to go on building."""
        kept = {label: self.months[label] for label in months}
        return replace(self, months=kept, marks={}, late_generation="", late_of={})

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @classmethod
    def of_json(cls, text: str) -> "Manifest":
        given = json.loads(text)
        months = {label: Month(**month) for label, month in given["months"].items()}
        return cls(**(given | {"months": months}))


def folder() -> Path:
    return Path(settings.FACTS_DIR)


def schema_digest() -> str:
    """Of the stored frames, their columns and types; files of another one are not read."""
    shape = {
        name: [(column, one.type) for column, one in table.columns.items()]
        for name, table in stored_tables().items()
    }
    return hashlib.sha256(json.dumps([VERSION, shape], sort_keys=True).encode()).hexdigest()[:16]


def read_manifest() -> Manifest | None:
    """What the fact files hold; None when there are none that this version reads."""
    try:
        found = Manifest.of_json((folder() / MANIFEST).read_text())
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return None
    return found if found.schema == schema_digest() else None


def known_manifest() -> Manifest:
    """As `read_manifest`; raises NoFactsError in place of None."""
    found = read_manifest()
    if found is None:
        raise NoFactsError("There are no fact files; run manage.py build_facts.")
    return found


def file_of(label: str, month: Month, name: str, lot: str) -> Path:
    return folder() / label / month.generation / f"{name}.{lot}.parquet"


def late_file(generation: str, name: str) -> Path:
    return folder() / TOGETHER / generation / f"{name}.parquet"


def arrow_schema(table: Table) -> pa.Schema:
    return pa.schema([(column, STORED[one.type]) for column, one in table.columns.items()])


class StoredReader:
    """Reads the state of the fact files that a manifest names; `months` narrows it to some of them,
    and the tickets `without` are left out."""

    def __init__(
        self,
        manifest: Manifest,
        months: Sequence[str] | None = None,
        without: frozenset[int] = frozenset(),
    ) -> None:
        self.manifest = manifest
        self.months = sorted(manifest.months if months is None else months)
        self._without = without
        self._live = LiveReader()
        self._rows: dict[tuple[str, Selection], StoredRows] = {}
        # What is being read, not narrowed yet.
        self._ahead: dict[tuple[str, Selection], StoredRows] = {}
        self._crew = ThreadPoolExecutor(1)

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        if not table.is_stored:
            return self._live.read(table, columns, selection)
        return self._rows_of(table, selection).frame(columns)

    def is_steady(self, table: Table) -> bool:
        """Files that were written do not change."""
        return table.is_stored

    def work_ahead(self, wanted: Mapping[str, Sequence[str]], selection: Selection) -> None:
        """Begin to read columns, by table, that will be asked for, while something else is done:
        the tickets first, which say of all others what is meant."""
        for name in sorted(wanted, key=lambda name: name != TICKETS):
            table = TABLES[name]
            asked = table.selected(selection)
            if table.is_stored and (name, asked) not in self._rows:
                needed = {*wanted[name], table.sorted_by, table.falls_at, "ticket", *asked.columns}
                rows = self._ahead[(name, asked)] = self._opened(table, asked)
                rows.read_ahead([one for one in table.columns if one in needed], self._crew)

    def parts(self, count: int) -> list[Part]:
        """All that this reads in at most `count` parts, for others to read."""
        return [
            Part(self.manifest.only(months), self._without)
            for months in in_groups(self.months, count)
        ]

    def _rows_of(self, table: Table, selection: Selection) -> "StoredRows":
        key = (table.name, selection)
        if key not in self._rows:
            rows = self._ahead.pop(key, None) or self._opened(table, selection)
            rows.narrow(self._held(rows, selection))
            self._rows[key] = rows
        return self._rows[key]

    def _opened(self, table: Table, selection: Selection) -> "StoredRows":
        return StoredRows(table, paths_of(self.manifest, self.months, table, selection))

    def _held(self, rows: "StoredRows", selection: Selection) -> Flags | None:
        """Which rows of these files a selection holds; None: all of them."""
        held, table = None, rows.table
        if self._without:
            without = np.array(sorted(self._without), np.int64)
            held = ~are_among(rows.frame(["ticket"])["ticket"].to_numpy(), without)
        if table.falls_at and (selection.falls_from or selection.falls_before):
            kind = table.columns[table.falls_at].type
            falls = selection.falls(rows.frame([table.falls_at])[table.falls_at], kind)
            held = falls if held is None else held & falls
        wanted = selection.columns
        if not wanted:
            return held
        if table.name == TICKETS or (table.has_own_time and {*wanted} <= {*table.columns}):
            found = selection.holds(rows.frame(wanted))
        else:
            asked = self._rows_of(TABLES[TICKETS], selection.of_tickets()).frame(["ticket"])
            keys = rows.frame(["ticket"])["ticket"].to_numpy()
            found = are_among(keys, asked["ticket"].to_numpy())
        return found if held is None else held & found


class StoredRows:
    """The rows of some files of one table, in the order of the table; each column is read once,
    when it is first asked for."""

    def __init__(self, table: Table, paths: Sequence[Path]) -> None:
        self.table = table
        # They stay readable although a later run removes them.
        self._files = [pq.ParquetFile(path, memory_map=True) for path in paths]
        self._read: dict[str, pa.ChunkedArray] = {}
        self._coming: Future[dict[str, pa.ChunkedArray]] | None = None
        self._places: Numbers | None = None

    def narrow(self, held: Flags | None) -> None:
        """Keep the rows that are `held`, and put them in order."""
        keys = self._columns([self.table.sorted_by])[self.table.sorted_by].to_numpy()
        places = np.arange(len(keys)) if held is None else np.flatnonzero(held)
        kept = keys[places]
        if (kept[1:] < kept[:-1]).any():
            places = places[np.argsort(kept, kind="stable")]
        self._places = places

    def frame(self, columns: Sequence[str]) -> pd.DataFrame:
        types = {column: self.table.columns[column].type for column in columns}
        return framed(self._columns(columns), types, self._places)

    def read_ahead(self, columns: Sequence[str], crew: ThreadPoolExecutor) -> None:
        """Let the crew begin to read columns; nothing else is read before they are there."""
        self._coming = crew.submit(self._of_files, columns)

    def _columns(self, columns: Sequence[str]) -> pa.Table:
        if self._coming is not None:
            self._read |= self._coming.result()
            self._coming = None
        missing = [column for column in columns if column not in self._read]
        if missing:
            self._read |= self._of_files(missing)
        return pa.table({column: self._read[column] for column in columns})

    def _of_files(self, columns: Sequence[str]) -> dict[str, pa.ChunkedArray]:
        # One thread: columns of a month are too small to be worth handing over.
        parts = [file.read(columns=columns, use_threads=False) for file in self._files]
        found = {}
        for column in columns:
            chunks = [chunk for part in parts for chunk in part[column].chunks]
            found[column] = pa.chunked_array(chunks, STORED[self.table.columns[column].type])
        return found


def paths_of(
    manifest: Manifest, months: Sequence[str], table: Table, selection: Selection
) -> list[Path]:
    """The files that can have rows of a selection."""
    paths = [
        file_of(label, manifest.months[label], table.name, lot)
        for label in months
        for lot in lots_of(label, manifest.months[label], table, selection)
    ]
    late = {path for path in paths if path.name == f"{table.name}.{LATE}.parquet"}
    if manifest.has_late(months) and len(late) > 1:
        paths = [path for path in paths if path not in late]
        paths.append(late_file(manifest.late_generation, table.name))
    return paths


def bounds_of(label: str) -> tuple[datetime, datetime]:
    """The month `2026-03` as instants, `[start, end)` in UTC."""
    start = datetime.strptime(label, "%Y-%m").replace(tzinfo=UTC)
    year, month = divmod(start.year * 12 + start.month, 12)
    return start, datetime(year, month + 1, 1, tzinfo=UTC)


def lots_of(label: str, month: Month, table: Table, selection: Selection) -> tuple[str, ...]:
    """The lots of a month that can have rows of a selection, by what is known about them."""
    start, end = bounds_of(label)
    if selection.before and start >= selection.before:
        return ()
    if selection.received_from and end <= selection.received_from:
        return ()
    if selection.since and end <= selection.since:
        last = month.last_change
        if not last or datetime.fromisoformat(last) < selection.since:
            return (LATE,)
    if table.falls_at:
        low, high = selection.falls_within(table.columns[table.falls_at].type)
        falls = month.falls[table.name]
        return tuple(
            lot
            for lot in LOTS
            if lot in falls
            and (low is None or falls[lot][1] >= as_text(low))
            and (high is None or falls[lot][0] < as_text(high))
        )
    return LOTS


def as_text(at: date) -> str:
    """A day, or an instant in UTC, as text that sorts like it."""
    return (
        at.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(at, datetime)
        else (at.isoformat())
    )
