"""Figures as SVG for paper: the same figure that a page hands to plotly, drawn without a browser.

Lengths are units of the view box, `WIDTH` of them across the column of a page.
"""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from . import words
from .figures import Figure

WIDTH, HEIGHT = 640.0, 190.0
# The light theme of portal/ui/static/ui/app.css, on white.
COLORS = {
    "@c1": "#0a63b0", "@c2": "#c25700", "@c3": "#722e1d", "@c4": "#9147ff", "@c5": "#cd7a9b",
    "@c6": "#626c7c", "@c-grid": "#e4e7ec", "@c-target": "#4f5969", "@text-2": "#4f5969",
}  # fmt: skip
TEXT, GRID, AXIS = "#4f5969", "#e4e7ec", "#9aa3b1"
SIZE = 10.0
FAMILIES = (
    "Paper Latin, Paper Latin Extended, Paper Cyrillic, Paper Noto, Paper Japanese, Paper Chinese"
)
# The mean width of a letter, as a share of its size.
LETTER = 0.56
LINE_HEIGHT = 12.0
TICKS = 4
TOP, BOTTOM, LEFT = 10.0, 22.0, 44.0
# Bars that lie: the height of one, and the widest that their names may be.
ROW, WIDEST_NAME, VALUE_SPACE = 17.0, 210.0, 84.0


def svg_of(figure: Figure, *, title: str, description: str) -> str:
    """The figure as an SVG element with a title and a description for screen readers."""
    data = figure["data"]
    if data and data[0].get("orientation") == "h":
        height, marks = _lying(figure)
    else:
        height, marks = _upright(figure)
    label = quoteattr(f"{title}. {description}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(WIDTH)} {_n(height)}" '
        f'role="img" aria-label={label}><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{''.join(marks)}</svg>"
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _color(name: str) -> str:
    return COLORS.get(name, name)


def wide(text: str, size: float = SIZE) -> float:
    """About as wide as a text is; ideographs fill their square."""
    letters = sum(1.0 if ord(letter) > 0x2E7F else LETTER for letter in text)
    return letters * size


def shortened(text: str, width: float) -> str:
    if wide(text) <= width:
        return text
    kept = text
    while kept and wide(kept + "…") > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", color: str = TEXT, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-family="{FAMILIES}" font-size="{_n(SIZE)}" '
        f'fill="{color}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'
    )


def _rect(x: float, y: float, width: float, height: float, color: str) -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" '
        f'height="{_n(max(height, 0))}" fill="{color}"/>'
    )


def _rule(x1: float, y1: float, x2: float, y2: float, color: str) -> str:
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
        f'stroke="{color}" stroke-width=".8"/>'
    )


# --- Bars that lie ------------------------------------------------------------------------------


def _lying(figure: Figure) -> tuple[float, list[str]]:
    """The height of the picture, and its marks: a name, a bar, its value at the end. What is below
    0 goes to the left of the axis, with its value at the left."""
    data = figure["data"]
    names = [_in_one_line(name) for name in data[0]["y"]]
    texts = [str(text) for text in data[-1].get("text") or [""] * len(names)]
    bottom, top = _range_of([bar["x"] for bar in data], is_stacked=True)
    given = figure["layout"]["xaxis"].get("range")
    top = given[1] if given else top
    left = min(WIDEST_NAME, max((wide(name) for name in names), default=0)) + 10
    lead = VALUE_SPACE if bottom < 0 else 0
    unit = (WIDTH - left - lead - VALUE_SPACE) / (top - bottom or 1)
    axis = left + lead - bottom * unit
    marks = []
    for place, name in enumerate(names):
        high = place * ROW + 3
        middle = high + ROW / 2 - 1
        marks.append(
            _text(left - 8, middle + SIZE * 0.35, shortened(name, WIDEST_NAME), anchor="end")
        )
        x = axis
        for bar in data:
            length = float(bar["x"][place] or 0) * unit
            color = _color(bar["marker"]["color"])
            marks.append(_rect(min(x, x + length), high + 2, abs(length), ROW - 6, color))
            x += length
        side, gap = ("end", -6) if x < axis else ("start", 6)
        foot = middle + SIZE * 0.35
        marks.append(_text(x + gap, foot, texts[place], anchor=side, color="#171c26", bold=True))
    marks.append(_rule(axis, 2, axis, len(names) * ROW + 2, AXIS))
    return len(names) * ROW + 5, marks


