"""What a function asks of the frames, found by letting it work once where there is nothing."""

from collections.abc import Sequence

import pandas as pd

from .columns import typed_frame
from .partitions import Part
from .selection import Selection
from .tables import Table


class RehearsingReader:
    """Reads no rows, and keeps what it was asked for: columns by table and selection, in order.

    A function that asks for more once it has seen rows is not known to do so.
    """

    def __init__(self) -> None:
        self.asked: dict[tuple[str, Selection], dict[str, None]] = {}
        self.tables: dict[str, Table] = {}

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        self.tables[table.name] = table
        self.asked.setdefault((table.name, selection), {}).update(dict.fromkeys(columns))
        return typed_frame([], {column: table.columns[column].type for column in columns})

    def is_steady(self, _table: Table) -> bool:
        return True

    def parts(self, _count: int) -> list[Part]:
        return []
