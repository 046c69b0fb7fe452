"""Primary keys as places in arrays."""

import numpy as np


def places_of(keys: np.ndarray, among: np.ndarray) -> np.ndarray:
    """The place of each key in `among`, which is dense; -1 for none."""
    if not len(among) or not len(keys):
        return np.full(len(keys), -1, np.int64)
    low, high = int(among.min()), int(among.max())
    table = np.full(high - low + 2, -1, np.int64)
    table[among - low] = np.arange(len(among))
    inside = (keys >= low) & (keys <= high)
    return table[np.where(inside, keys - low, high - low + 1)]