# --- Bars and lines that stand ------------------------------------------------------------------


def nice_step(span: float) -> float:
    """The distance of about four marks over `span`: 1, 2 or 5 times a power of ten."""
    if span <= 0:
        return 1
    rough = span / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def _upright(figure: Figure) -> tuple[float, list[str]]:
    """The height of the picture, and its marks."""
    data, layout = figure["data"], figure["layout"]
    names = [str(name) for name in data[0]["x"]]
    notes = layout.get("annotations", [])
    right = max((wide(line) for note in notes for line in _lines(note)), default=0) + 14
    unit = str(layout["yaxis"].get("ticksuffix", "")).strip()
    is_stacked = layout.get("barmode") == "stack"
    extent = _range_of([one["y"] for one in data], is_stacked=is_stacked)
    plot = _Plot(len(names), right, extent, unit, layout["yaxis"].get("dtick"))
    marks = plot.grid()
    bars = [one for one in data if one["type"] == "bar"]
    marks += _stacked(bars, plot) if is_stacked else _grouped(bars, plot)
    for one in data:
        if one["type"] == "scatter":
            marks += _line(one, plot)
    depth, written = plot.names(names)
    return HEIGHT + depth, marks + written + _notes(notes, plot)


def _in_one_line(name: object) -> str:
    """A name without the breaks that a page gives it for narrow screens."""
    return str(name).replace("<br>", " ")


def _lines(note: Figure) -> list[str]:
    return str(note["text"]).split("<br>")


def _range_of(series: Sequence[Sequence[float | None]], *, is_stacked: bool) -> tuple[float, float]:
    """The lowest and the highest that is drawn; 0 is always between them."""
    if is_stacked:
        columns = zip(*([value or 0 for value in values] for values in series), strict=True)
        found = [level for column in columns for level in accumulate(column)]
    else:
        found = [value for values in series for value in values if value is not None]
    return min([0, *found]), max([0, *found])


class _Plot:
    """The stretch that values and names are put on, with its axis at 0."""

    def __init__(
        self,
        count: int,
        right: float,
        extent: tuple[float, float],
        unit: str,
        step: float | None = None,
    ) -> None:
        """`count` names below it, `right` the room for the names of series; `extent` are the lowest
        value, at most 0, and the highest, at least 0; `step` lies between two marks."""
        bottom, top = extent
        self.count, step = max(count, 1), step or nice_step(top - bottom)
        first, last = math.floor(round(bottom / step, 6)), math.ceil(round(top / step, 6))
        last = max(last, first + 1)
        self.start, self.end = first * step, last * step
        heights = [number * step for number in range(first, last + 1)]
        self.marks = {value: words.on_axis(value, unit) for value in heights}
        self.left = max(LEFT, max(wide(mark) for mark in self.marks.values()) + 8)
        self.width = WIDTH - self.left - right
        self.slot = self.width / self.count

    def x(self, place: float) -> float:
        """The middle of the slot of a name."""
        return self.left + (place + 0.5) * self.slot

    def y(self, value: float) -> float:
        room = HEIGHT - TOP - BOTTOM
        return TOP + room * (self.end - value) / (self.end - self.start)

    def grid(self) -> list[str]:
        marks = []
        for value, label in self.marks.items():
            y, end = self.y(value), self.left + self.width
            marks.append(_rule(self.left, y, end, y, GRID if value else AXIS))
            marks.append(_text(self.left - 6, y + SIZE * 0.35, label, anchor="end"))
        return marks

    def names(self, names: Sequence[str]) -> tuple[float, list[str]]:
        """As many of the names as fit below the axis, always the last; in short lines, which take
        more height, where more of them fit so."""
        lines = [[_in_one_line(name)] for name in names]
        every = self._every(lines)
        broken = [name.split("<br>") for name in names]
        if every > self._every(broken):
            lines, every = broken, self._every(broken)
        shown = [place for place in range(len(names)) if (len(names) - 1 - place) % every == 0]
        marks = [
            _text(self.x(place), HEIGHT - 6 + number * LINE_HEIGHT, line, anchor="middle")
            for place in shown
            for number, line in enumerate(lines[place])
        ]
        most = max((len(lines[place]) for place in shown), default=1)
        return (most - 1) * LINE_HEIGHT, marks

    def _every(self, names: Sequence[Sequence[str]]) -> int:
        """Every so many of the names fit beside each other."""
        widest = max((wide(line) for lines in names for line in lines), default=0) + 8
        every = max(1, math.ceil(widest / self.slot))
        is_crowded = every > 1 and self.slot * len(names) / every < widest
        return every + 1 if is_crowded else every


