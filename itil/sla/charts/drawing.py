"""The rows of an account as shapes: bars, lines and texts with their places in pixels."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.sla.clock.explaining import Account
from itil.sla.clock.stretches import Doing, names_of
from itil.sla.clock.telling import Wording, summary
from itil.sla.clock.wording import exactly, zone_name
from portal.ui.moments import date_text

from .days import Day, Look, Pass, Piece, Plan, Span, plan
from .labels import Label, Mark, marks_of, placed
from .scale import Scale, scale_for, text_width
from .shapes import FRAMES, Frame, Picture, Stroke, number

LANE, TIER, TEXT = 18, 15, 11
# Glyphs that stand on the bars.
INSIDE = frozenset({"dot", "diamond", "line", "flag"})
AXIS = 22
GAP = 8
# The room of the edges of days behind others.
STACKED = 5
COMPACT = 10


def pictures(account: Account) -> dict[str, Picture]:
    """The picture of an account in every frame, by name; none of a clock that has not started."""
    rows = plan(account)
    if not rows.days:
        return {}
    return {frame.name: _Drawing(account, rows, frame).drawn() for frame in FRAMES}


class _Drawing:
    """One picture in the making, from top to bottom."""

    def __init__(self, account: Account, rows: Plan, frame: Frame):
        self.account, self.rows, self.frame = account, rows, frame
        self.words = Wording(account)
        self.marks = marks_of(account, rows)
        minutes = [rows.minute(mark.row, mark.at) for mark in self.marks if mark.is_on_scale]
        self.scale: Scale = scale_for(rows.days, minutes, frame.dates, frame.width - frame.sums)
        self.picture = Picture(frame.name, frame.width)

    def drawn(self) -> Picture:
        picture = self.picture
        clock = self.account.clock
        picture.title = _("%(metric)s of %(number)s, day by day") % {
            "metric": clock.get_metric_display(),
            "number": clock.ticket.number,
        }
        picture.description = summary(self.account)
        y = float(AXIS)
        for day in self.rows.days:
            y = self._row(day, y)
        picture.height = round(y + 2)
        self._axis(y)
        return picture

    # --- rows -----------------------------------------------------------------------------------

    def _row(self, day: Day, y: float) -> float:
        """Draw one row; the height at which the next one begins."""
        if day.look == Look.CLOSED and not any(mark.row is day for mark in self.marks):
            return self._closed(day, y)
        labels = placed(
            [mark for mark in self.marks if mark.row is day],
            lambda mark: self.scale.x(self.rows.minute(day, mark.at)),
            self.scale,
            self.frame.width,
        )
        above = max((label.tier for label in labels if label.tier > 0), default=0)
        below = any(label.tier < 0 for label in labels)
        top = y + above * TIER + GAP + (STACKED if day.look == Look.FOLDED else 0)
        self._lane(day, top, [label.x for label in labels if label.mark.shape in INSIDE])
        for label in labels:
            self._label(label, top)
        self._date(day, top)
        self._sum(day, top)
        return top + LANE + (TIER if below else 0) + GAP

    def _closed(self, day: Day, y: float) -> float:
        left, right = self.scale.left, self.scale.right
        middle = y + GAP / 2 + COMPACT / 2
        self.picture.bar("track", (left, right), middle - 2, 4, radius="2")
        self.picture.say("date quiet", 0, middle + 4, self._short(day.first))
        days = (day.last - day.first).days + 1
        text = ngettext("closed", "closed, %(count)d days", days) % {"count": days}
        self.picture.say("inside quiet", (left + right) / 2, middle + 4, text, "middle")
        return y + COMPACT + GAP + 4

    def _lane(self, day: Day, top: float, glyphs: list[float]) -> None:
        picture, scale = self.picture, self.scale
        picture.bar("track", (scale.left, scale.right), top + LANE / 2 - 2, 4, radius="2")
        for band in day.bands:
            low, height = _half(band, top)
            picture.bar("open", self._across(band), low, height, radius="3")
        for piece in day.pieces:
            self._piece(day, piece, top)
        self._clock_changes(day, top)
        if day.look == Look.HOLIDAY:
            self._holiday(day, top)
        elif day.look == Look.FOLDED:
            self._stack(day, top)
        else:
            self._durations(day, top, glyphs)

    def _across(self, span: Span) -> tuple[float, float]:
        return self.scale.x(span.start), self.scale.x(span.end)

    def _piece(self, day: Day, piece: Piece, top: float) -> None:
        low, height = _half(piece.span, top)
        across = self._across(piece.span)
        if not piece.is_open:
            if piece.doing == Doing.RUNNING and not piece.is_ahead:
                middle = number(top + LANE / 2)
                d = f"M{number(across[0])} {middle}H{number(across[1])}"
                css = "late wire" if piece.is_late else "wire"
                self.picture.under.append(Stroke(css, d))
            return
        css, more = _css(piece), {"radius": "3", "title": self._titled(piece)}
        if css == "paused":
            self.picture.bar("edge", across, low, height, radius="3")
            more["hatch"] = "paused"
        self.picture.bar(css, across, low, height, **more)

    def _titled(self, piece: Piece) -> str:
        time = {"time": exactly(piece.seconds)}
        if piece.doing != Doing.RUNNING:
            return _("Paused: %(time)s do not count") % time
        if piece.is_ahead:
            return _("%(time)s to come") % time
        return (_("Late: %(time)s") if piece.is_late else _("Counted: %(time)s")) % time

    def _durations(self, day: Day, top: float, glyphs: list[float]) -> None:
        """How long it was, written on each bar that is wide enough."""
        for piece in day.pieces:
            if not piece.is_open or piece.seconds == 0 or piece.span.which:
                continue
            self._inside(_css(piece), piece.span, top, exactly(piece.seconds), glyphs)

    def _stack(self, day: Day, top: float) -> None:
        """Several days that are alike: their number, and the edges of those behind."""
        piece = next(piece for piece in day.pieces if piece.is_open)
        css, text = _css(piece), ngettext("%(count)d day", "%(count)d days", day.working_days)
        left, right = self._across(day.bands[0])
        for inset in (3, 6):
            y = number(top - inset + 0.5)
            line = f"M{number(left + inset)} {y}H{number(right - inset)}"
            self.picture.stroke(f"behind {css}", line)
        self._inside(css, day.bands[0], top, text % {"count": day.working_days}, [])

    def _inside(self, css: str, span: Span, top: float, text: str, glyphs: list[float]) -> None:
        """A text on its bar, in the widest part that no glyph covers; none without room."""
        left, right = self._across(span)
        edges = [left, *(x for x in sorted(glyphs) if left < x < right), right]
        left, right = max(zip(edges, edges[1:], strict=False), key=lambda pair: pair[1] - pair[0])
        air = 8 if len(edges) == 2 else 18
        if text_width(text, TEXT) + air <= right - left:
            middle = (left + right) / 2
            self.picture.say(f"inside {css}", middle, top + LANE / 2 + 4, text, "middle")

    def _holiday(self, day: Day, top: float) -> None:
        left, right = self.scale.left, self.scale.right
        self.picture.bar("holiday", (left, right), top + 1, LANE - 2, radius="3", hatch="dots")
        name = _shortened(names_of(day.specials), right - left - 12)
        width = text_width(name, TEXT) + 12
        middle = (left + right) / 2
        across = (middle - width / 2, middle + width / 2)
        self.picture.bar("pill", across, top + 2, LANE - 4, radius="7")
        self.picture.say("inside named", middle, top + LANE / 2 + 4, name, "middle")

    def _clock_changes(self, day: Day, top: float) -> None:
        """An hour that the clocks skip leaves a hole; one that they repeat is drawn in halves."""
        for change in day.changes:
            minute = self.rows.minute(day, change.at)
            step = change.seconds / 60
            span = Span(minute - step, minute) if step > 0 else Span(minute, minute - step)
            if not any(band.start <= span.end and span.start <= band.end for band in day.bands):
                continue
            left, right = self._across(span)
            size = {"step": exactly(change.seconds)}
            text = (_("−%(step)s") if step > 0 else _("+%(step)s")) % size
            if step > 0:
                self.picture.bar("skipped", (left, right), top + 1, LANE - 2)
            fits = text_width(text, TEXT) + 2 <= right - left and step > 0
            y = top + LANE / 2 + 4 if fits else top + LANE + TIER - 3
            self.picture.say("inside change", (left + right) / 2, y, text, "middle")

    # --- beside and around the lanes --------------------------------------------------------------

    def _date(self, day: Day, top: float) -> None:
        middle = top + LANE / 2
        first = self._short(day.first)
        if day.look == Look.FOLDED:
            second = _("to %(day)s") % {"day": self._short(day.last)}
        elif self.rows.cut:
            second = _("night")
        else:
            second = self._special(day)
        if second and self.frame.name == "narrow":
            self.picture.say("date", 0, middle - 1, first)
            self.picture.say("date quiet", 0, middle + 10, _shortened(second, self.frame.dates))
        elif second:
            self.picture.say("date", 0, middle - 2, first)
            self.picture.say("date quiet", 0, middle + 10, second)
        else:
            self.picture.say("date", 0, middle + 4, first)

    def _special(self, day: Day) -> str:
        return "" if day.look == Look.HOLIDAY else names_of(day.specials)

    def _short(self, on: date) -> str:
        noon = datetime(on.year, on.month, on.day, 12, tzinfo=self.rows.zone)
        with timezone.override(self.rows.zone):
            return date_text(noon, now=noon)

    def _sum(self, day: Day, top: float) -> None:
        """What the row adds to the time used up, and what is still to come of it."""
        right, middle = self.frame.width, top + LANE / 2
        if day.counted and day.ahead:
            self.picture.say("sum", right, middle - 2, exactly(day.counted), "end")
            self.picture.say("sum quiet", right, middle + 10, f"+{exactly(day.ahead)}", "end")
        elif day.ahead:
            self.picture.say("sum quiet", right, middle + 4, f"+{exactly(day.ahead)}", "end")
        elif day.counted:
            self.picture.say("sum", right, middle + 4, exactly(day.counted), "end")
        else:
            self.picture.say("sum quiet", right, middle + 4, "0", "end")

    def _label(self, label: Label, top: float) -> None:
        mark, x = label.mark, label.x
        self._glyph(mark, x, top)
        if label.tier == 0:
            return
        if label.tier > 0:
            y = top - (label.tier - 1) * TIER - (8 if mark.shape == "tick" else 5)
            if label.tier > 1:
                self.picture.stroke("leader", f"M{number(x)} {number(y + 3)}V{number(top - 3)}")
        else:
            y = top + LANE + 11
        self.picture.say(f"label {mark.css}", label.text_x, y, mark.text, label.anchor)

    def _glyph(self, mark: Mark, x: float, top: float) -> None:
        """The shape of a mark; none says anything by its color alone."""
        picture, bottom = self.picture, top + LANE
        if mark.shape == "line":
            picture.stroke(mark.css, f"M{number(x)} {number(top - 4)}V{number(bottom + 4)}")
        elif mark.shape == "flag":
            picture.stroke(mark.css, f"M{number(x)} {number(top - 4)}V{number(bottom + 5)}")
            picture.stroke(
                f"{mark.css} full",
                f"M{number(x)} {number(bottom + 1)}l5 5h-10z",
            )
        elif mark.shape == "dot":
            picture.stroke(f"{mark.css} full", _circle(x, top + LANE / 2, 4.5))
        elif mark.shape == "diamond":
            picture.stroke(f"{mark.css} full", f"M{number(x)} {number(top + 2)}l7 7-7 7-7-7z")
        elif mark.shape == "tick":
            picture.stroke(f"{mark.css} full", f"M{number(x)} {number(top)}l-4-6h8z")

    def _axis(self, bottom: float) -> None:
        """The hours of the day above, and thin lines through all rows behind."""
        for x, text in self.scale.ticks():
            self.picture.say("hour", x, AXIS - 10, text, "middle")
            self.picture.under.append(Stroke("grid", f"M{number(x)} {AXIS - 5}V{number(bottom)}"))
        self.picture.say("hour", 0, AXIS - 10, zone_name(self.account.zone))
        self.picture.say("hour", self.frame.width, AXIS - 10, _("counts"), "end")


def _css(piece: Piece) -> str:
    """The look of a piece in opening hours."""
    if piece.doing != Doing.RUNNING:
        return "paused"
    if piece.is_ahead:
        return "ahead"
    return "late" if piece.is_late else "counted"


def _half(span: Span, top: float) -> tuple[float, float]:
    """The height of a lane; an hour that comes twice has half of it each time."""
    if span.which == Pass.FIRST:
        return top, LANE / 2 - 0.5
    if span.which == Pass.SECOND:
        return top + LANE / 2 + 0.5, LANE / 2 - 0.5
    return top, LANE


def _circle(x: float, y: float, r: float) -> str:
    return f"M{number(x - r)} {number(y)}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


def _shortened(text: str, width: float) -> str:
    if text_width(text, TEXT) <= width:
        return text
    while text and text_width(f"{text}…", TEXT) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
