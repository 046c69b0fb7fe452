"""Fact files: the large frames as Parquet, by the month in which their ticket was received (UTC).

    facts/manifest.json                         what holds, replaced in one step
    facts/2026-03/<generation>/tickets.early.parquet   one file for each frame and lot

A month comes in two lots: the tickets that were over soon, which few questions are about, and those
that were not; so a look at the last weeks leaves the bulk of former months unread. Keys only, no
names and no texts of people. A generation is never changed; the manifest names the one that counts.
`reports.actions.facts` builds them.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from django.conf import settings

from .arrow import STORED, framed
from .keys import places_of
from .live import LiveReader
from .selection import Selection
from .tables import TABLES, Table, stored_tables

MANIFEST = "manifest.json"
# Raised when the meaning of a column changes; its name and type are in the digest anyway.
VERSION = 2
EARLY, LATE = LOTS = ("early", "late")


class NoFactsError(Exception):
    """There are no fact files, or another version wrote them; `manage.py build_facts` builds."""


@dataclass(frozen=True)
class Month:
    """One partition. `rows` by frame. `last_change` of its early lot is the latest change, solution
    or closing of a ticket in it, as text in UTC; empty when it has none."""

    generation: str
    rows: dict[str, int]
    last_change: str
    built_at: str


@dataclass(frozen=True)
class Manifest:
    """`months` by label, `2026-03`. `marks` say how far the logs of changes were read."""

    schema: str
    built_at: str
    months: dict[str, Month]
    marks: dict[str, Any] = field(default_factory=dict)

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


def file_of(label: str, month: Month, name: str, lot: str) -> Path:
    return folder() / label / month.generation / f"{name}.{lot}.parquet"


def arrow_schema(table: Table) -> pa.Schema:
    return pa.schema([(column, STORED[one.type]) for column, one in table.columns.items()])


class StoredReader:
    """Reads one state of the fact files; `months` narrows it to some of them."""

    def __init__(self, months: Sequence[str] | None = None) -> None:
        manifest = read_manifest()
        if manifest is None:
            raise NoFactsError("There are no fact files; run manage.py build_facts.")
        self.manifest = manifest
        self.months = sorted(manifest.months if months is None else months)
        self._live = LiveReader()
        self._held: dict[Selection, np.ndarray] = {}

    @property
    def built_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest.built_at)

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        if not table.is_stored:
            return self._live.read(table, columns, selection)
        if not selection.columns:
            return self._rows(table, columns, selection)
        if table.name == "tickets":
            wanted = list(dict.fromkeys([*columns, *selection.columns]))
            found = self._rows(table, wanted, selection)
            return _narrowed(found[selection.holds(found)], columns)
        found = self._rows(table, list(dict.fromkeys([*columns, "ticket"])), selection)
        held = places_of(found["ticket"].to_numpy(), self._tickets(selection)) >= 0
        return _narrowed(found[held], columns)

    def is_steady(self, table: Table) -> bool:
        """Files that were written do not change."""
        return table.is_stored

    def _tickets(self, selection: Selection) -> np.ndarray:
        """The keys of the tickets of a selection."""
        if selection not in self._held:
            keys = self.read(TABLES["tickets"], ["ticket"], selection)["ticket"]
            self._held[selection] = keys.to_numpy()
        return self._held[selection]

    def _rows(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        """All rows of the months that a selection may touch, in the order of the table."""
        needed = list(dict.fromkeys([*columns, table.sorted_by]))
        paths = [
            str(file_of(label, self.manifest.months[label], table.name, lot))
            for label in self.months
            for lot in lots_of(label, self.manifest.months[label], selection)
        ]
        schema = arrow_schema(table)
        if paths:
            found = ds.dataset(paths, schema=schema, format="parquet").to_table(columns=needed)
        else:
            found = schema.empty_table().select(needed)
        frame = framed(found, {column: table.columns[column].type for column in needed})
        order = frame[table.sorted_by]
        if not order.is_monotonic_increasing:
            frame = frame.take(np.argsort(order.to_numpy(), kind="stable")).reset_index(drop=True)
        return frame[list(columns)]


def _narrowed(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Of the rows that are left only the texts that occur, as when nothing else was read."""
    found = frame[list(columns)].reset_index(drop=True)
    for column in found.columns[found.dtypes == "category"]:
        used = found[column].cat.remove_unused_categories().cat
        if "" not in used.categories:
            used = used.add_categories([""]).cat
        found[column] = used.set_categories(sorted(used.categories))
    return found


def bounds_of(label: str) -> tuple[datetime, datetime]:
    """The month `2026-03` as instants, `[start, end)` in UTC."""
    start = datetime.strptime(label, "%Y-%m").replace(tzinfo=UTC)
    year, month = divmod(start.year * 12 + start.month, 12)
    return start, datetime(year, month + 1, 1, tzinfo=UTC)


def lots_of(label: str, month: Month, selection: Selection) -> tuple[str, ...]:
    """The lots of a month that can have tickets of a selection, by its bounds and last change."""
    start, end = bounds_of(label)
    if selection.before and start >= selection.before:
        return ()
    if selection.received_from and end <= selection.received_from:
        return ()
    if selection.since and end <= selection.since:
        last = month.last_change
        if not last or datetime.fromisoformat(last) < selection.since:
            return (LATE,)
    return LOTS
