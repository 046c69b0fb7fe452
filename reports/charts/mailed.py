"""Answers of tiles as a report that is printed or written as files: the words of the dashboards."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports.matter import Column, KeyFigure, Listing, Section, Shape, Sheet, Sum, Total, Value
from reports.metrics.indicator import Statistic
from reports.metrics.tile import ChartKind, Tile

from .boards import fact, not_told, panel, tile_title
from .drawing import svg_of
from .lines import Reading, lines_of
from .naming import STEP, dimension_name, heading, indicator_name, key_name, series_name
from .values import unit_name, why_untold

DIGITS = 9
# Where a line of a definition ends that goes on in the next one, which names no new part.
GOES_ON = re.compile(r"(?<!\n)\n(?!\n|[^\W\d_][\w ]{2,20}: )")
Data = Mapping[str, Any]


def key_figures(tiles: Sequence[Tile], data: Data, reading: Reading) -> list[KeyFigure]:
    """The tiles that are one number, in their order."""
    found = []
    for tile in tiles:
        if tile.chart != ChartKind.NUMBER:
            continue
        told = data["answers"][tile.key]
        shown, total = (
            fact(tile, told, reading, reading.titles.get(tile.key, "")),
            told["series"][0]["total"],
        )
        found.append(
            KeyFigure(
                label=shown.label,
                shown=shown.value,
                unit=shown.unit,
                change=shown.change,
                value=total["value"] if total else None,
                cases=total["n"] if total else None,
                shape=Shape(reading.indicators[tile.indicators[0]]["unit"]),
                currency=(total or {}).get("currency", ""),
            )
        )
    return found


def sections(tiles: Sequence[Tile], data: Data, reading: Reading) -> list[Section]:
    """All other tiles, in their order."""
    return [
        _section(tile, data["answers"][tile.key], reading)
        for tile in tiles
        if tile.chart != ChartKind.NUMBER
    ]


def _section(tile: Tile, told: Data, reading: Reading) -> Section:
    shown = panel(tile, told, reading, reading.titles.get(tile.key, ""))
    svg = ""
    if shown.figure:
        svg = svg_of(shown.figure, title=shown.title, description=shown.sentence)
    return Section(
        key=tile.key,
        title=shown.title,
        sentence=shown.sentence,
        headings=list(shown.headings),
        rows=[[cell.text for cell in row] for row in shown.rows],
        names=len(tile.dimensions),
        svg=svg,
        sheet=_sheet(tile, shown.title, told, reading),
    )


def definitions(tiles: Sequence[Tile], reading: Reading) -> list[tuple[str, str]]:
    """How each figure is computed, once."""
    keys = dict.fromkeys(key for tile in tiles for key in tile.indicators)
    found: dict[str, str] = {}
    for key in keys:
        facts = reading.indicators[key]
        # Indicators of one definition differ in their statistic only.
        how, name = GOES_ON.sub(" ", _(facts["how"])), indicator_name(key, facts)
        # Below its name, which often is the first line.
        found.setdefault(how.removeprefix(f"{name}.\n\n"), name)
    return [(name, how) for how, name in found.items()]


# --- Typed tables -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Block:
    """The columns of one series: its values, and what they are made of."""

    columns: Sequence[Column]
    values: Sequence[Sequence[Value]]
    totals: Sequence[Total]


def _sheet(tile: Tile, title: str, told: Data, reading: Reading) -> Sheet | None:
    """The values of a tile, with totals that follow from the rows where they do."""
    known = [series for series in told["series"] if series["told"]]
    if not known or not tile.dimensions:
        return None
    lines = lines_of(tile, known, told["steps"], reading.step)
    days = {step["key"]: date.fromisoformat(step["first"]) for step in told["steps"]}
    columns = [
        Column(heading(dimension_name(one, reading.step)), Shape.DAY if one == STEP else Shape.TEXT)
        for one in tile.dimensions
    ]
    totals = [Total(_("Total") if place == 0 else "") for place in range(len(columns))]
    rows: list[list[Value]] = [
        [
            days[str(key)] if one == STEP else name
            for one, key, name in zip(tile.dimensions, line.keys, line.names, strict=True)
        ]
        for line in lines
    ]
    for place, series in enumerate(known):
        facts = reading.indicators[series["indicator"]]
        points = [line.point(place, facts) for line in lines]
        block = _block(tile, series, facts, points, begin=len(columns))
        columns += block.columns
        totals += block.totals
        for number, row in enumerate(rows):
            row += [values[number] for values in block.values]
    return Sheet(title, columns, rows, totals)


def _block(tile: Tile, series: Data, facts: Data, points: Sequence[Data], *, begin: int) -> _Block:
    name, total = series_name(series["indicator"], facts), series["total"]
    parts: list[tuple[str, Sequence[Value], Value]] = []
    if facts["statistic"] != Statistic.COUNT:
        parts.append((_("Cases"), [point["n"] for point in points], total["n"]))
    if facts["statistic"] == Statistic.SHARE:
        # Of a point that is not told (`KPI-1`) nothing is.
        yes = [None if one.get("few") else one.get("yes", 0) for one in points]
        parts.append((_("of which yes"), yes, total.get("yes")))
    is_last = _is_last(tile, facts)
    part_totals = [_summed(values, whole, is_last=is_last) for _label, values, whole in parts]
    values = [_whole(point["value"], facts) for point in points]
    main = _main_total(facts, values, total["value"], begin, part_totals, is_last=is_last)
    labels = [Column(f"{name}: {label}", Shape.COUNT) for label, _values, _whole in parts]
    return _Block(
        [Column(name, Shape(facts["unit"])), *labels],
        [values, *(found for _label, found, _total in parts)],
        [main, *part_totals],
    )


def _whole(value: float | None, facts: Data) -> Value:
    """Counts are whole numbers."""
    is_count = facts["statistic"] == Statistic.COUNT and value is not None
    return round(value) if is_count and value is not None else value


def _is_last(tile: Tile, facts: Data) -> bool:
    """Of a level that is followed over time the total is its last step."""
    return bool(facts["is_level"]) and tile.dimensions == (STEP,)


def _main_total(
    facts: Data,
    values: Sequence[Value],
    total: float | None,
    begin: int,
    parts: Sequence[Total],
    *,
    is_last: bool,
) -> Total:
    """Of a share the sum of its parts: they stand in the columns after `begin`."""
    whole = _whole(total, facts)
    if facts["statistic"] == Statistic.SHARE and total is not None:
        cases, yes = parts[0].value, parts[1].value
        if isinstance(cases, int) and isinstance(yes, int) and cases and _same(total, yes / cases):
            return Total(total, Sum.SHARE, (begin + 2, begin + 1))
    if facts["statistic"] in (Statistic.COUNT, Statistic.SUM):
        return Total(whole, _summed(values, total, is_last=is_last).sum)
    return Total(whole)


def _summed(values: Sequence[Any], total: Any, *, is_last: bool) -> Total:
    """Follows from the rows when these really come to it: a tile keeps a limited number of rows,
    and some records count in several of them."""
    if total is None or not values:
        return Total(total)
    if is_last:
        return Total(total, Sum.LAST if _same(values[-1], total) else Sum.FIXED)
    is_sum = _same(sum(value or 0 for value in values), total)
    return Total(total, Sum.ROWS if is_sum else Sum.FIXED)


def _same(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and round(one - other, DIGITS) == 0


# --- Rows for programs --------------------------------------------------------------------------

COLUMNS = (
    "tile", "title", "indicator", "reference", "unit", "is_total", "by", "key", "name", "split",
    "split_key", "split_name", "n", "yes", "value", "low", "high", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a tile says of one indicator: its points, then the total, or why nothing is told."""

    tile: Tile
    title: str
    steps: Sequence[Data]
    series: Data
    facts: Data


