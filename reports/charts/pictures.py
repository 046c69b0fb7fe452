"""The figure of a tile, made of the rows of its table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from reports.metrics.indicator import Statistic
from reports.metrics.tile import ChartKind, Tile

from . import figures
from .figures import Figure
from .lines import AGENT, Key, Line, Reading, keys_in_order
from .naming import CURRENCY, STATISTICS, STEP, heading, indicator_name, step_names
from .values import scale, scaled, value_text

COLORS = ("@c1", "@c2", "@c3", "@c4", "@c5")
DASHES = ("solid", "6px 3px", "2px 2px", "9px 3px 2px 3px", "solid")
# Bars that a chart shows at most; the table has all rows.
BARS = 12
# Parts of a stacked bar, the rest included, and lines of a chart (ux 14).
PARTS, LINES = 3, 4
REST = "@c6"


@dataclass(frozen=True)
class Series:
    """One color of a chart: a value and what it opens for each name on the axis."""

    label: str
    values: Sequence[float | None]
    texts: Sequence[str]
    links: Sequence[str | None]


def picture(
    tile: Tile,
    told: Sequence[Mapping[str, Any]],
    lines: Sequence[Line],
    reading: Reading,
    steps: Sequence[Mapping[str, Any]],
) -> Figure | None:
    """None where there is nothing to draw, or the tile is a table."""
    if tile.chart in (ChartKind.TABLE, ChartKind.NUMBER) or not tile.dimensions:
        return None
    if _are_mixed(tile, lines):
        return None
    points = [
        line.point(place, reading.indicators[series["indicator"]])["value"]
        for place, series in enumerate(told)
        for line in lines
    ]
    if not any(points) and not _tells_zero(points, told, reading):
        return None
    unit, divisor = scale(points, reading.indicators[told[0]["indicator"]]["unit"])
    names, series = _series(tile, told, lines, reading, divisor, steps)
    if tile.chart == ChartKind.LYING and not tile.split:
        return _lying(names, series[0], unit)
    names = _below(names)
    if tile.chart == ChartKind.LINE:
        # A single point is no line; the table says as much.
        return None if len(names) < 2 else _lines(names, series[:LINES], unit)
    kept = series[:PARTS] if tile.chart == ChartKind.STACKED else series[:LINES]
    if tile.chart == ChartKind.STACKED and len(series) > PARTS:
        kept = [*series[: PARTS - 1], _rest(series[PARTS - 1 :])]
    return figures.columns(
        names,
        [
            (one.label, one.values, REST if one.label == _("Others") else color)
            for one, color in zip(kept, COLORS, strict=False)
        ],
        links=[one.links for one in kept],
        unit=unit,
        is_stacked=tile.chart == ChartKind.STACKED,
    )


def _are_mixed(tile: Tile, lines: Sequence[Line]) -> bool:
    """Amounts of several currencies have no axis in common."""
    if CURRENCY not in tile.dimensions:
        return False
    place = tile.dimensions.index(CURRENCY)
    return len({line.keys[place] for line in lines}) > 1


def _below(names: Sequence[str]) -> list[str]:
    """Names for below an axis: short, and still different ones."""
    shorter = [figures.short(name) for name in names]
    return shorter if len({*shorter}) == len(names) else list(names)


def _tells_zero(
    points: Sequence[float | None], told: Sequence[Mapping[str, Any]], reading: Reading
) -> bool:
    """A share or a time of zero is something to see, a count of zero is not."""
    statistic = reading.indicators[told[0]["indicator"]]["statistic"]
    return statistic not in (Statistic.COUNT, Statistic.SUM) and any(
        value is not None for value in points
    )


def _series(
    tile: Tile,
    told: Sequence[Mapping[str, Any]],
    lines: Sequence[Line],
    reading: Reading,
    divisor: float,
    steps: Sequence[Mapping[str, Any]],
) -> tuple[list[str], list[Series]]:
    """The names on the axis, and the series over them: one for each indicator, or for each key of
    the split, the largest first. Of time all steps are on the axis, also those without a case."""
    if not tile.split:
        shown = lines if tile.by == STEP else lines[:BARS]
        found = [
            _one(_label(series, told, reading), place, shown, tile, told, reading, divisor)
            for place, series in enumerate(told)
        ]
        return _distinct([line.names[0] for line in shown]), found
    on_axis: dict[Key, str] = {line.keys[0]: line.names[0] for line in lines}
    on_axis = {**step_names(steps, reading.step)} if tile.by == STEP else _first(on_axis, BARS)
    groups: dict[Key, list[Line]] = {}
    for line in lines:
        if line.keys[0] in on_axis:
            groups.setdefault(line.keys[1], []).append(line)
    facts = reading.indicators[told[0]["indicator"]]
    empty = 0.0 if facts["statistic"] in (Statistic.COUNT, Statistic.SUM) else None
    shown = [line for group in groups.values() for line in group]
    made = []
    # The largest parts are drawn, also of a scale, for the others are summed up.
    order = tile.split if tile.split == AGENT else ""
    is_sum = facts["statistic"] == Statistic.SUM
    for key, name in keys_in_order(shown, 1, order, by_sum=is_sum).items():
        one = _one(name, 0, groups[key], tile, told, reading, divisor)
        by_key = {line.keys[0]: place for place, line in enumerate(groups[key])}
        made.append(
            Series(
                name,
                [one.values[by_key[k]] if k in by_key else empty for k in on_axis],
                [one.texts[by_key[k]] if k in by_key else "" for k in on_axis],
                [one.links[by_key[k]] if k in by_key else None for k in on_axis],
            )
        )
    return _distinct(list(on_axis.values())), made


def _first(names: Mapping[Key, str], count: int) -> dict[Key, str]:
    return dict(islice(names.items(), count))


def _distinct(names: Sequence[str]) -> list[str]:
    """Names for an axis, which draws what is called the same in one place."""
    seen: Counter[str] = Counter()
    made = []
    for name in names:
        seen[name] += 1
        made.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return made


def _one(
    label: str,
    place: int,
    lines: Sequence[Line],
    tile: Tile,
    told: Sequence[Mapping[str, Any]],
    reading: Reading,
    divisor: float,
) -> Series:
    key = told[place]["indicator"]
    facts = reading.indicators[key]
    points = [line.point(place, facts) for line in lines]
    return Series(
        label,
        [scaled(point["value"], divisor) for point in points],
        [value_text(point, facts) for point in points],
        [
            reading.list_query(key, dict(zip(tile.dimensions, line.keys, strict=True)))
            if point["n"]
            else None
            for line, point in zip(lines, points, strict=True)
        ],
    )


def _label(series: Mapping[str, Any], told: Sequence[Mapping[str, Any]], reading: Reading) -> str:
    """Beside the end of a line: the statistic where the figures are the same, else the figure."""
    facts = reading.indicators[series["indicator"]]
    statistic = STATISTICS.get(facts["statistic"])
    names = {indicator_name(one["indicator"], reading.indicators[one["indicator"]]) for one in told}
    if statistic and len(names) == 1:
        return heading(str(statistic))
    return indicator_name(series["indicator"], facts)


def _lying(names: Sequence[str], series: Series, unit: str) -> Figure:
    return figures.lying_bars(
        names,
        [(series.label, [value or 0 for value in series.values], "@c1")],
        texts=series.texts,
        links=series.links,
        end=100 if unit == "%" else None,
    )


def _lines(names: Sequence[str], series: Sequence[Series], unit: str) -> Figure:
    return figures.lines(
        names,
        [
            (one.label, one.values, color, dash)
            for one, color, dash in zip(series, COLORS, DASHES, strict=False)
        ],
        unit=unit,
        links=[one.links for one in series],
    )


def _rest(series: Sequence[Series]) -> Series:
    """The sum of the small parts, which opens no list."""
    columns = zip(*(one.values for one in series), strict=True)
    sums = [sum(value or 0 for value in column) for column in columns]
    return Series(_("Others"), sums, [""] * len(sums), [None] * len(sums))
