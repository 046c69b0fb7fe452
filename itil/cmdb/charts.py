"""The picture of what depends on an item, or what it needs: places of boxes and lines.

Levels stand above each other, the item itself at the foot, services at the top; what is drawn
is the same as the list below the picture. Units are those of the drawing's own coordinates.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .impact import Edges, Hit, Impact, ServiceHit

BOX_WIDTH, BOX_HEIGHT = 190, 52
GAP_X, GAP_Y = 22, 62
MARGIN = 24
# Wider rows are broken; more boxes than this are left to the list.
PER_ROW = 5
MOST_BOXES = 32
LETTERS = 19


@dataclass(frozen=True)
class Box:
    """One item or service of the picture. `tone` is start, hit, spared or service."""

    key: str
    title: str
    note: str
    tone: str
    icon: str
    x: int = 0
    y: int = 0
    number: str = ""
    pk: int = 0

    @property
    def short_title(self) -> str:
        return self.title if len(self.title) <= LETTERS else f"{self.title[: LETTERS - 1]}…"

    @property
    def short_note(self) -> str:
        return self.note if len(self.note) <= LETTERS + 4 else f"{self.note[: LETTERS + 3]}…"

    @property
    def text_x(self) -> int:
        return self.x + 50

    @property
    def title_y(self) -> int:
        return self.y + 22

    @property
    def note_y(self) -> int:
        return self.y + 40

    @property
    def icon_x(self) -> int:
        return self.x + 15

    @property
    def icon_y(self) -> int:
        return self.y + 16


@dataclass(frozen=True)
class Line:
    """From the lower box to the upper one; `is_hot` when the failure runs along it."""

    path: str
    is_hot: bool


@dataclass
class Picture:
    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    # How many are in the list and not in the picture.
    left_out: int = 0


def draw(impact: Impact, edges: Edges, *, depth: int) -> Picture:
    """The picture of an impact down to `depth` steps."""
    *rows, services = _levels(impact, depth)
    shown: list[list[Box]] = []
    count = left_out = 0
    for level in rows:
        room = max(0, MOST_BOXES - count)
        left_out += len(level) - len(level[:room])
        count += len(level[:room])
        shown.append(level[:room])
    # Whom it is all for is drawn in any case.
    shown = [level for level in (*shown, services[: 2 * PER_ROW]) if level]
    left_out += len(services[2 * PER_ROW :])
    ties = _ties(impact, edges)
    return _placed(_in_order(shown, ties), ties, left_out)


def _levels(impact: Impact, depth: int) -> list[list[Box]]:
    """The boxes by level, the item first, services last; the critical ones of a level first."""
    levels: dict[int, list[Box]] = defaultdict(list)
    levels[0].append(_box(impact.start, "start"))
    found = [(hit, "hit") for hit in impact.items] + [(hit, "spared") for hit in impact.spared]
    for hit, tone in sorted(found, key=lambda pair: (pair[0].criticality, pair[0].name)):
        if hit.level <= depth:
            levels[hit.level].append(_box(hit, tone))
    rows = [levels[level] for level in sorted(levels)]
    services = [_service(hit) for hit in impact.services if hit.level <= depth + 1]
    return [*rows, services]


def _box(hit: Hit, tone: str) -> Box:
    return Box(f"i{hit.pk}", hit.name, hit.class_name, tone, hit.icon, number=hit.number, pk=hit.pk)


def _service(hit: ServiceHit) -> Box:
    return Box(
        f"s{hit.pk}", hit.name, hit.criticality_label, "service", icon="heart-handshake", pk=hit.pk
    )


def _ties(impact: Impact, edges: Edges) -> set[tuple[str, str]]:
    """The pairs of boxes that a line joins."""
    found = {(f"i{source}", f"i{target}") for _kind, source, target in edges}
    found |= {(f"i{hit.via}", f"s{hit.pk}") for hit in impact.services}
    return found


def _in_order(rows: list[list[Box]], ties: set[tuple[str, str]]) -> list[list[Box]]:
    """Each row in the order of what it stands on, so that few lines cross."""
    below: Mapping[str, float] = {}
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in ties:
        beside[one].add(other)
        beside[other].add(one)
    found = []
    for row in rows:
        middle = len(below) / 2

        def weight(box: Box, below: Mapping[str, float] = below, middle: float = middle) -> float:
            under = [below[key] for key in beside[box.key] if key in below]
            return sum(under) / len(under) if under else middle

        ordered = sorted(row, key=lambda box: (weight(box), box.title, box.key))
        below = {box.key: at for at, box in enumerate(ordered)}
        found.append(ordered)
    return found


def _placed(rows: list[list[Box]], ties: set[tuple[str, str]], left_out: int) -> Picture:
    """Boxes at their places and the lines between them."""
    lines_of_boxes = [part for row in rows for part in _broken(row)]
    widest = max(len(row) for row in lines_of_boxes)
    width = 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * GAP_X
    height = 2 * MARGIN + len(lines_of_boxes) * BOX_HEIGHT + (len(lines_of_boxes) - 1) * GAP_Y
    placed: dict[str, Box] = {}
    for up, row in enumerate(lines_of_boxes):
        used = len(row) * BOX_WIDTH + (len(row) - 1) * GAP_X
        start = (width - used) // 2
        y = height - MARGIN - BOX_HEIGHT - up * (BOX_HEIGHT + GAP_Y)
        for at, box in enumerate(row):
            x = start + at * (BOX_WIDTH + GAP_X)
            placed[box.key] = Box(
                box.key, box.title, box.note, box.tone, box.icon, x, y, box.number, box.pk
            )
    joined = [
        _line(placed[one], placed[other])
        for one, other in sorted(ties)
        if one in placed and other in placed
    ]
    # Read from the foot to the top, as the failure runs.
    boxes = sorted(placed.values(), key=lambda box: (-box.y, box.x))
    return Picture(width, height, boxes, joined, left_out)


def _broken(row: list[Box]) -> Iterable[list[Box]]:
    return [row[at : at + PER_ROW] for at in range(0, len(row), PER_ROW)]


def _line(one: Box, other: Box) -> Line:
    """A curve from the top of the lower box to the foot of the upper one; a flat arc beside."""
    is_hot = "spared" not in (one.tone, other.tone)
    low, high = (one, other) if one.y >= other.y else (other, one)
    x1, x2 = low.x + BOX_WIDTH // 2, high.x + BOX_WIDTH // 2
    if low.y == high.y:
        y = low.y
        bend = y - GAP_Y // 2
        return Line(f"M{x1} {y}C{x1} {bend} {x2} {bend} {x2} {y}", is_hot)
    y1, y2 = low.y, high.y + BOX_HEIGHT
    bend = (y1 + y2) // 2
    return Line(f"M{x1} {y1}C{x1} {bend} {x2} {bend} {x2} {y2}", is_hot)