def _told(tiles: Sequence[Tile], data: Data, reading: Reading) -> Iterator[Told]:
    for tile in tiles:
        title = reading.titles.get(tile.key) or tile_title(tile, reading.indicators, reading.step)
        answer = data["answers"][tile.key]
        for series in answer["series"]:
            facts = reading.indicators[series["indicator"]]
            yield Told(tile, title, answer["steps"], series, facts)


def records(tiles: Sequence[Tile], data: Data, reading: Reading) -> list[dict[str, Any]]:
    """One row per point, and one per total, with `COLUMNS`."""
    found: list[dict[str, Any]] = []
    for told in _told(tiles, data, reading):
        head = {
            "tile": told.tile.key,
            "title": told.title,
            "indicator": told.series["indicator"],
            "reference": told.facts["reference"],
            "unit": told.facts["unit"],
            "by": told.tile.by,
            "split": told.tile.split,
        }
        if not told.series["told"]:
            found.append(_record(head, {"why": told.series["why"]}, is_total=True))
            continue
        found += [_record(head, point, is_total=False) for point in told.series["points"]]
        found.append(_record(head, told.series["total"], is_total=True))
    return found


def _record(head: Data, point: Data, *, is_total: bool) -> dict[str, Any]:
    keys, names = [*point.get("keys", ()), "", ""], [*point.get("names", ()), "", ""]
    row = {
        **head,
        **{name: point.get(name) for name in ("n", "yes", "value", "low", "high")},
        "is_total": is_total,
        "key": str(keys[0]),
        "name": names[0],
        "split_key": str(keys[1]),
        "split_name": names[1],
        "why": point.get("why", ""),
    }
    return {name: row[name] for name in COLUMNS}


