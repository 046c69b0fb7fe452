"""Primary keys as places in arrays."""

import numpy as np


def places_of(keys: np.ndarray, among: np.ndarray) -> np.ndarray:
    """The place of each key in `among`, which is dense; -1 for none."""
    if not len(among) or not len(keys):
        return np.full(len(keys), -1, np.int32)
    low, high = int(among.min()), int(among.max())
    table = np.full(high - low + 2, -1, np.int32)
    table[among - low] = np.arange(len(among), dtype=np.int32)
    return table[_inside(keys, low, high)]


def are_among(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Whether each key is one of `wanted`, which is dense."""
    if not len(wanted) or not len(keys):
        return np.zeros(len(keys), bool)
    low, high = int(wanted.min()), int(wanted.max())
    table = np.zeros(high - low + 2, bool)
    table[wanted - low] = True
    return table[_inside(keys, low, high)]


def _inside(keys: np.ndarray, low: int, high: int) -> np.ndarray:
    """Places in a table from `low` to `high`, and behind its end for all other keys."""
    inside = (keys >= low) & (keys <= high)
    return keys - low if inside.all() else np.where(inside, keys - low, high - low + 1)
