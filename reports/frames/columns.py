"""Column types shared by the frames, and frames as plain rows."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

INSTANT = "datetime64[us, UTC]"
KEY = "Int64"
TEXT = "str"
FLAG = "bool"
COUNT = "int64"


def typed_frame(rows: Iterable[Sequence[Any]], types: dict[str, str]) -> pd.DataFrame:
    """Rows with one value per entry of `types`, as a frame with exactly those types.

    An empty reading has the same columns and types as a full one.
    """
    frame = pd.DataFrame.from_records(list(rows), columns=list(types))
    for name, kind in types.items():
        if kind == INSTANT:
            frame[name] = pd.to_datetime(frame[name], utc=True).astype(INSTANT)
        elif kind == TEXT:
            frame[name] = frame[name].astype(object).where(frame[name].notna(), "").astype(TEXT)
        else:
            frame[name] = frame[name].astype(kind)
    return frame


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON takes them: missing values are None."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
