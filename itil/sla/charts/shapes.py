"""What a picture consists of: bars, strokes and words, in the room of a frame."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Frame:
    """The room of one variant: its width, and those of the columns beside the lanes."""

    name: str
    width: int
    dates: int
    sums: int


# Beside a table, and on a phone or in the panel of a ticket.
WIDE = Frame("wide", 760, 104, 72)
NARROW = Frame("narrow", 340, 66, 50)
FRAMES = (WIDE, NARROW)


@dataclass(frozen=True)
class Bar:
    """A rectangle; `hatch` names the pattern it is filled with, `title` what a pointer reads."""

    css: str
    x: str
    y: str
    width: str
    height: str
    radius: str = "0"
    hatch: str = ""
    title: str = ""


@dataclass(frozen=True)
class Stroke:
    """A path."""

    css: str
    d: str


@dataclass(frozen=True)
class Words:
    """A text, anchored at its start, middle or end."""

    css: str
    x: str
    y: str
    text: str
    anchor: str = "start"


@dataclass
class Picture:
    """Shapes in the order in which they are drawn. Numbers are texts: no language writes them."""

    name: str
    width: int
    height: int = 0
    title: str = ""
    description: str = ""
    # Drawn before the bars: the lines of the axis, and time that passes while it is closed.
    under: list[Stroke] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    @property
    def key(self) -> list[tuple[str, str]]:
        """The looks that occur in it, with what they mean."""
        used = {bar.css for bar in self.bars}
        known = {
            "counted": _("counts"),
            "late": _("counts, late"),
            "ahead": _("to come"),
            "paused": _("paused"),
            "open": _("open"),
        }
        return [(css, text) for css, text in known.items() if css in used]

    def bar(
        self, css: str, span: tuple[float, float], y: float, height: float, **more: str
    ) -> None:
        width = max(span[1] - span[0], 0.8)
        self.bars.append(
            Bar(css, number(span[0]), number(y), number(width), number(height), **more)
        )

    def stroke(self, css: str, d: str) -> None:
        self.strokes.append(Stroke(css, d))

    def say(self, css: str, x: float, y: float, text: str, anchor: str = "start") -> None:
        self.words.append(Words(css, number(x), number(y), text, anchor))


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
