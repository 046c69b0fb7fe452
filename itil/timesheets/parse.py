"""Time as people write it: a duration, and a CSV file of entries. Knows no tables."""

import hashlib
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.ui.sheets import Row, SheetError, plain_head, read_rows, read_table

# The columns of a file, and what other programs call them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "date": ("day", "work_date"),
    "ticket": ("number", "ticket_number"),
    "activity": ("work", "task"),
    "minutes": ("time", "duration"),
    "kilometers": ("kilometres", "km", "distance"),
    "from": ("start", "begin", "started"),
    "until": ("end", "to", "ended"),
    "billing": ("billing_kind", "billable"),
    "note": ("what_was_done", "description", "comment"),
    "reference": ("id", "key"),
}
# Written by our own export, and not read back.
IGNORED = frozenset({"person", "customer", "hours", "state"})
NEEDED = ("date", "ticket", "activity")

_CLOCK_FORM = re.compile(r"^(?:(\d{1,2})[:h]\s*(\d{1,2})?\s*m?|(\d{1,4})\s*m?)$")


def minutes_of(text: str) -> int | None:
    """Whole minutes of 90, 1:30, 1h 30m or 90m; None for what is no duration."""
    found = _CLOCK_FORM.match(text.strip().lower())
    if not found:
        return None
    if found[3]:
        return int(found[3])
    return int(found[1]) * 60 + int(found[2] or 0)


def read_entries(text: str) -> list[Row]:
    """The lines of a CSV text. Raises SheetError with every problem of its columns."""
    table = read_table(text)
    heads = [head.strip() for head in table[0]]
    columns = tuple(_column(head) for head in heads)
    problems = []
    unknown = [
        head
        for head, name in zip(heads, columns, strict=True)
        if head and not name and plain_head(head) not in IGNORED
    ]
    if unknown:
        problems.append(
            _("Unknown columns: %(names)s. Known ones: %(known)s.")
            % {"names": ", ".join(unknown), "known": ", ".join(COLUMNS)}
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        problems.append(_("Named twice: %(names)s.") % {"names": ", ".join(twice)})
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        problems.append(_("Columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    if "minutes" not in columns and not {"from", "until"} <= set(columns):
        problems.append(_("A column minutes is missing, or both of from and until."))
    if problems:
        raise SheetError(problems)
    return read_rows(table, columns)


def keys_of(rows: Iterable[Row]) -> dict[int, str]:
    """What each line is known by, by its number: its reference, else what it says.

    The same line twice in one file is two entries: the second has a key of its own, which it has
    again in the next run.
    """
    found: dict[int, str] = {}
    seen: dict[str, int] = {}
    for row in rows:
        reference = row.cells.get("reference", "")
        if reference:
            said = f"reference {reference}"
        else:
            said = "\n".join(f"{name}={row.cells.get(name, '')}" for name in sorted(COLUMNS))
        seen[said] = seen.get(said, 0) + 1
        repeat = 1 if reference else seen[said]
        found[row.line] = hashlib.sha256(f"{repeat} {said}".encode()).hexdigest()[:40]
    return found


def _column(head: str) -> str:
    """The name of a column as we know it; empty for one that we do not know."""
    plain = plain_head(head)
    for name, others in COLUMNS.items():
        if plain == name or plain in others:
            return name
    return ""
