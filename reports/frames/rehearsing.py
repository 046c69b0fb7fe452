"""What functions ask of the frames, found by letting each work once where there is nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from .columns import typed_frame
from .partitions import Part
from .selection import Selection
from .tables import Table

# By the name of a function: it asks the same of every selection. Columns by table.
Needs = Mapping[str, Sequence[str]]
_known: dict[Any, Needs] = {}


class RehearsingReader:
    """Reads no rows, and keeps which tables it was asked for, and which columns of the tickets of a
    selection.

    What a function asks for only once it has seen rows stays unknown.
    """

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self.tables: list[Table] = []
        self.needs: dict[str, list[str]] = {}

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        self.tables.append(table)
        if selection == table.selected(self._selection):
            known = self.needs.setdefault(table.name, [])
            known += [column for column in columns if column not in known]
        return typed_frame([], {column: table.columns[column].type for column in columns})

    def is_steady(self, _table: Table) -> bool:
        return True

    def work_ahead(self, _wanted: Mapping[str, Sequence[str]], _selection: Selection) -> None:
        """There is nothing to read."""

    def parts(self, _count: int) -> list[Part]:
        return []


def needs_of(
    functions: Mapping[Any, Callable[[Any], Any]],
    selection: Selection,
    frames_of: Callable[[RehearsingReader], Any],
) -> dict[str, list[str]]:
    """The columns that functions, by their names, ask for together; `frames_of` makes the frames
    that a reader reads."""
    together: dict[str, list[str]] = {}
    for name, function in functions.items():
        if name not in _known:
            reader = RehearsingReader(selection)
            function(frames_of(reader))
            _known[name] = reader.needs
        for table, columns in _known[name].items():
            asked = together.setdefault(table, [])
            asked += [column for column in columns if column not in asked]
    return together
