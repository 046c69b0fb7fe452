"""What became more or less: its words, the arrow and the tone that go with them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

UP, DOWN, SAME = "arrow-up", "arrow-down", "minus"
GOOD, BAD, NEUTRAL = "ok-t", "bad-t", ""


def than_before(days: int) -> str:
    """Behind "more": a period of so many days is compared with the one before."""
    return ngettext("than the day before", "than the %(count)s days before", days) % {"count": days}


def no_different(than: str) -> str:
    return _("no different %(than)s") % {"than": than}


def points(now: tuple[int, int], before: tuple[int, int]) -> float | None:
    """The difference of two shares, each of so many out of so many, in percentage points to one
    decimal; None when one of them is of nothing."""
    if not now[1] or not before[1]:
        return None
    return round(100 * now[0] / now[1] - 100 * before[0] / before[1], 1)


def told(
    difference: float | None, *, more: str, less: str, same: str, more_is: int, unknown: str = ""
) -> dict[str, str]:
    """`change`, `arrow` and `tone` of a difference, which say the same. `more_is` says what is
    good: +1 more, -1 less, 0 neither. None: there is nothing to compare with."""
    if difference is None:
        change = unknown or _("nothing to compare with")
        return {"change": change, "arrow": SAME, "tone": NEUTRAL}
    if difference == 0:
        return {"change": same, "arrow": SAME, "tone": NEUTRAL}
    is_rising = difference > 0
    good = more_is if is_rising else -more_is
    return {
        "change": more if is_rising else less,
        "arrow": UP if is_rising else DOWN,
        "tone": {1: GOOD, -1: BAD, 0: NEUTRAL}[good],
    }
