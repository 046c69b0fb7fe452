"""Columns of a list: what stands above them, how they sort, what their CSV cells hold."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise

# What a spreadsheet would take for a formula when a cell begins with it.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Column:
    """One column. `key` names it in URLs; `sort` is the field to order by, empty for none.

    `value` gives the CSV cell of a row: a dotted name of an attribute or of a method that takes
    nothing, or a function of the row; the key itself when left out.
    """

    key: str
    label: str | Promise
    sort: str = ""
    css: str = ""
    value: str | Callable[[Any], Any] = ""

    def cell(self, row: Any) -> Any:
        """The plain value of this column; None for a gap on the way to it."""
        if callable(self.value):
            return self.value(row)
        try:
            found = attrgetter(self.value or self.key)(row)
        except AttributeError:
            return None
        return found() if callable(found) else found


@dataclass(frozen=True)
class HeadCell:
    """A column as one page shows it above the rows."""

    label: str | Promise
    css: str
    sort_url: str = ""
    # As in the attribute aria-sort; empty when the list is not ordered by this column.
    aria_sort: str = ""


class _Line:
    """A file that hands each written line back, so that the rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def _csv_cell(value: Any) -> str:
    """A cell no spreadsheet will run: a text that looks like a formula gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S%z")
    text = str(value)
    if isinstance(value, str | Promise) and text.startswith(FORMULA_MARKS):
        return f"'{text}"
    return text


def csv_lines(columns: Iterable[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The lines of the file, the first with the names of the columns."""
    columns = tuple(columns)
    writer = csv.writer(_Line())
    # Spreadsheets take a file for UTF-8 only when it begins with this mark.
    yield BYTE_ORDER_MARK + writer.writerow([str(column.label) for column in columns])
    for row in rows:
        yield writer.writerow([_csv_cell(column.cell(row)) for column in columns])


def csv_response(
    name: str, columns: Iterable[Column], rows: Iterable[Any]
) -> StreamingHttpResponse:
    """A CSV file of all rows, sent while it is made. `name` is without the ending."""
    response = StreamingHttpResponse(
        csv_lines(columns, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
