"""Column types shared by the frames, and frames as plain rows."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

# Frames hold few different texts, and the names of their columns: pandas handles so few in half the
# time as Python's than as Arrow's.
pd.set_option("mode.string_storage", "python")

INSTANT = "datetime64[us, UTC]"
KEY = "Int64"
TEXT = "str"
FLAG = "bool"
COUNT = "int64"
# One of few texts: a code or a name. Sorted, and always with "" for none.
CHOICE = "category"
# A local date of the business zone.
DAY = "datetime64[us]"


def typed_frame(rows: Iterable[Sequence[Any]], types: dict[str, str]) -> pd.DataFrame:
    """Rows with one value per entry of `types`, as a frame with exactly those types.

    An empty reading has the same columns and types as a full one.
    """
    frame = pd.DataFrame.from_records(list(rows), columns=list(types))
    for name, kind in types.items():
        if kind == INSTANT:
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601").astype(INSTANT)
        elif kind == TEXT:
            frame[name] = frame[name].astype(object).where(frame[name].notna(), "").astype(TEXT)
        elif kind == CHOICE:
            frame[name] = as_choices(frame[name])
        elif kind == DAY:
            frame[name] = pd.to_datetime(frame[name]).astype(DAY)
        else:
            frame[name] = frame[name].astype(kind)
    return frame


def as_choices(values: pd.Series) -> pd.Series:
    """Text of few values, missing ones as ""; see `choices`."""
    places, found = pd.factorize(values, use_na_sentinel=True)
    return pd.Series(choices(places, list(found)), index=values.index)


def choices(places: npt.NDArray[np.intp], labels: list[str]) -> pd.Categorical:
    """The label at each place, "" where the place is -1; its texts are sorted and hold ""."""
    texts = sorted({"", *labels})
    positions = {text: position for position, text in enumerate(texts)}
    # As pandas keeps them, so that it copies nothing.
    size = np.min_scalar_type(-len(texts))
    codes = np.array([*(positions[label] for label in labels), positions[""]], size)
    return pd.Categorical.from_codes(codes[places], dtype=_dtype(tuple(texts)))


@lru_cache(maxsize=512)
def _dtype(texts: tuple[str, ...]) -> pd.CategoricalDtype:
    """The same few lists of texts come again with each frame."""
    return pd.CategoricalDtype(list(texts))


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON takes them: missing values are None."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
