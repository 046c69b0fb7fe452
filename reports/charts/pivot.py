"""A figure by two dimensions as a table of rows and columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from reports.metrics.indicator import Statistic
from reports.metrics.tile import Tile

from .boards import panel
from .lines import Line, Reading, keys_in_order, lines_of
from .naming import dimension_name, heading, series_name
from .panels import Cell, Panel
from .values import unit_name, value_text

ADDS_UP = (Statistic.COUNT, Statistic.SUM)


@dataclass(frozen=True)
class Row:
    """A line of the file: the plain value beside its names."""

    names: tuple[str, ...]
    value: float | None
    cases: int | None
    unit: str


def pivot(tile: Tile, answer: Mapping[str, Any], reading: Reading) -> Panel:
    """The panel of a tile, with the keys of its split as columns."""
    made = panel(tile, answer, reading)
    series = answer["series"][0]
    if not tile.split or not series["told"]:
        return made
    facts = reading.indicators[series["indicator"]]
    lines = lines_of(tile, [series], answer["steps"], reading.step)
    columns = keys_in_order(lines, 1, tile.split)
    # By keys: two people, or two categories, may be called the same.
    cells = {line.keys: line for line in lines}
    adds_up = facts["statistic"] in ADDS_UP and not facts["is_level"]
    rows = []
    for key, name in keys_in_order(lines, 0, tile.by).items():
        row = [Cell(name)]
        found = [cells.get((key, column)) for column in columns]
        for line in found:
            row.append(_cell(line, tile, series["indicator"], facts, reading))
        if adds_up:
            row.append(Cell(value_text(_sum(found, facts), facts)))
        rows.append(row)
    first = heading(dimension_name(tile.by, reading.step))
    totals = [_("Total")] if adds_up else []
    return replace(made, headings=[first, *columns.values(), *totals], rows=rows)


def _cell(
    line: Line | None, tile: Tile, key: str, facts: Mapping[str, Any], reading: Reading
) -> Cell:
    if line is None:
        return Cell("–")
    point = line.point(0, facts)
    asked = dict(zip(tile.dimensions, line.keys, strict=True))
    return Cell(value_text(point, facts), reading.url(key, asked) if point["n"] else None)


def _sum(lines: Sequence[Line | None], facts: Mapping[str, Any]) -> dict[str, Any]:
    points = [line.point(0, facts) for line in lines if line is not None]
    if any(point["n"] is None for point in points):
        return {"n": None, "value": None}
    n, currencies = sum(point["n"] for point in points), {p.get("currency", "") for p in points}
    if len(currencies) > 1:
        return {"n": n, "value": None}
    value = sum(point["value"] or 0 for point in points)
    return {"n": n, "value": value, "currency": next(iter(currencies), "")}


def file_rows(tile: Tile, answer: Mapping[str, Any], reading: Reading) -> list[Row]:
    """One line for each point, seconds and shares as they were computed."""
    series = answer["series"][0]
    if not series["told"]:
        return []
    facts = reading.indicators[series["indicator"]]
    lines = lines_of(tile, [series], answer["steps"], reading.step)
    points = [(line.names, line.point(0, facts)) for line in lines]
    if not tile.dimensions:
        points = [((), series["total"])]
    return [
        Row(tuple(names), point["value"], point["n"], unit_name(point, facts))
        for names, point in points
    ]


def file_headings(tile: Tile, reading: Reading) -> list[str]:
    """What stands above the columns of the file."""
    names = [heading(dimension_name(one, reading.step)) for one in tile.dimensions]
    facts = reading.indicators[tile.indicators[0]]
    return [*names, series_name(tile.indicators[0], facts), _("Cases"), _("Unit")]
