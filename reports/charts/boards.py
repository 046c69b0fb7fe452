"""Answers of tiles as people see them: figures at the top, and panels."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.metrics.indicator import Statistic, Step, Unit
from reports.metrics.tile import Tile

from . import differences, words
from .lines import Line, Reading, lines_of
from .naming import dimension_name, heading, indicator_name, series_name
from .panels import Cell, Panel
from .pictures import picture
from .sentences import sentence
from .tiles import Tile as Fact
from .values import count_text, difference, value_text, why_untold


def fact(tile: Tile, answer: Mapping[str, Any], reading: Reading, title: str = "") -> Fact:
    """The figure of a tile that is one number; n/a with the reason where there is none."""
    series = answer["series"][0]
    key, total = series["indicator"], series["total"]
    facts = reading.indicators[key]
    known = total is not None and total["value"] is not None
    is_list = known and bool(total and total["n"])
    return Fact(
        label=title or series_name(key, facts),
        value=value_text(total, facts),
        unit=_of_cases(total, facts) if known else why_untold(total, facts),
        url=(reading.url(key, {}) or "") if is_list else "",
        **_change(total, series.get("before"), facts, reading.than),
    )


def _of_cases(total: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    if facts["statistic"] in (Statistic.COUNT,):
        return _("at the end of the period") if facts["is_level"] else ""
    if not total["n"]:
        # Without an outage all of the agreed time was available, which is a figure of no case.
        return ""
    return ngettext("of %(count)s case", "of %(count)s cases", total["n"]) % {
        "count": words.count(total["n"])
    }


def _change(
    now: Mapping[str, Any] | None, before: Any, facts: Mapping[str, Any], than: str
) -> dict[str, str]:
    """Text, arrow and tone of the difference to the period that is compared with."""
    if not than or now is None or now["value"] is None:
        return {"change": "", "arrow": differences.SAME, "tone": differences.NEUTRAL}
    found, size = difference(now, before, facts)
    is_time, text = facts["unit"] == Unit.DURATION, {"size": size, "than": than}
    more = _("%(size)s longer %(than)s") if is_time else _("%(size)s more %(than)s")
    less = _("%(size)s shorter %(than)s") if is_time else _("%(size)s less %(than)s")
    return differences.told(
        found,
        more=more % text,
        less=less % text,
        same=differences.no_different(than),
        more_is=facts["more_is"],
    )


def panel(tile: Tile, answer: Mapping[str, Any], reading: Reading, title: str = "") -> Panel:
    """The title, sentence, table and figure of a tile; where nothing is told the sentence says
    why."""
    shown = title or tile_title(tile, reading.indicators, reading.step)
    how = "\n\n".join(dict.fromkeys(_(reading.indicators[key]["how"]) for key in tile.indicators))
    told = [series for series in answer["series"] if series["told"]]
    if not told:
        text = not_told(answer["series"][0]["why"], reading.step)
        return Panel(tile.key, shown, text, [], [], None, how)
    lines = lines_of(tile, told, answer["steps"], reading.step)
    columns = columns_of(tile, told, lines, reading)
    if not any(series["total"]["value"] for series in told) and not _has_cases(lines):
        lines = []
    rows = [(*map(Cell, line.names), *(cell(line) for _head, cell in columns)) for line in lines]
    names = [heading(dimension_name(one, reading.step)) for one in tile.dimensions]
    return Panel(
        tile.key,
        shown,
        sentence(tile, told, lines, reading, answer["steps"]),
        [*names, *(head for head, _cell in columns)],
        rows,
        picture(tile, told, lines, reading, answer["steps"]),
        how,
    )


def not_told(dimension: str, step: str) -> str:
    """That a figure does not have the dimension by which it is asked or narrowed."""
    text = _("n/a: this figure is not told by %(dimension)s.")
    return text % {"dimension": dimension_name(dimension, step)}


def _has_cases(lines: Sequence[Line]) -> bool:
    """Whether a table says more than that there is nothing to tell, or that nothing happened."""
    points = [point for line in lines for point in line.points if point]
    return any(point["n"] != 0 or point["value"] for point in points)


def tile_title(
    tile: Tile, indicators: Mapping[str, Mapping[str, Any]], step: str = Step.MONTH
) -> str:
    """What a tile is called when nobody gave it a name."""
    names = [
        (series_name if len(tile.indicators) == 1 else indicator_name)(key, indicators[key])
        for key in tile.indicators
    ]
    unique = list(dict.fromkeys(names))
    figure = unique[0]
    for more in unique[1:-1]:
        figure = _("%(figure)s, %(more)s") % {"figure": figure, "more": words.lowered(more)}
    if len(unique) > 1:
        last = words.lowered(unique[-1])
        figure = _("%(figure)s and %(more)s") % {"figure": figure, "more": last}
    if not tile.by:
        return figure
    by = {"figure": figure, "dimension": dimension_name(tile.by, step)}
    if not tile.split:
        return _("%(figure)s, by %(dimension)s") % by
    by["split"] = dimension_name(tile.split, step)
    return _("%(figure)s, by %(dimension)s and %(split)s") % by


Column = tuple[str, Callable[[Line], Cell]]


def columns_of(
    tile: Tile, told: Sequence[Mapping[str, Any]], lines: Sequence[Line], reading: Reading
) -> list[Column]:
    """Behind the names: the value of each series, and of how many cases where it is no count."""
    columns: list[Column] = []
    for place, series in enumerate(told):
        key = series["indicator"]
        facts = reading.indicators[key]
        head = series_name(key, facts)
        is_count = facts["statistic"] == Statistic.COUNT

        def value(line: Line, place=place, key=key, facts=facts, is_count=is_count) -> Cell:
            point = line.point(place, facts)
            url = _opens(reading, tile, key, line, point) if is_count else None
            return Cell(value_text(point, facts), url)

        def cases(line: Line, place=place, key=key, facts=facts) -> Cell:
            point = line.point(place, facts)
            return Cell(count_text(point), _opens(reading, tile, key, line, point))

        columns.append((head, value))
        is_last_of_rows = place + 1 == len(told) or told[place + 1]["indicator"] != key
        if not is_count and is_last_of_rows:
            columns.append((_("Cases"), cases))
    return _without_repeats(columns, lines)


def _without_repeats(columns: list[Column], lines: Sequence[Line]) -> list[Column]:
    """One column of cases where several series are made of the same rows."""
    cases = [column for column in columns if column[0] == _("Cases")]
    texts = {tuple(cell(line).text for line in lines) for _head, cell in cases}
    if len(cases) < 2 or len(texts) > 1:
        return columns
    return [column for column in columns if column not in cases] + cases[:1]


def _opens(
    reading: Reading, tile: Tile, key: str, line: Line, point: Mapping[str, Any]
) -> str | None:
    if not point["n"]:
        return None
    return reading.url(key, dict(zip(tile.dimensions, line.keys, strict=True)))
