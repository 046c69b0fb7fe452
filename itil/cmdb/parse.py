"""A CSV file of items as rows, with what is wrong with its columns. Knows no tables."""

import csv
import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

# By which column known items are found, in the order in which one is chosen.
KEYS = {
    "number": _("number"),
    "asset_tag": _("inventory number"),
    "serial": _("serial number"),
    "name": _("name"),
}
# Columns of an item, and what other lists call them.
COLUMNS = {
    "number": ("ci",),
    "name": ("item",),
    "class": ("item_class", "type", "category"),
    "organization": ("customer", "company", "belongs_to"),
    "status": ("state",),
    "location": ("place", "site"),
    "owner": (),
    "held_by": ("holder", "assigned_to", "used_by"),
    "team": ("support_group",),
    "criticality": (),
    "environment": (),
    "serial": ("serial_number", "serial_no"),
    "asset_tag": ("inventory_number", "tag"),
    "vendor": ("manufacturer", "supplier"),
    "purchased_on": ("bought_on", "purchase_date"),
    "warranty_until": ("warranty_end", "warranty"),
    "cost": ("price",),
    "currency": (),
}
# Questions of the class: own.<short name>.
OWN = "own."
MOST_ROWS = 2000


class SheetError(Exception):
    """The file cannot be read as a list of items; the sentences say what to do."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True)
class Row:
    """One line of the file; `cells` by the name of the column, empty ones included."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """What was read: the columns in their order, the one that is the key, and the rows."""

    columns: tuple[str, ...]
    key: str
    rows: tuple[Row, ...]
    # What was typed above each column, for the file of what was refused.
    heads: tuple[str, ...] = field(default=())


def read_text(content: bytes) -> str:
    """The text of a file: UTF-8 with or without its mark. Raises SheetError."""
    try:
        return content.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError as error:
        raise SheetError([_now("Save the file as UTF-8 and choose it again.")]) from error


def read_sheet(text: str, key: str = "") -> Sheet:
    """The rows of a CSV text; commas, semicolons or tabs between the cells. Raises SheetError with
    every problem of its columns.
    """
    lines = text.splitlines()
    if not lines or not lines[0].strip():
        raise SheetError([_now("The file is empty. Its first line names the columns.")])
    mark = max(",;\t", key=lines[0].count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise SheetError(
            [_now("The file cannot be read as CSV: %(why)s.") % {"why": error}]
        ) from error
    heads = tuple(cell.strip() for cell in table[0])
    columns = tuple(_column(head) for head in heads)
    chosen = key or next((name for name in KEYS if name in columns), "")
    problems = _problems(heads, columns, chosen)
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        padded = [*cells, *([""] * (len(columns) - len(cells)))]
        row = {name: padded[at].strip() for at, name in enumerate(columns) if name}
        if len(cells) > len(columns):
            row[""] = str(len(cells))
        rows.append(Row(number, row))
    if not rows and not problems:
        problems.append(_now("The file has no lines below the names of its columns."))
    if len(rows) > MOST_ROWS:
        problems.append(
            _now("The file has more than %(most)s lines. Import it in parts.") % {"most": MOST_ROWS}
        )
    if problems:
        raise SheetError(problems)
    return Sheet(columns, chosen, tuple(rows), heads)


def _column(head: str) -> str:
    """The name of a column as we know it; empty for one that we do not know."""
    plain = "_".join(head.lower().replace("-", " ").split())
    if plain.startswith(OWN):
        return plain
    for name, others in COLUMNS.items():
        if plain == name or plain in others:
            return name
    return ""


def _problems(heads: tuple[str, ...], columns: tuple[str, ...], key: str) -> list[str]:
    found = []
    unknown = [head for head, name in zip(heads, columns, strict=True) if not name and head]
    if unknown:
        found.append(
            _now("Unknown columns: %(names)s. Known ones: %(known)s, and own.… for the class.")
            % {"names": ", ".join(unknown), "known": ", ".join(COLUMNS)}
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        found.append(_now("Named twice: %(names)s.") % {"names": ", ".join(twice)})
    if not key:
        found.append(
            _now("A column by which items are found again is missing: one of %(keys)s.")
            % {"keys": ", ".join(KEYS)}
        )
    elif key not in columns:
        found.append(_now("The file has no column %(key)s.") % {"key": key})
    return found
