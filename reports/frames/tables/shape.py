"""What a frame is made of: the rows of one queryset, and the type and source of each column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from django.db.models import BigIntegerField, Field, Func, QuerySet, TextField, Value

from reports.frames.selection import Selection

# The frame of the tickets themselves.
TICKETS = "tickets"


class Json(Func):
    """A text out of a JSON column, read once; Django's own look-up reads it twice on SQLite."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    output_field: Field = TextField()

    def __init__(self, path: str, key: str) -> None:
        super().__init__(path, Value(key))


class JsonKey(Json):
    """A primary key out of a JSON column; empty for none."""

    output_field = BigIntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s)::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


@dataclass(frozen=True)
class Column:
    """`type` is one of `columns`; `source` a path of fields, an expression, or nothing where the
    field is called like the column."""

    type: str
    source: Any = None


@dataclass(frozen=True)
class Derived:
    """A column that follows from others of its row; files do not hold it."""

    type: str
    needs: tuple[str, ...]
    of: Callable[[pd.DataFrame], pd.Series]


def _no_rows(selection: Selection) -> QuerySet[Any]:
    raise TypeError("This frame is made of no table.")


@dataclass(frozen=True)
class Table:
    """One frame. `rows` gives its records for a selection; `ticket` is the path from them to their
    ticket, empty where they have none.

    Reading the whole frame gives `columns` in this order, with the names of what is named, then
    `derived` ones. Rows come by `order`; rows of several months are put in order by the column
    `sorted_by`, those of one ticket staying as they are. `has_own_time`: its records have instants
    of their own, so the bounds in time of a selection are not about their tickets; what stands in
    the column `falls_at`, if any, has to lie within them. `is_stored`: it is part of the fact
    files, by the month in which its ticket was received.

    `usual` are columns that many figures ask: whoever asks for one reads them all, so that the
    database is asked once.

    `made` gives rows that no table holds, such as the hours of calendars, as one value for each of
    `columns`; then `rows` and `order` are not asked.
    """

    name: str
    columns: Mapping[str, Column]
    rows: Callable[[Selection], QuerySet[Any]] = _no_rows
    order: tuple[str, ...] = ()
    derived: Mapping[str, Derived] = field(default_factory=dict)
    sorted_by: str = "ticket"
    ticket: str = "ticket_id"
    has_own_time: bool = False
    falls_at: str = ""
    usual: tuple[str, ...] = ()
    is_stored: bool = True
    made: Callable[[Selection], Iterable[Sequence[Any]]] | None = None

    @property
    def goes_by_tickets(self) -> bool:
        """Its records belong to tickets, and are not these themselves."""
        return bool(self.ticket) and self.name != TICKETS

    def selected(self, selection: Selection) -> Selection:
        """As the rows of this table are asked for."""
        if not self.has_own_time:
            return selection
        found = selection.of_any_time()
        if self.falls_at:
            found = replace(found, falls_from=selection.since, falls_before=selection.before)
        return found


def apart(name: str, columns: Mapping[str, Column], **more: Any) -> Table:
    """A frame of records that are not those of one ticket; `more` are fields of `Table`.

    It is not part of the fact files: what it tells of changes without anything happening to a
    ticket, or follows from calendars.
    """
    return Table(name, columns, **{"order": ("pk",), "ticket": "", "is_stored": False, **more})
