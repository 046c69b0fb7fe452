"""A CSV file of items as rows, with what is wrong with its columns. Knows no tables."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.ui.sheets import Row, SheetError, plain_head, read_rows, read_table

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
# Written by the file of the refused lines, which is mended and uploaded again; not read back.
IGNORED = frozenset({"line", "why"})
# Questions of the class: own.<short name>.
OWN = "own."


@dataclass(frozen=True)
class Sheet:
    """What was read: the columns in their order, the one that is the key, and the rows."""

    columns: tuple[str, ...]
    key: str
    rows: tuple[Row, ...]
    # What was typed above each column, for the file of what was refused.
    heads: tuple[str, ...] = field(default=())


def read_sheet(text: str, key: str = "") -> Sheet:
    """The rows of a CSV text; commas, semicolons or tabs between the cells. Raises SheetError with
    every problem of its columns.
    """
    table = read_table(text)
    heads = tuple(cell.strip() for cell in table[0])
    columns = tuple(_column(head) for head in heads)
    chosen = key or next((name for name in KEYS if name in columns), "")
    problems = _problems(heads, columns, chosen)
    if problems:
        raise SheetError(problems)
    return Sheet(columns, chosen, tuple(read_rows(table, columns)), heads)


def _column(head: str) -> str:
    """The name of a column as we know it; empty for one that we do not know."""
    plain = plain_head(head)
    if plain.startswith(OWN):
        return plain
    for name, others in COLUMNS.items():
        if plain == name or plain in others:
            return name
    return ""


def _problems(heads: tuple[str, ...], columns: tuple[str, ...], key: str) -> list[str]:
    found = []
    unknown = [
        head
        for head, name in zip(heads, columns, strict=True)
        if head and not name and plain_head(head) not in IGNORED
    ]
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
