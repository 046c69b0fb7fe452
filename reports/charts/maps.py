"""Maps of places and moves as pictures: where each box and each arrow stands.

Plain arithmetic: a place stands one column behind the last one it is usually reached from; moves to
the next column run between the boxes, longer ones above all boxes, and ways back below them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 188, 56
ACROSS, DOWN = 268, 96
MARGIN, LANE = 12, 30
# What a number on a curve needs above and below it.
ROOM = 14
MOST_PLACES, MOST_MOVES = 10, 24
# What is pressed on a number is a square of this side.
PRESSED = 30
# A move counts for the order of the columns when it is this part of all that leave a place.
USUAL = 0.1
THINNEST, THICKEST = 1.25, 6.0
Key = str | int


@dataclass(frozen=True)
class Place:
    """A place to draw: `rank` tells how early it comes, `size` how many tickets came there."""

    key: Key
    label: str
    about: str
    rank: float
    size: int
    waits: bool = False
    url: str = ""


@dataclass(frozen=True)
class Move:
    """A move to draw, with its number, and what it is called where it leads to a list."""

    source: Key
    target: Key
    count: int
    text: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Box:
    """A place where it stands; the texts have their base lines."""

    label: str
    about: str
    x: float
    y: float
    css: str
    url: str

    @property
    def middle(self) -> float:
        return self.x + WIDTH / 2

    @property
    def label_y(self) -> float:
        return self.y + 24

    @property
    def about_y(self) -> float:
        return self.y + 42


@dataclass(frozen=True)
class Arrow:
    """A move: the path from box to box, its width, and its number where there is room."""

    path: str
    width: str
    text: str
    label: str
    url: str
    x: float
    y: float

    @property
    def hit(self) -> tuple[float, float]:
        """The upper left corner of what is pressed to open its list."""
        return self.x - PRESSED / 2, self.y - 4 - PRESSED / 2


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    # Rare moves and places that the table has and the picture has not.
    left_out: int
    box_width: int = WIDTH
    box_height: int = HEIGHT
    pressed: int = PRESSED


def picture(places: Sequence[Place], moves: Sequence[Move]) -> Picture | None:
    """The map of the most visited places; None when there is nothing that moves."""
    shown = sorted(places, key=lambda one: -one.size)[:MOST_PLACES]
    kept = {one.key for one in shown}
    drawn = [one for one in moves if one.source in kept and one.target in kept]
    drawn = sorted(drawn, key=lambda one: -one.count)[:MOST_MOVES]
    if not drawn:
        return None
    columns = columns_of(shown, drawn)
    spots = _spots(shown, columns)
    curves = _curves(drawn, columns, spots)
    lowest = max([y + HEIGHT for _x, y in spots.values()] + [one.middle[1] for one in curves])
    top = MARGIN + max([0, *(ROOM - one.middle[1] for one in curves)])
    boxes = [_box(one, *spots[one.key], top) for one in shown]
    return Picture(
        width=2 * MARGIN + max(columns.values()) * ACROSS + WIDTH,
        height=top + lowest + ROOM,
        boxes=sorted(boxes, key=lambda box: (box.x, box.y)),
        arrows=[one.arrow(top) for one in curves],
        left_out=len(moves) - len(drawn),
    )


def columns_of(places: Sequence[Place], moves: Sequence[Move]) -> dict[Key, int]:
    """The column of each place: one behind those it is usually reached from."""
    ranks = {one.key: (one.rank, str(one.key)) for one in places}
    leaving: dict[Key, int] = {}
    for move in moves:
        leaving[move.source] = leaving.get(move.source, 0) + move.count
    columns = dict.fromkeys(ranks, 0)
    for key in sorted(ranks, key=lambda key: ranks[key]):
        into = [one for one in moves if one.target == key and ranks[one.source] < ranks[key]]
        usual = [one for one in into if one.count >= USUAL * leaving[one.source]]
        # What is rarely come to stands behind where it is mostly come from.
        for move in usual or sorted(into, key=lambda one: -one.count)[:1]:
            columns[key] = max(columns[key], columns[move.source] + 1)
    return columns


def _spots(places: Sequence[Place], columns: Mapping[Key, int]) -> dict[Key, tuple[float, float]]:
    """The upper left corner of each box, the columns centred on each other."""
    by_column: dict[int, list[Key]] = {}
    for one in places:
        by_column.setdefault(columns[one.key], []).append(one.key)
    tallest = max(len(keys) for keys in by_column.values())
    return {
        key: (MARGIN + column * ACROSS, ((tallest - len(keys)) / 2 + place) * DOWN)
        for column, keys in by_column.items()
        for place, key in enumerate(keys)
    }


def _box(place: Place, x: float, y: float, top: float) -> Box:
    css = "waits" if place.waits else ""
    return Box(place.label, place.about, x, y + top, css, place.url)


@dataclass(frozen=True)
class _Curve:
    """A curve of four points, in coordinates that begin at the top of the boxes."""

    points: tuple[tuple[float, float], ...]
    width: float
    move: Move

    @property
    def middle(self) -> tuple[float, float]:
        """Halfway, which is also the highest or lowest point of a way around."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.points
        return (ax + 3 * bx + 3 * cx + dx) / 8, (ay + 3 * by + 3 * cy + dy) / 8

    def arrow(self, top: float) -> Arrow:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = [(x, y + top) for x, y in self.points]
        x, y = self.middle
        return Arrow(
            path=f"M{ax:g},{ay:g} C{bx:g},{by:g} {cx:g},{cy:g} {dx:g},{dy:g}",
            width=f"{self.width:.2f}",
            text=self.move.text,
            label=self.move.label,
            url=self.move.url,
            x=x,
            y=y + top + 4,
        )


