"""Figures as plotly.js takes them, without a template of its own."""

from collections.abc import Sequence
from typing import Any

Figure = dict[str, Any]
FONT = {"family": "Inter, system-ui, sans-serif", "size": 12, "color": "@text-2"}
HEIGHT = 230
# Share of the plot that a line of text takes.
LABEL_HEIGHT = 0.09


def bars(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float], str]],
    *,
    links: Sequence[Sequence[str | None]],
    line: tuple[str, Sequence[float], str] | None = None,
) -> Figure:
    """Upright bars side by side from 0, one group per name; `line` runs over them."""
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
    if line:
        label, values, color = line
        data.append(_line(names, label, values, color, dash="6px 3px", unit=""))
    layout = _layout(x={"type": "category"}, y={"rangemode": "tozero"}, right=92)
    layout["annotations"] = _end_labels(names, [*series, *([line] if line else [])])
    return {"data": data, "layout": layout | {"barmode": "group", "bargap": 0.35}}


def lines(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None], str, str]],
    *,
    unit: str,
) -> Figure:
    """Lines over time from 0; each has (label, values, color, dash)."""
    data = [
        _line(names, label, values, color, dash=dash, unit=unit)
        for label, values, color, dash in series
    ]
    layout = _layout(
        x={"type": "category"}, y={"rangemode": "tozero", "ticksuffix": f" {unit}"}, right=92
    )
    layout["annotations"] = _end_labels(names, [one[:3] for one in series])
    return {"data": data, "layout": layout}


def lying_bars(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float], str]],
    *,
    texts: Sequence[str],
    links: Sequence[str | None],
    end: float | None = None,
) -> Figure:
    """Bars from 0 to the right, the first name on top, `texts` at their ends, stacked when there
    are several series; `end` is the right end of the axis."""
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
    x: Figure = {"visible": False, "rangemode": "tozero"}
    if end:
        x["range"] = [0, end]
    layout = _layout(x=x, y={"autorange": "reversed", "automargin": True, "showgrid": False})
    layout |= {
        "barmode": "stack",
        "margin": {"l": 8, "r": 96, "t": 6, "b": 8},
        "hovermode": "closest",
    }
    return {"data": data, "layout": layout}


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


def _end_labels(names: Sequence[str], series: Sequence[Sequence[Any]]) -> list[Figure]:
    """The name of each series beside its last value, pushed apart where they would overlap."""
    ends = [
        (label, values[-1], color)
        for label, values, color in series
        if len(values) and values[-1] is not None
    ]
    top = (
        max(
            (
                max(v for v in values if v is not None)
                for _l, values, _c in series
                if any(v is not None for v in values)
            ),
            default=0,
        )
        or 1
    )
    labels = []
    floor = top * LABEL_HEIGHT / 2
    for label, value, color in sorted(ends, key=lambda end: end[1]):
        shown = max(value, floor)
        floor = shown + top * LABEL_HEIGHT
        labels.append(
            {
                "xref": "paper",
                "x": 1,
                "y": shown,
                "text": label,
                "font": {"color": color, "size": 11},
                "showarrow": False,
                "xanchor": "left",
                "xshift": 8,
                "align": "left",
            }
        )
    return labels


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
