"""Arrays as compact bytes, so that a cache can keep a reading of a hundred thousand tickets."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

from .arrays import Numbers
from .codes import NEVER

Shape = TypeVar("Shape")

# What takes the place of NEVER in an array that is stored with less than eight bytes a number.
_MARK = -1
# The fastest there is; more effort makes it hardly smaller.
_EFFORT = 1


def packed(shape: Any) -> bytes:
    """A dataclass of arrays, of other such dataclasses and of plain values, as bytes."""
    heads, parts = [], []
    for value in _values(shape):
        if not isinstance(value, np.ndarray):
            heads.append({"value": value})
            continue
        stored, low = _shrunk(value)
        heads.append({"type": stored.dtype.str, "count": len(stored), "low": low})
        parts.append(stored.tobytes())
    head = json.dumps(heads).encode()
    return zlib.compress(len(head).to_bytes(4, "big") + head + b"".join(parts), _EFFORT)


def unpacked(kind: type[Shape], data: bytes) -> Shape:
    """What `packed` made of an object of this class."""
    plain = zlib.decompress(data)
    end = 4 + int.from_bytes(plain[:4], "big")
    return _built(kind, _read(json.loads(plain[4:end]), plain, end))


def _values(shape: Any) -> Iterator[Any]:
    """The arrays and plain values of a dataclass in the order of its fields."""
    for part in fields(shape):
        value = getattr(shape, part.name)
        if is_dataclass(value):
            yield from _values(value)
        else:
            yield value


def _shrunk(values: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], int]:
    """The numbers less their smallest, in as few bytes as they need; 0 stands for NEVER then."""
    if values.dtype == bool or not values.size:
        return values, 0
    known = values[values != NEVER]
    low = int(known.min()) + _MARK if known.size else 0
    high = int(known.max()) - low if known.size else 0
    return np.where(values == NEVER, 0, values - low).astype(np.min_scalar_type(high)), low


def _read(heads: list[Mapping[str, Any]], plain: bytes, place: int) -> Iterator[Any]:
    for head in heads:
        if "value" in head:
            value = head["value"]
            yield tuple(value) if isinstance(value, list) else value
            continue
        kind = np.dtype(head["type"])
        stored = np.frombuffer(plain, kind, head["count"], place)
        place += stored.nbytes
        yield stored.copy() if kind.kind == "b" else _grown(stored, head["low"])


def _grown(stored: np.ndarray[Any, Any], low: int) -> Numbers:
    values = stored.astype(np.int64)
    is_never = values == 0
    values += low
    values[is_never] = NEVER
    return values


def _built(kind: Any, values: Iterator[Any]) -> Any:
    made = {}
    for part in fields(kind):
        made[part.name] = _built(part.type, values) if is_dataclass(part.type) else next(values)
    return kind(**made)
