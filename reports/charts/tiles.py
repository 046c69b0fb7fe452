"""The six figures at the top, each compared with the period before (`KPI-1`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.incidents.models import Incident

from . import words
from .links import Lists

SAME = "minus"
UP, DOWN = "arrow-up", "arrow-down"
GOOD, BAD, NEUTRAL = "ok-t", "bad-t", ""


@dataclass(frozen=True)
class Tile:
    """`arrow` and `tone` say the same as `change`, which is the text."""

    label: str
    value: str
    unit: str
    change: str
    arrow: str
    tone: str
    url: str


def tiles(data: dict[str, Any], *, first: date, last: date, days: int, lists: Lists) -> list[Tile]:
    """The tiles of the days `first` to `last`; `days` is their number."""
    now, before = data["figures"]["current"], data["figures"]["previous"]
    period = first.isoformat(), last.isoformat()
    than = ngettext("than the day before", "than the %(count)s days before", days) % {"count": days}
    return [
        _in_time(now["in_time"], before["in_time"], than, lists, period),
        _median(
            _("First response, median"),
            now["first_response"],
            before["first_response"],
            than,
            lists.received(*period, responded="later", counted=1),
        ),
        _median(
            _("Resolution of incidents, median"),
            now["resolution"],
            before["resolution"],
            than,
            lists.resolved(*period, counted=1, kind=Incident._meta.model_name),
        ),
        _reopened(
            now["reopened"], before["reopened"], than,
            lists.resolved(*period, counted=1, reopened="yes"),
        ),
        _open(now["open"], before["open"], than, lists.open_at(data["ageing_day"])),
        _billable(now["hours"], before["hours"], than, lists.hours("billable_hours", *period)),
    ]  # fmt: skip


def _compared(
    difference: float | None, *, more: str, less: str, same: str, rising_is: str
) -> dict[str, str]:
    """Text, arrow and tone of a difference; None: nothing to compare with."""
    if difference is None:
        return {"change": _("nothing to compare with"), "arrow": SAME, "tone": NEUTRAL}
    if difference == 0:
        return {"change": same, "arrow": SAME, "tone": NEUTRAL}
    rising = difference > 0
    tones = {GOOD: (GOOD, BAD), BAD: (BAD, GOOD), NEUTRAL: (NEUTRAL, NEUTRAL)}[rising_is]
    return {
        "change": more if rising else less,
        "arrow": UP if rising else DOWN,
        "tone": tones[0] if rising else tones[1],
    }


def _same(than: str) -> str:
    return _("no different %(than)s") % {"than": than}


def _in_time(
    now: dict[str, int], before: dict[str, int], than: str, lists: Lists, days: tuple[str, str]
) -> Tile:
    n, past = now["met"] + now["breached"], before["met"] + before["breached"]
    points = _points((now["met"], n), (before["met"], past))
    text = {"points": words.decimal(abs(points or 0)), "than": than}
    return Tile(
        label=_("Resolved in time"),
        value=words.percent(now["met"], n),
        unit="",
        url=lists.outcome("resolution", "breached", *days),
        **_compared(
            points,
            more=_("%(points)s pts more %(than)s") % text,
            less=_("%(points)s pts less %(than)s") % text,
            same=_same(than),
            rising_is=GOOD,
        ),
    )


def _median(label: str, now: dict[str, Any], before: dict[str, Any], than: str, url: str) -> Tile:
    known = now["p50"] is not None and before["p50"] is not None
    difference = round(now["p50"] - before["p50"]) if known else None
    text = {"time": words.span(abs(difference or 0)), "than": than}
    return Tile(
        label=label,
        value=words.span(now["p50"]),
        unit=ngettext("of %(count)s ticket", "of %(count)s tickets", now["n"])
        % {"count": words.count(now["n"])}
        if now["n"]
        else "",
        url=url,
        **_compared(
            difference,
            more=_("%(time)s slower %(than)s") % text,
            less=_("%(time)s faster %(than)s") % text,
            same=_same(than),
            rising_is=BAD,
        ),
    )


def _reopened(now: dict[str, Any], before: dict[str, Any], than: str, url: str) -> Tile:
    points = _points((now["yes"], now["n"]), (before["yes"], before["n"]))
    text = {"points": words.decimal(abs(points or 0)), "than": than}
    return Tile(
        label=_("Reopened"),
        value=words.percent(now["yes"], now["n"]),
        unit=ngettext("of %(count)s resolved", "of %(count)s resolved", now["n"])
        % {"count": words.count(now["n"])}
        if now["n"]
        else "",
        url=url,
        **_compared(
            points,
            more=_("%(points)s pts more %(than)s") % text,
            less=_("%(points)s pts less %(than)s") % text,
            same=_same(than),
            rising_is=BAD,
        ),
    )


def _open(now: dict[str, int], before: dict[str, int], than: str, url: str) -> Tile:
    difference = now["open"] - before["open"]
    text = {"count": words.count(abs(difference)), "than": than}
    return Tile(
        label=_("Open tickets"),
        value=words.count(now["open"]),
        unit=_("%(count)s on hold") % {"count": words.count(now["on_hold"])},
        url=url,
        **_compared(
            difference,
            more=_("%(count)s more %(than)s") % text,
            less=_("%(count)s fewer %(than)s") % text,
            same=_same(than),
            rising_is=BAD,
        ),
    )


def _billable(now: dict[str, int], before: dict[str, int], than: str, url: str) -> Tile:
    share = words.percent(now["billable"], now["total"], 0)
    difference = now["billable"] - before["billable"]
    text = {"hours": words.hours(abs(difference)), "than": than}
    return Tile(
        label=_("Billable hours"),
        value=_("%(hours)s h") % {"hours": words.hours(now["billable"])},
        unit=_("%(share)s of all hours") % {"share": share} if now["total"] else "",
        url=url,
        **_compared(
            difference,
            more=_("%(hours)s h more %(than)s") % text,
            less=_("%(hours)s h less %(than)s") % text,
            same=_same(than),
            rising_is=NEUTRAL,
        ),
    )


def _points(now: tuple[int, int], before: tuple[int, int]) -> float | None:
    """The difference of two shares in percentage points, to one decimal."""
    if not now[1] or not before[1]:
        return None
    return round(100 * now[0] / now[1] - 100 * before[0] / before[1], 1)
