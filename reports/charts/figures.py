"""Figures as plotly.js takes them, without a template of its own."""

from collections.abc import Sequence
from itertools import accumulate
from textwrap import wrap
from typing import Any

Figure = dict[str, Any]
FONT = {"family": "Inter, system-ui, sans-serif", "size": 12, "color": "@text-2"}
HEIGHT = 230
# Share of the plot that a line of text takes.
LABEL_HEIGHT = 0.09
# Share of the plot that the text at the end of a bar takes.
TEXT_WIDTH = 0.15
LABEL_LETTERS = 14
# Lines of the names of series: of one or two, and of more of them.
LINES_OF_FEW, LINES_OF_MANY = 4, 2
NAME_LETTERS = 11
# Up to so many of a count every one of them has a mark on the axis.
FEW = 4
# So often an axis is made longer for the names beside it, each time by at least this share.
MOST_GROWTHS, LEAST_GROWTH = 6, 0.02
# Names below an axis that fit beside each other.
MOST_NAMES = 6
ZERO_LINE: Figure = {"zeroline": True, "zerolinecolor": "@control", "zerolinewidth": 1}


def names_below(names: Sequence[str]) -> Figure:
    """An axis of names, upright; where there are many only every so many are written, the last one
    always, for it may not be over."""
    every = -(-len(names) // MOST_NAMES) if names else 1
    kept = [name for place, name in enumerate(reversed(names)) if place % every == 0]
    return {"type": "category", "tickangle": 0, "tickmode": "array", "tickvals": kept[::-1]}


def bars(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None], str]],
    *,
    links: Sequence[Sequence[str | None]],
) -> Figure:
    """Columns side by side from 0, one group per name."""
    data: list[Figure] = [
        {
            "type": "bar",
            "name": label,
            "x": list(names),
            "y": list(values),
            "customdata": list(urls),
            "marker": {"color": color},
            "hovertemplate": "%{y}",
        }
        for (label, values, color), urls in zip(series, links, strict=True)
    ]
    layout = _layout(x={"type": "category"}, y=_from_zero(_known(series)), right=92)
    layout["annotations"] = _end_labels(series)
    return {"data": data, "layout": layout | {"barmode": "group", "bargap": 0.35}}


def lines(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None], str, str]],
    *,
    unit: str,
    links: Sequence[Sequence[str | None]] = (),
) -> Figure:
    """Lines over time from 0; each has (label, values, color, dash)."""
    data = [
        _line(names, label, values, color, dash=dash, unit=unit)
        for label, values, color, dash in series
    ]
    for line, urls in zip(data, links, strict=False):
        line["customdata"] = list(urls)
    layout = _layout(x=names_below(names), y=_heights(_known(series), unit), right=96)
    layout["annotations"] = _end_labels([one[:3] for one in series])
    if links:
        # Only the point under the pointer is opened.
        layout["hovermode"] = "closest"
    return {"data": data, "layout": layout}


def _known(series: Sequence[Sequence[Any]]) -> list[float]:
    """All values that are told; a series is (label, values, ...)."""
    return [value for one in series for value in one[1] if value is not None]


def _from_zero(values: Sequence[float]) -> Figure:
    """An axis that shows 0; what is below it hangs from a line."""
    axis: Figure = {"rangemode": "tozero"}
    lowest, highest = min([0, *values]), max([0, *values])
    if not lowest:
        return axis
    # At the very edge of a plot its number would not be written.
    above = {} if highest else {"autorangeoptions": {"include": -lowest * LABEL_HEIGHT}}
    return axis | ZERO_LINE | above


def _heights(values: Sequence[float], unit: str) -> Figure:
    """An axis from 0 with its unit; it does not magnify nothing."""
    suffix = unit if unit == "%" else f" {unit}".rstrip()
    axis = _from_zero(values) | {"ticksuffix": suffix}
    if (
        not unit
        and 0 < max(values, default=0) <= FEW
        and all(value == int(value) for value in values)
    ):
        # There is no half of a ticket.
        axis["dtick"] = 1
    return axis if any(values) else axis | {"range": [0, 1], "nticks": 3}


def short(name: str) -> str:
    """A name below an axis, in short lines of about the same length."""
    fewest = len(wrap(name, NAME_LETTERS, break_long_words=False))
    found = (wrap(name, width, break_long_words=False) for width in range(1, NAME_LETTERS + 1))
    return "<br>".join(next((one for one in found if len(one) <= fewest), [name]))


def columns(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None], str]],
    *,
    links: Sequence[Sequence[str | None]],
    unit: str,
    is_stacked: bool,
) -> Figure:
    """Columns from 0 side by side, or one upon the other, each of which opens its list."""
    figure = bars(names, series, links=links)
    layout = figure["layout"] | {"hovermode": "closest"}
    layout["xaxis"] = layout["xaxis"] | names_below(names)
    layout["yaxis"] = layout["yaxis"] | _heights(_known(series), unit)
    if is_stacked:
        layout |= {"barmode": "stack", "annotations": _stack_labels(series)}
        for bar in figure["data"]:
            bar["marker"]["line"] = {"color": "@surface", "width": 1}
    return figure | {"layout": layout}


