"""The points of a tile as rows, which its table and its chart share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from reports.metrics.indicator import Record, Statistic
from reports.metrics.tile import Tile

from .naming import STEP, key_name, step_names

# Codes that have an order of their own, as numbers or as texts; names come by the number of cases.
NUMBERED, ORDERED = ("priority", "score"), ("metric",)
AGENT = "agent"
Key = str | int


@dataclass(frozen=True)
class Reading:
    """One page of answers: what is known of the indicators, the length of a step, the query of the
    page, the words for what is compared with, and whether a list can be opened."""

    indicators: Mapping[str, Mapping[str, Any]]
    step: str
    query: Mapping[str, str]
    than: str = ""
    # The names that somebody gave to tiles, by their keys.
    titles: Mapping[str, str] = field(default_factory=dict)

    def list_query(self, indicator: str, point: Mapping[str, Any]) -> str | None:
        """What the page of records is asked beside the filters; None: rows lead to no list."""
        if self.indicators[indicator]["record"] == Record.NONE:
            return None
        asked = {f"at_{name}": key for name, key in point.items()}
        return urlencode({"indicator": indicator, **asked})

    @property
    def list_url(self) -> str:
        """The page of records under the filters of this page."""
        return f"{reverse('reports:list')}?{urlencode(self.query)}"

    def url(self, indicator: str, point: Mapping[str, Any]) -> str | None:
        asked = self.list_query(indicator, point)
        return asked and f"{self.list_url}&{asked}"


@dataclass(frozen=True)
class Line:
    """A row of a table: its keys in the dimensions and what they are called, and one point for
    each series; None where a series has none."""

    keys: tuple[Key, ...]
    names: tuple[str, ...]
    points: tuple[Mapping[str, Any] | None, ...]

    def point(self, place: int, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """The point of a series; where it has no row, a count of nothing is 0 and all else is not
        told."""
        found = self.points[place]
        if found is not None:
            return found
        is_sum = facts["statistic"] in (Statistic.COUNT, Statistic.SUM)
        return {"n": 0, "value": 0.0 if is_sum else None}


def lines_of(
    tile: Tile,
    told: Sequence[Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    step: str,
) -> list[Line]:
    """The rows of the table: every step of the period, or every key that occurs."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    labels: dict[tuple[Any, ...], list[str]] = {}
    for place, series in enumerate(told):
        for point in series["points"]:
            keys = tuple(point["keys"])
            found.setdefault(keys, [None] * len(told))[place] = point
            labels[keys] = point["names"]
    by_step = step_names(steps, step)
    if tile.dimensions == (STEP,):
        for label in by_step:
            found.setdefault((label,), [None] * len(told))
    lines = []
    for keys, points in found.items():
        names = labels.get(keys, [""] * len(keys))
        words = tuple(
            by_step.get(str(key), str(key)) if dimension == STEP else key_name(dimension, key, text)
            for dimension, key, text in zip(tile.dimensions, keys, names, strict=True)
        )
        lines.append(Line(keys, words, tuple(points)))
    if AGENT not in tile.dimensions and _rank(tile.by) is None:
        return lines
    return sorted(lines, key=lambda line: _place(tile, line))


Rank = Callable[[Key, str], tuple[Any, ...]]


def keys_in_order(
    lines: Sequence[Line], place: int, dimension: str, *, by_sum: bool = False
) -> dict[Key, str]:
    """The keys of a dimension with what they are called: time, scales and people in their order,
    else the largest sum, or the most cases, first."""
    names = {line.keys[place]: line.names[place] for line in lines}
    rank = _rank(dimension)
    if rank is not None:
        return dict(sorted(names.items(), key=lambda pair: rank(*pair)))
    sizes: dict[Key, float] = dict.fromkeys(names, 0)
    for line in lines:
        sizes[line.keys[place]] += (line.points[0] or {}).get("value" if by_sum else "n") or 0
    return {key: names[key] for key in sorted(names, key=lambda key: -sizes[key])}


def _rank(dimension: str) -> Rank | None:
    """Time and scales in their order, people by name: they are not ranked (`KPI-25`). None: the
    keys have no order of their own."""
    if dimension == AGENT:
        return _by_name
    if dimension == "bucket":
        return lambda key, _name: (int(str(key).partition("-")[0]),)
    if dimension in NUMBERED:
        return lambda key, _name: (int(key or 0),)
    if dimension == STEP or dimension in ORDERED:
        return lambda key, _name: (str(key),)
    return None


def _place(tile: Tile, line: Line) -> list[tuple[Any, ...]]:
    """Where a line stands among the others."""
    return [
        (_rank(dimension) or _by_name)(key, name)
        for dimension, key, name in zip(tile.dimensions, line.keys, line.names, strict=True)
    ]


def _by_name(key: Key, name: str) -> tuple[Any, ...]:
    return name.casefold(), str(key)
