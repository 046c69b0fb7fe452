"""From minutes of a row to pixels, and how much room a text takes."""

from collections.abc import Iterable
from dataclasses import dataclass

from .days import Day, Look, Span

HOUR = 60
# Closed hours in which something happened are drawn at this share of the width of open ones.
CLOSED_SCALE = 0.3
# Minutes between two times of the axis.
STEPS = (15, 30, 60, 120, 180, 240, 360, 720)
# The least room between their labels.
_AIR = 14
# The widths of signs of the interface's font, as shares of its size.
_NARROW, _WIDE = frozenset("ijltfr.,:;'|!()[] "), frozenset("mwMW%@→")
_FIRST_SQUARE = "\u2e80"


def text_width(text: str, size: float) -> float:
    """About how wide `text` is; a little too wide rather than too narrow."""
    return size * sum(_share(sign) for sign in text)


def _share(sign: str) -> float:
    if sign >= _FIRST_SQUARE:
        return 1.0
    if sign in _NARROW:
        return 0.33
    return 0.88 if sign in _WIDE else 0.58


@dataclass(frozen=True)
class Scale:
    """Minutes `low` to `high` across the lane from `left` to `right`.

    Between `opens` and `closes` time has its full width, outside of it less.
    """

    left: float
    right: float
    low: float
    opens: float
    closes: float
    high: float

    def x(self, minute: float) -> float:
        """Where a minute lies; what is off the scale lies at its edge."""
        minute = min(max(minute, self.low), self.high)
        return self.left + (self.right - self.left) * self._length(minute) / self._length(self.high)

    def _length(self, minute: float) -> float:
        before = min(minute, self.opens) - self.low
        inside = max(0.0, min(minute, self.closes) - self.opens)
        after = max(0.0, minute - self.closes)
        return CLOSED_SCALE * (before + after) + inside

    def ticks(self) -> list[tuple[float, str]]:
        """Round times of the open part as (place, "09"), as close as they can be read."""
        width = self.x(self.closes) - self.x(self.opens)
        for step in STEPS:
            label = "00:00" if step < HOUR else "00"
            if width * step / (self.closes - self.opens) >= text_width(label, 10) + _AIR:
                break
        first = int(-(-self.opens // step)) * step
        minutes = range(first, int(self.closes) + 1, step)
        return [(self.x(minute), self._time(minute, whole=step >= HOUR)) for minute in minutes]

    def _time(self, minute: int, *, whole: bool) -> str:
        """A time of the axis; where it ends at midnight that is 24."""
        hour = 24 if minute == self.closes == 24 * HOUR else minute // HOUR % 24
        return f"{hour:02}" if whole else f"{hour:02}:{minute % HOUR:02}"


def scale_for(days: Iterable[Day], minutes: Iterable[float], left: float, right: float) -> Scale:
    """A scale on which all bands of the days and all `minutes` of things that happened lie."""
    rows = list(days)
    bands: list[Span] = [band for day in rows if day.look != Look.CLOSED for band in day.bands]
    opens = min((band.start for band in bands), default=0.0)
    closes = max((band.end for band in bands), default=24.0 * HOUR)
    happened = list(minutes)
    if len(rows) == 1 and happened:
        # One day of which an hour matters: only that part of it.
        opens = max(opens, min(happened) // HOUR * HOUR)
        closes = max(opens + HOUR, min(closes, -(-max(happened) // HOUR) * HOUR))
    low = min([opens, *happened])
    high = max([closes, *happened])
    return Scale(
        left=left,
        right=right,
        low=low // HOUR * HOUR if low < opens else opens,
        opens=opens,
        closes=closes,
        high=-(-high // HOUR) * HOUR if high > closes else closes,
    )