def _curves(
    moves: Sequence[Move],
    columns: Mapping[Key, int],
    spots: Mapping[Key, tuple[float, float]],
) -> list[_Curve]:
    """The curves, the shorter ones in the lanes next to the boxes."""
    most = max(move.count for move in moves)
    lowest = max(y for _x, y in spots.values()) + HEIGHT
    above = below = 0
    found = []
    for move in sorted(moves, key=lambda one: abs(columns[one.target] - columns[one.source])):
        (ax, ay), (bx, by) = spots[move.source], spots[move.target]
        ahead = columns[move.target] - columns[move.source]
        width = THINNEST + (THICKEST - THINNEST) * move.count / most
        points: tuple[tuple[float, float], ...]
        if ahead == 1:
            start, end = (ax + WIDTH, ay + HEIGHT / 2 - 8), (bx - 6, by + HEIGHT / 2 - 8)
            half = (start[0] + end[0]) / 2
            points = (start, (half, start[1]), (half, end[1]), end)
        elif ahead > 1:
            above += 1
            lane = -above * LANE * 4 / 3
            points = _over((ax + WIDTH * 0.7, ay), (bx + WIDTH * 0.3, by - 6), lane)
        elif ahead == 0:
            side = ax + WIDTH + 52
            down = 1 if by > ay else -1
            points = (
                (ax + WIDTH, ay + HEIGHT / 2 + 8 * down),
                (side, ay + HEIGHT / 2 + 8 * down),
                (side, by + HEIGHT / 2 - 8 * down),
                (bx + WIDTH + 6, by + HEIGHT / 2 - 8 * down),
            )
        else:
            below += 1
            lane = lowest + below * LANE * 4 / 3
            points = _over((ax + WIDTH * 0.3, ay + HEIGHT), (bx + WIDTH * 0.7, by + HEIGHT + 6),
                           lane)  # fmt: skip
        found.append(_Curve(points, width, move))
    return found


def _over(
    start: tuple[float, float], end: tuple[float, float], lane: float
) -> tuple[tuple[float, float], ...]:
    return (start, (start[0], lane), (end[0], lane), end)