def _grouped(bars: Sequence[Figure], plot: _Plot) -> list[str]:
    if not bars:
        return []
    room = plot.slot * 0.68
    width = min(room / len(bars), 26.0)
    marks = []
    for number, bar in enumerate(bars):
        for place, value in enumerate(bar["y"]):
            if value:
                x = plot.x(place) - width * len(bars) / 2 + number * width
                axis, end = plot.y(0), plot.y(value)
                color = _color(bar["marker"]["color"])
                marks.append(_rect(x + 0.5, min(axis, end), width - 1, abs(end - axis), color))
    return marks


def _stacked(bars: Sequence[Figure], plot: _Plot) -> list[str]:
    width = min(plot.slot * 0.62, 40.0)
    marks = []
    for place in range(plot.count):
        level = 0.0
        for bar in bars:
            value = float(bar["y"][place] or 0)
            if value:
                foot, end = plot.y(level), plot.y(level + value)
                color = _color(bar["marker"]["color"])
                x, top = plot.x(place) - width / 2, min(foot, end)
                # A white line between the parts tells them apart without color, too.
                marks.append(_rect(x, top, width, abs(end - foot) - 0.8, color))
            level += value
    return marks


def _line(line: Figure, plot: _Plot) -> list[str]:
    color, dash = _color(line["line"]["color"]), str(line["line"].get("dash", "solid"))
    dashes = "" if dash == "solid" else f' stroke-dasharray="{dash.replace("px", "")}"'
    marks = []
    for stretch in _stretches(line["y"]):
        points = " ".join(f"{_n(plot.x(place))},{_n(plot.y(value))}" for place, value in stretch)
        marks.append(
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.8"{dashes}/>'
        )
        marks += [
            f'<circle cx="{_n(plot.x(place))}" cy="{_n(plot.y(value))}" r="2.2" fill="{color}"/>'
            for place, value in stretch
        ]
    return marks


def _stretches(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """What is told without a gap."""
    found: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((place, value))
    return [one for one in found if one]


def _notes(notes: Sequence[Any], plot: _Plot) -> list[str]:
    """The names of the series at the right, each in the color of its series, none upon another and
    all of them inside the picture."""
    upwards = sorted(notes, key=lambda one: one["y"])
    feet, lowest = [], HEIGHT - 8
    for note in upwards:
        lines = len(_lines(note))
        foot = min(plot.y(note["y"]) + (lines - 1) * LINE_HEIGHT / 2 + SIZE * 0.35, lowest)
        feet.append(foot)
        lowest = foot - lines * LINE_HEIGHT
    marks, highest = [], SIZE
    # What would stand above the picture comes down, and what is in its way with it.
    for note, wanted in zip(reversed(upwards), reversed(feet), strict=True):
        lines = _lines(note)
        foot = max(wanted, highest + (len(lines) - 1) * LINE_HEIGHT)
        for number, line in enumerate(reversed(lines)):
            color = _color(note["font"]["color"])
            x = plot.left + plot.width + 8
            marks.append(_text(x, foot - number * LINE_HEIGHT, line, color=color, bold=True))
        highest = foot + LINE_HEIGHT
    return marks