def lying_bars(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float], str]],
    *,
    texts: Sequence[str],
    links: Sequence[str | None],
    end: float | None = None,
) -> Figure:
    """Bars from 0 to the right, of what is below 0 to the left, the first name on top, `texts` at
    their ends, stacked when there are several series; `end` is the right end of the axis."""
    data: list[Figure] = []
    for place, (label, values, color) in enumerate(series):
        bar: Figure = {
            "type": "bar",
            "orientation": "h",
            "name": label,
            "x": list(values),
            "y": list(names),
            "customdata": list(links),
            "marker": {"color": color, "line": {"color": "@surface", "width": 1}},
            "hovertemplate": "%{x}",
            # A single bar is no thicker than one of three.
            "width": min(0.66, 0.22 * len(names)),
        }
        if place == len(series) - 1:
            bar |= {"text": list(texts), "textposition": "outside", "cliponaxis": False}
        data.append(bar)
    layout = _layout(
        x=_lengths(_known(series), end),
        y={"autorange": "reversed", "automargin": True, "showgrid": False},
    )
    layout |= {
        "barmode": "stack",
        "margin": {"l": 8, "r": 96, "t": 6, "b": 8},
        "hovermode": "closest",
    }
    return {"data": data, "layout": layout}


def _lengths(values: Sequence[float], end: float | None) -> Figure:
    """An axis without marks; below 0 with room for the texts at the left ends."""
    bottom, top = min([0, *values]), end or max([0, *values])
    if bottom < 0:
        bottom -= (top - bottom) * TEXT_WIDTH
        unmarked = {"showticklabels": False, "ticks": "", "showline": False}
        return {"range": [bottom, top]} | unmarked | ZERO_LINE
    axis: Figure = {"visible": False, "rangemode": "tozero"}
    return axis | {"range": [0, end]} if end else axis


def _line(
    names: Sequence[str],
    label: str,
    values: Sequence[float | None],
    color: str,
    *,
    dash: str,
    unit: str,
) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": label,
        "x": list(names),
        "y": list(values),
        "line": {"color": color, "width": 2.5, "dash": dash},
        "marker": {"size": 5},
        "hovertemplate": f"%{{y}} {unit}".rstrip(),
        "connectgaps": False,
    }


def _end_labels(series: Sequence[Sequence[Any]]) -> list[Figure]:
    """The name of each series beside its last known value, pushed apart to be readable."""
    told = [
        (label, [value for value in values if value is not None], color)
        for label, values, color in series
    ]
    ends = [(label, known[-1], color) for label, known, color in told if known]
    known = _known(series)
    floor = min([0, *known])
    lines = LINES_OF_FEW if len(ends) < 3 else LINES_OF_MANY
    return _piled(sorted(ends, key=lambda end: end[1]), floor, max([0, *known]) - floor, lines)


def _piled(
    ends: Sequence[tuple[str, float, str]], bottom: float, span: float, lines: int = LINES_OF_MANY
) -> list[Figure]:
    """Labels at their heights, none upon another, the lowest first; `bottom` is the lower end of
    an axis that is `span` long. It grows to hold them all, so that each takes more of its units."""
    labels: list[Figure] = []
    span = span or 1
    for _again in range(MOST_GROWTHS):
        labels, floor = [], bottom
        for label, value, color in ends:
            labels.append(_upon(floor, label, value, color, span, lines))
            floor = labels[-1]["y"] + _half(labels[-1], span)
        if floor - bottom <= span * (1 + LEAST_GROWTH):
            break
        span = floor - bottom
    return labels


def _half(label: Figure, span: float) -> float:
    """Half the height of a label, in units of an axis that is `span` of them long."""
    lines: int = 1 + label["text"].count("<br>")
    return span * LABEL_HEIGHT * lines / 2


def _upon(
    floor: float, label: str, value: float, color: str, span: float, lines: int = LINES_OF_MANY
) -> Figure:
    """A label in the middle of its value, or higher, so that it does not reach below `floor`."""
    made = _beside(label, value, color, lines)
    return made | {"y": max(value, floor + _half(made, span))}


def _beside(label: str, height: float, color: str, lines: int) -> Figure:
    """A label at the right of the plot, in short lines."""
    return {
        "xref": "paper",
        "x": 1,
        "y": height,
        "text": "<br>".join(
            wrap(label, LABEL_LETTERS, max_lines=lines, placeholder="…", break_long_words=False)
        ),
        "font": {"color": color, "size": 11},
        "showarrow": False,
        "xanchor": "left",
        "xshift": 8,
        "align": "left",
    }


def _stack_labels(series: Sequence[tuple[str, Sequence[float | None], str]]) -> list[Figure]:
    """The names of the parts beside the last bar, from the foot up."""
    columns = zip(*([value or 0 for value in one[1]] for one in series), strict=True)
    levels = [level for column in columns for level in accumulate(column)]
    floor = min([0, *levels])
    last = [(values[-1] if values else 0) or 0 for _label, values, _color in series]
    middles = [end - part / 2 for end, part in zip(accumulate(last), last, strict=True)]
    ends = [
        (label, middle, color)
        for middle, (label, _values, color) in zip(middles, series, strict=True)
    ]
    return _piled(sorted(ends, key=lambda end: end[1]), floor, max([0, *levels]) - floor)


def _layout(*, x: Figure, y: Figure, right: int = 16) -> Figure:
    return {
        "height": HEIGHT,
        "margin": {"l": 48, "r": right, "t": 6, "b": 34},
        "font": FONT,
        "hoverlabel": {"font": {"size": 12}},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "x unified",
        "xaxis": {
            "showgrid": False,
            "zeroline": False,
            "linecolor": "@line-2",
            "automargin": True,
            "fixedrange": True,
        }
        | x,
        "yaxis": {"gridcolor": "@c-grid", "zeroline": False, "fixedrange": True} | y,
    }
