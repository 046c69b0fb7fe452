"""Columns of the database, by the fastest way it offers that is safe.

A query is made once, by Django; who runs it is a matter of speed. Outside a transaction that is a
connection of its own: of the Arrow driver (ADBC) on PostgreSQL, which makes columns without making
Python objects, and of Python's own library on SQLite. Inside a transaction only Django's connection
sees what was written, so that is asked.

SQLite has no Arrow driver here: it would bring a second SQLite into the process, and when one of
two closes a file the system drops the locks of both, so that writers damage the database
(sqlite.org/howtocorrupt.html, 2.2).
"""

import sqlite3
import weakref
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import pandas as pd
import pyarrow as pa
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from .arrow import framed, table_of
from .columns import typed_frame
from .partitions import Part
from .selection import Selection
from .tables import Table

# As many rows are Python objects at a time.
BATCH = 50_000
# PostgreSQL takes a look-up in an index for four times the work of reading on, as on a turning
# disk, and would go through all events for those of the last weeks; it would translate each
# statement into machine code, which takes longer than it saves; and it would sort on the disk.
FOR_MANY_ROWS = {"random_page_cost": "1.1", "jit": "off", "work_mem": "64MB"}


class LiveReader:
    """Reads what the database holds; all that one reader reads by a connection of its own is of one
    moment."""

    def __init__(self) -> None:
        self._own: Any = None

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        types = {column: table.columns[column].type for column in columns}
        if table.made is not None:
            every = {name: column.type for name, column in table.columns.items()}
            return typed_frame(table.made(selection), every)[list(columns)]
        return framed(self.arrow(table, columns, selection), types)

    def is_steady(self, table: Table) -> bool:
        """Its own connection reads in one transaction, which sees the same throughout."""
        return table.is_stored and not _is_alone(connections[DEFAULT_DB_ALIAS])

    def parts(self, _count: int) -> list[Part]:
        """None: the database is asked by one machine."""
        return []

    def arrow(self, table: Table, columns: Sequence[str], selection: Selection) -> pa.Table:
        """The same as files hold it."""
        types = {column: table.columns[column].type for column in columns}
        rows = asked(table, columns, selection)
        try:
            statement, parameters = rows.query.get_compiler(rows.db).as_sql()
        except EmptyResultSet:
            return table_of([[] for _column in columns], types)
        # Beside the large tables are small ones with functions that only Django's SQLite has.
        if not table.is_stored or _is_alone(connections[rows.db]):
            with connections[rows.db].cursor() as cursor:
                cursor.execute(statement, parameters)
                return _gathered(cursor, types)
        if self._own is None:
            self._own = own_connection(connections[rows.db])
            weakref.finalize(self, self._own.close)
        if connections[rows.db].vendor == "sqlite":
            places = statement % (("?",) * len(parameters))
            return _gathered(self._own.execute(places, parameters), types)
        with self._own.cursor() as cursor:
            cursor.execute(connections[rows.db].ops.compose_sql(statement, parameters))
            return table_of(cursor.fetch_arrow_table().columns, types)


def _is_alone(connection: Any) -> bool:
    """No other connection sees what this one does: in a transaction, or a database in memory."""
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()
    return bool(connection.in_atomic_block or in_memory)


def own_connection(connection: Any) -> Any:
    """Another connection to the same database, in a transaction of its own that only reads."""
    if connection.vendor == "sqlite":
        own = sqlite3.connect(
            connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False
        )
        own.execute("PRAGMA query_only = 1")
        own.execute("BEGIN")
        return own
    # Slow import: the driver is loaded where its database is used.
    from adbc_driver_postgresql import dbapi as postgresql  # noqa: PLC0415
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    given = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port", "options", "sslmode")
    address = make_conninfo(**{name: given[name] for name in names if given.get(name)})
    driver = postgresql.connect(address)
    with driver.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for name, value in FOR_MANY_ROWS.items():
            cursor.execute(f"SET LOCAL {name} = '{value}'")
    return driver


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
    found = table.rows(selection).order_by(*table.order)
    if table.falls_at:
        falls = table.columns[table.falls_at]
        low, high = selection.falls_within(falls.type)
        path = falls.source or table.falls_at
        if low is not None:
            found = found.filter(**{f"{path}__gte": low})
        if high is not None:
            found = found.filter(**{f"{path}__lt": high})
    return found.annotate(**expressions).values_list(*paths)


def _gathered(cursor: Any, types: Mapping[str, str]) -> pa.Table:
    """The rows of an executed cursor as columns, a batch at a time: what Django does to turn values
    into Python's would take longer than the query."""
    first = cursor.fetchmany(BATCH)
    batches = chain([first], iter(lambda: cursor.fetchmany(BATCH), []))
    empty: list[list[Any]] = [[] for _column in types]
    return pa.concat_tables(
        table_of(list(zip(*rows, strict=True)) if rows else empty, types) for rows in batches
    )
