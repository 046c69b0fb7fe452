"""Files of rows that people bring along: CSV text as a table, with what is wrong with it."""

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_ROWS = 2000


class SheetError(Exception):
    """The file cannot be read as the list it should be; the sentences say what to do."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True)
class Row:
    """One line of the file; `cells` by the name of the column, empty ones included."""

    line: int
    cells: dict[str, str]


def read_text(content: bytes) -> str:
    """The text of a file: UTF-8 with or without its mark. Raises SheetError."""
    try:
        return content.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError as error:
        raise SheetError([_("Save the file as UTF-8 and choose it again.")]) from error


def read_table(text: str) -> list[list[str]]:
    """The cells of a CSV text, the names of the columns first; commas, semicolons or tabs between
    them. Raises SheetError.
    """
    lines = text.splitlines()
    if not lines or not lines[0].strip():
        raise SheetError([_("The file is empty. Its first line names the columns.")])
    mark = max(",;\t", key=lines[0].count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise SheetError(
            [_("The file cannot be read as CSV: %(why)s.") % {"why": error}]
        ) from error


def read_rows(table: list[list[str]], columns: tuple[str, ...]) -> list[Row]:
    """The lines below the first one that hold something. A line with more cells than `columns` has
    their number under the empty name. Raises SheetError when there are none, or too many.
    """
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        padded = [*cells, *([""] * (len(columns) - len(cells)))]
        row = {name: padded[at].strip() for at, name in enumerate(columns) if name}
        if len(cells) > len(columns):
            row[""] = str(len(cells))
        rows.append(Row(number, row))
    if not rows:
        raise SheetError([_("The file has no lines below the names of its columns.")])
    if len(rows) > MOST_ROWS:
        raise SheetError(
            [_("The file has more than %(most)s lines. Import it in parts.") % {"most": MOST_ROWS}]
        )
    return rows


def plain_head(head: str) -> str:
    """ "Item class" and "item-class" are the same name."""
    return "_".join(head.lower().replace("-", " ").split())
