"""Computed figures as rows of a table. Imports no pandas."""

from collections.abc import Iterator, Mapping
from typing import Any

# `key` is a step or the key of a dimension, empty for the total.
COLUMNS = (
    "indicator", "reference", "unit", "by", "key", "name", "n", "yes", "value", "low", "high",
    "provisional", "why",
)  # fmt: skip


def figure_rows(figures: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One row per indicator and point, the total behind its points, with `COLUMNS`."""
    for key, told in figures.items():
        head = {"indicator": key, **{name: told[name] for name in ("reference", "unit", "by")}}
        total = {"key": "", "name": "", **told["total"]}
        for point in [*told["points"], total]:
            row = {**head, **point}
            yield {name: row.get(name) for name in COLUMNS}
