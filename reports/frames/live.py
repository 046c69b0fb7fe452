"""Columns of the database. A query is made once, by Django; who runs it is a matter of speed."""

import weakref
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from .arrays import Numbers
from .arrow import framed, table_of
from .asking import Asker, OfTransaction, Question, own_asker
from .columns import typed_frame
from .keys import are_among
from .near import parts_of
from .partitions import Part
from .selection import Selection
from .tables import TABLES, TICKETS, Table


class LiveReader:
    """Reads what the database holds; all that one reader reads by a connection of its own is of one
    moment."""

    def __init__(self) -> None:
        self._own: Asker | None = None
        self._keys: dict[Selection, Numbers] = {}
        self._coming: dict[tuple[str, Selection], _Coming] = {}

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        types = _types(table, columns)
        if table.made is not None:
            every = _types(table, table.columns)
            return typed_frame(table.made(selection), every)[list(columns)]
        found, places = self._found(table, columns, selection)
        return framed(found, types, places)

    def is_steady(self, table: Table) -> bool:
        """Its own connection reads in one transaction, which sees the same throughout."""
        return table.is_stored and not _is_alone(connections[DEFAULT_DB_ALIAS])

    def parts(self, _count: int) -> list[Part]:
        """None: the database is asked by one machine."""
        return []

    def arrow(self, table: Table, columns: Sequence[str], selection: Selection) -> pa.Table:
        """The same as files hold it."""
        found, places = self._found(table, columns, selection)
        found = found.select(list(columns))
        return found if places is None else found.take(places)

    def work_ahead(self, wanted: Mapping[str, Sequence[str]], selection: Selection) -> None:
        """Begin to read columns, by table, that will be asked for, while something else is done."""
        if _is_alone(connections[DEFAULT_DB_ALIAS]):
            return
        stored = [(TABLES[name], wanted[name]) for name in wanted if TABLES[name].is_stored]
        begun = [(table, columns, table.selected(selection)) for table, columns in stored]
        # What is found by the tickets comes after these.
        for table, columns, of in sorted(begun, key=lambda one: _goes_by_keys(one[0], one[2])):
            self._coming[(table.name, of)] = self._begun(table, columns, of)

    def _found(
        self, table: Table, columns: Sequence[str], selection: Selection
    ) -> tuple[pa.Table, Numbers | None]:
        """Rows with at least these columns, and the places of those that are meant, in order."""
        coming = self._coming.get((table.name, selection))
        if coming is None or not {*columns} <= {*coming.types}:
            coming = self._begun(table, columns, selection)
        found = coming.rows()
        if table.name == TICKETS and "ticket" in coming.types:
            self._keys[selection] = found["ticket"].to_numpy()
        if coming.keys is None:
            return found, None
        return found, _places(found, coming.keys, table.sorted_by)

    def _begun(self, table: Table, columns: Sequence[str], selection: Selection) -> "_Coming":
        keys, wanted, selections = None, [*columns], [selection]
        if _goes_by_keys(table, selection):
            keys = self._keys_of(selection)
            wanted = list(dict.fromkeys([*columns, "ticket", table.sorted_by]))
            selections = [replace(selection, near=part) for part in parts_of(keys)]
        types = _types(table, wanted)
        questions = _questions(table, wanted, selections)
        parts = self._asker(table).ask(questions) if questions else []
        return _Coming(types, keys, parts)

    def _keys_of(self, selection: Selection) -> Numbers:
        """The tickets of a selection, ascending."""
        tickets = replace(selection.of_tickets(), near=None)
        if tickets not in self._keys:
            self._found(TABLES[TICKETS], ["ticket"], tickets)
        return self._keys[tickets]

    def _asker(self, table: Table) -> Asker:
        connection = connections[DEFAULT_DB_ALIAS]
        # Beside the large tables are small ones with functions that only Django's SQLite has.
        if not table.is_stored or _is_alone(connection):
            return OfTransaction(connection)
        if self._own is None:
            self._own = own_asker(connection)
            weakref.finalize(self, self._own.close)
        return self._own


def _goes_by_keys(table: Table, selection: Selection) -> bool:
    """Its rows are found by the keys of the tickets of the selection."""
    return table.goes_by_tickets and selection.is_of_some_time


@dataclass(frozen=True)
class _Coming:
    """What was asked: the types of its columns, the tickets that are meant or None for all, and
    the rows in parts that may still be on the way."""

    types: Mapping[str, str]
    keys: Numbers | None
    parts: Sequence[Future[pa.Table]]

    def rows(self) -> pa.Table:
        found = [part.result() for part in self.parts]
        return pa.concat_tables(found or [table_of([[] for _column in self.types], self.types)])


def _questions(
    table: Table, columns: Sequence[str], selections: Iterable[Selection]
) -> list[Question]:
    """One for each selection of which there may be rows."""
    found, types = [], _types(table, columns)
    for selection in selections:
        rows = asked(table, columns, selection)
        with suppress(EmptyResultSet):
            statement, parameters = rows.query.get_compiler(rows.db).as_sql()
            found.append(Question(statement, tuple(parameters), types))
    return found


def _types(table: Table, columns: Iterable[str]) -> dict[str, str]:
    return {column: table.columns[column].type for column in columns}


def _places(found: pa.Table, keys: Numbers, sorted_by: str) -> Numbers | None:
    """Where the rows of these tickets stand, in the order of a column; None: all, as they stand."""
    order = found[sorted_by].to_numpy()
    held = are_among(found["ticket"].to_numpy(), keys)
    is_sorted = bool((order[1:] >= order[:-1]).all())
    if is_sorted:
        return None if held.all() else np.flatnonzero(held)
    places = np.argsort(order, kind="stable")
    return places if held.all() else places[held[places]]


def _is_alone(connection: Any) -> bool:
    """No other connection sees what this one does: in a transaction, or a database in memory."""
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()
    return bool(connection.in_atomic_block or in_memory)


def asked(table: Table, columns: Sequence[str], selection: Selection) -> QuerySet[Any]:
    """The query of these columns, in this order."""
    expressions, paths = {}, []
    for column in columns:
        source = table.columns[column].source or column
        if isinstance(source, Combinable):
            # A name that no field has.
            expressions[f"read_{column}"] = source
            source = f"read_{column}"
        paths.append(source)
    found = table.rows(selection)
    # Rows of a part come in the order of tickets from the index; others are put in order by us.
    is_sorted = selection.near is None or table.sorted_by == "ticket"
    found = found.order_by(*(table.order if is_sorted else ()))
    if table.falls_at:
        falls = table.columns[table.falls_at]
        low, high = selection.falls_within(falls.type)
        path = falls.source or table.falls_at
        if low is not None:
            found = found.filter(**{f"{path}__gte": low})
        if high is not None:
            found = found.filter(**{f"{path}__lt": high})
    return found.annotate(**expressions).values_list(*paths)
