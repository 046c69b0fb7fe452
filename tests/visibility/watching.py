"""Which tables are written to, and what has changed in them."""

import re
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection

# Looking leaves this trace, which is no change of a record.
TRACES = {"reports.ReportSnapshot", "reports.CountedRecord"}
OURS = ("itil.", "portal.", "catalog.", "knowledgebase", "billing.", "reports")
READING = re.compile(
    r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|PRAGMA|SET|SHOW|EXPLAIN)\b", re.IGNORECASE
)
WRITING = re.compile(
    r"\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM) +\"(\w+)\"",
    re.IGNORECASE,
)


def our_tables() -> dict[str, str]:
    """The tables of ours by their names, each with the column of its key: those between two models
    are among them, and those that ours extend.
    """
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(OURS) and model._meta.label not in TRACES
    ]
    upper = [parent for model in models for parent in model._meta.get_parent_list()]
    return {model._meta.db_table: model._meta.pk.column for model in (*models, *upper)}


class Watch:
    """Wraps the statements of a connection, and compares what was written to with what was there.

    A table that no statement writes to is the same as before, on every database: there are no
    triggers that write to tables of models. A statement that is not understood means all of them.
    """

    def __init__(self) -> None:
        self.tables = our_tables()
        self.written: set[str] = set()
        self.known = {table: self._rows(table) for table in self.tables}

    def __call__(self, execute: Callable, sql: Any, *more: Any) -> Any:
        """As `connection.execute_wrapper` calls it."""
        text = str(sql)
        if not READING.match(text):
            found = WRITING.match(text)
            self.written |= {found[1]} if found else set(self.tables)
        return execute(sql, *more)

    def _rows(self, table: str) -> list[tuple]:
        with connection.cursor() as cursor:
            quote = connection.ops.quote_name
            cursor.execute(
                f"SELECT * FROM {quote(table)} ORDER BY {quote(self.tables[table])}"  # noqa: S608
            )
            return cursor.fetchall()

    def changes(self) -> list[str]:
        """The tables, written to since it was asked last, that hold something else than known."""
        asked, self.written = sorted(self.written & set(self.tables)), set()
        return [table for table in asked if self._rows(table) != self.known[table]]

    def accept(self) -> list[str]:
        """Let what is there be known; what has changed."""
        found = self.changes()
        self.known |= {table: self._rows(table) for table in found}
        return found
