"""What is marked in a picture, and where its texts find room."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from itil.sla.clock.explaining import Account
from itil.sla.clock.notices import Fate
from itil.sla.clock.story import Milestone, Point
from itil.sla.clock.stretches import Doing
from itil.sla.clock.telling import Wording
from itil.sla.models import Outcome

from .days import Day, Look, Plan
from .scale import Scale, text_width

SIZE = 11
TIERS = 3
_AIR = 5


@dataclass(frozen=True)
class Mark:
    """An instant in a row. Marks of lower `rank` get their text first."""

    at: datetime
    row: Day
    css: str
    shape: str
    text: str
    rank: int
    # The text stands below the lane.
    is_below: bool = False
    is_on_scale: bool = True


@dataclass(frozen=True)
class Label:
    """A mark with its place. Tier 0 has no text; tiers above the lane count up, below is -1."""

    mark: Mark
    x: float
    tier: int
    text_x: float = 0.0
    anchor: str = "middle"


def marks_of(account: Account, rows: Plan) -> list[Mark]:
    """Everything that is marked, in the order of time; what lies in rows of several days is not."""
    found = [*_points(account, rows), *_warnings(account, rows), *_edges(account, rows)]
    return sorted(found, key=lambda mark: (mark.at, mark.rank))


def _points(account: Account, rows: Plan) -> Iterator[Mark]:
    words = Wording(account)
    for point in account.milestones:
        row = rows.row_of(point.at)
        if row is None:
            continue
        time = {"time": words.clock_time(point.at)}
        if point.what == Point.START:
            yield Mark(point.at, row, "start", "dot", _("start %(time)s") % time, 3)
        elif point.what == Point.DUE:
            css = "due missed" if account.is_late else "due"
            yield Mark(point.at, row, css, "flag", _("due %(time)s") % time, 0)
        elif point.what == Point.NOW:
            time = {"time": words.clock_time(point.at.replace(second=0))}
            yield Mark(point.at, row, "now", "line", _("now %(time)s") % time, 2)
        elif point.what in (Point.STOP, Point.CANCELLED):
            yield Mark(point.at, row, "stop", "line", _stop_text(account, point) % time, 1)
        elif point.what in (Point.TARGET, Point.CALENDAR, Point.EARLIER):
            yield Mark(point.at, row, "turn", "diamond", _turn_text(account, point) % time, 4)


def _stop_text(account: Account, point: Milestone) -> str:
    if point.what == Point.CANCELLED:
        return _("ended %(time)s")
    if account.clock.outcome == Outcome.BREACHED:
        return _("done late %(time)s")
    return _("done %(time)s")


def _turn_text(account: Account, point: Milestone) -> str:
    texts = {
        Point.TARGET: _("new target %(time)s"),
        Point.CALENDAR: _("calendar edited %(time)s"),
        Point.EARLIER: _("earlier start %(time)s"),
    }
    return texts[point.what]


def _warnings(account: Account, rows: Plan) -> Iterator[Mark]:
    """One tick for each share of the target, whatever number of people were told."""
    seen = set()
    for notice in account.notices:
        row = rows.row_of(notice.at)
        if row is None or (notice.at, notice.percent) in seen or notice.percent == 100:
            continue
        seen.add((notice.at, notice.percent))
        css = {Fate.AHEAD: "warning ahead", Fate.FORMER: "warning former"}.get(
            notice.fate, "warning"
        )
        yield Mark(notice.at, row, css, "tick", f"{notice.percent} %", 5)


def _edges(account: Account, rows: Plan) -> Iterator[Mark]:
    """Where pauses begin and end; bars show it, the text says the time."""
    words = Wording(account)
    for segment in account.segments:
        if segment.doing == Doing.RUNNING:
            continue
        for at in (segment.start, segment.end):
            row = rows.row_of(at)
            if row is not None and row.look == Look.DAY:
                yield Mark(at, row, "edge", "", words.clock_time(at), 6, is_below=True)


# --- Room ----------------------------------------------------------------------------------------


def placed(
    marks: Iterable[Mark], x_of: Callable[[Mark], float], scale: Scale, width: float
) -> list[Label]:
    """The marks of one row with places for their texts; texts without room are left out.

    Important ones choose first. Those above the lane stack up where they would touch.
    """
    taken: dict[int, list[tuple[float, float]]] = {}
    found = []
    for mark in sorted(marks, key=lambda mark: (mark.rank, mark.at)):
        x = x_of(mark)
        room = text_width(mark.text, SIZE)
        start, anchor = _anchored(x, room, scale, width)
        span = (start - _AIR, start + room + _AIR)
        tiers = [-1] if mark.is_below else range(1, TIERS + 1)
        free = (tier for tier in tiers if _is_free(taken.get(tier, []), span))
        tier = next(free, 0)
        if tier:
            taken.setdefault(tier, []).append(span)
        place = {"start": start, "end": start + room, "middle": start + room / 2}[anchor]
        found.append(Label(mark, x, tier, place, anchor))
    return sorted(found, key=lambda label: -label.mark.rank)


def _anchored(x: float, room: float, scale: Scale, width: float) -> tuple[float, str]:
    """Where the text begins and how it is anchored: around its mark, within the lane."""
    if x - room / 2 < scale.left:
        return scale.left, "start"
    if x + room / 2 > scale.right:
        return scale.right - room, "end"
    return x - room / 2, "middle"


def _is_free(taken: Iterable[tuple[float, float]], span: tuple[float, float]) -> bool:
    return all(end <= span[0] or span[1] <= start for start, end in taken)