# --- Rows for people ----------------------------------------------------------------------------


def listing(tiles: Sequence[Tile], data: Data, reading: Reading) -> Listing:
    """The rows of `records` in words: a step by its first day, a key by what it is called, and why
    a point has no value."""
    headings = [
        _("Tile"), _("Figure"), _("By"), _("Name"), _("And by"), _("Second name"), _("Cases"),
        heading(_("of which yes")), _("Value"), _("Unit"), _("From (95 percent)"),
        _("To (95 percent)"), _("Remark"),
    ]  # fmt: skip
    rows: list[list[Value]] = []
    for told in _told(tiles, data, reading):
        series, facts, dimensions = told.series, told.facts, told.tile.dimensions
        head = [told.title, series_name(series["indicator"], facts)]
        by = [heading(dimension_name(one, reading.step)) for one in dimensions]
        of_all = [*head, *_placed(by, [_("Total")])]
        if not series["told"]:
            remark = not_told(series["why"], reading.step)
            rows.append([*of_all, *_values(None, facts), remark])
            continue
        days = {step["key"]: date.fromisoformat(step["first"]) for step in told.steps}
        for point in series["points"]:
            names = [
                days[str(key)] if dimension == STEP else key_name(dimension, key, name)
                for dimension, key, name in zip(
                    dimensions, point["keys"], point["names"], strict=True
                )
            ]
            place = _placed(by, names)
            rows.append([*head, *place, *_values(point, facts), _why(point, facts)])
        total = series["total"]
        rows.append([*of_all, *_values(total, facts), _why(total, facts)])
    return Listing(headings, rows)


def _placed(by: Sequence[str], names: Sequence[Value]) -> list[Value]:
    """Each dimension beside its name, of at most two."""
    dimensions, called = [*by, "", ""], [*names, "", ""]
    return [dimensions[0], called[0], dimensions[1], called[1]]


def _values(point: Data | None, facts: Data) -> list[Value]:
    known = point or {}
    value = _whole(known.get("value"), facts)
    cases, yes, low, high = (known.get(name) for name in ("n", "yes", "low", "high"))
    return [cases, yes, value, unit_name(point, facts), low, high]


def _why(point: Data, facts: Data) -> str:
    return why_untold(point, facts) if point["value"] is None else ""
