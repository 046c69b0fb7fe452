"""Columns between the database, the fact files and pandas: one meaning of each column type."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .arrays import Numbers
from .columns import CHOICE, COUNT, DAY, FLAG, INSTANT, KEY, TEXT, choices

# How files hold each type.
STORED: dict[str, pa.DataType] = {
    COUNT: pa.int64(),
    KEY: pa.int64(),
    FLAG: pa.bool_(),
    INSTANT: pa.timestamp("us", "UTC"),
    DAY: pa.date32(),
    CHOICE: pa.dictionary(pa.int32(), pa.string()),
    TEXT: pa.string(),
}
MISSING_INSTANT = np.iinfo(np.int64).min


def table_of(
    columns: Sequence[pa.ChunkedArray | pa.Array | Sequence[Any]], types: Mapping[str, str]
) -> pa.Table:
    """Columns as a database gives them, whatever it takes instants and truth for, as files hold
    them."""
    given = zip(columns, types.items(), strict=True)
    return pa.table({name: _stored(values, kind) for values, (name, kind) in given})


def _stored(values: Any, kind: str) -> Any:
    if not isinstance(values, pa.Array | pa.ChunkedArray):
        values = pa.array(values)
    target = STORED[kind]
    if kind not in (CHOICE, TEXT) and values.null_count == len(values):
        # Of values that are all missing a database cannot tell the type.
        return pa.nulls(len(values), target)
    if kind == INSTANT and pa.types.is_string(values.type):
        # SQLite keeps instants as text, in UTC.
        return pc.assume_timezone(values.cast(pa.timestamp("us")), "UTC")
    if kind == CHOICE:
        return pc.fill_null(values.cast(pa.string()), "").dictionary_encode()
    if kind == TEXT:
        return pc.fill_null(values.cast(pa.string()), "")
    return values.cast(target)


def framed(
    table: pa.Table, types: Mapping[str, str], places: Numbers | None = None
) -> pd.DataFrame:
    """The columns of `types` as a frame, or those rows of them that stand at `places`; rows are
    numbered from 0."""
    found = {name: _column(table[name], kind, places) for name, kind in types.items()}
    count = table.num_rows if places is None else len(places)
    return pd.DataFrame(found, index=pd.RangeIndex(count), copy=False)


def _column(values: pa.ChunkedArray, kind: str, places: Numbers | None) -> Any:
    def taken(found: Any) -> Any:
        return found if places is None else found[places]

    if kind == CHOICE:
        return _choice(values, taken)
    if kind == TEXT:
        return pd.array(taken(np.array(values.to_pylist(), object)), dtype=TEXT)
    if kind == INSTANT:
        ticks = taken(pc.fill_null(values.cast(pa.int64()), MISSING_INSTANT).to_numpy())
        return pd.DatetimeIndex(ticks.view("M8[us]")).tz_localize("UTC")
    if kind == DAY:
        return taken(values.cast(pa.timestamp("us")).to_numpy())
    if kind == KEY:
        if not values.null_count:
            found = taken(values.to_numpy())
            return pd.arrays.IntegerArray(found, np.zeros(len(found), bool))
        return pd.arrays.IntegerArray(
            taken(pc.fill_null(values, 0).to_numpy()), taken(pc.is_null(values).to_numpy())
        )
    return taken(values.to_numpy())


def _choice(values: pa.ChunkedArray, taken: Callable[[Any], Any]) -> pd.Categorical:
    """Only the texts that occur, so that every way to read a frame gives the same."""
    if not len(values):
        return choices(np.zeros(0, np.intp), [])
    whole = values.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks)
    places = taken(pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False))
    texts = whole.dictionary.to_pylist()
    occurs = np.zeros(len(texts) + 1, bool)
    occurs[places] = True
    if not occurs[: len(texts)].all():
        kept = np.flatnonzero(occurs[: len(texts)])
        moved = np.full(len(texts) + 1, -1)
        moved[kept] = np.arange(len(kept))
        places, texts = moved[places], [texts[place] for place in kept]
    return choices(places, texts)
