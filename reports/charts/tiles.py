"""The six figures at the top, each compared with the period before (`KPI-1`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.incidents.models import Incident

from . import words
from .differences import no_different, points, than_before, told
from .links import Lists


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
    than = than_before(days)
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


def _in_time(
    now: dict[str, int], before: dict[str, int], than: str, lists: Lists, days: tuple[str, str]
) -> Tile:
    return _share(
        _("Resolved in time"),
        (now["met"], now["met"] + now["breached"]),
        (before["met"], before["met"] + before["breached"]),
        than,
        url=lists.outcome("resolution", "breached", *days),
        more_is=+1,
    )


def _reopened(now: dict[str, Any], before: dict[str, Any], than: str, url: str) -> Tile:
    unit = ngettext("of %(count)s resolved", "of %(count)s resolved", now["n"])
    return _share(
        _("Reopened"),
        (now["yes"], now["n"]),
        (before["yes"], before["n"]),
        than,
        unit=unit % {"count": words.count(now["n"])} if now["n"] else "",
        url=url,
        more_is=-1,
    )


def _share(
    label: str,
    now: tuple[int, int],
    before: tuple[int, int],
    than: str,
    *,
    url: str,
    more_is: int,
    unit: str = "",
) -> Tile:
    """A share of so many out of so many."""
    difference = points(now, before)
    text = {"points": words.decimal(abs(difference or 0)), "than": than}
    return Tile(
        label=label,
        value=words.percent(*now),
        unit=unit,
        url=url,
        **told(
            difference,
            more=_("%(points)s pts more %(than)s") % text,
            less=_("%(points)s pts less %(than)s") % text,
            same=no_different(than),
            more_is=more_is,
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
        **told(
            difference,
            more=_("%(time)s slower %(than)s") % text,
            less=_("%(time)s faster %(than)s") % text,
            same=no_different(than),
            more_is=-1,
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
        **told(
            difference,
            more=_("%(count)s more %(than)s") % text,
            less=_("%(count)s fewer %(than)s") % text,
            same=no_different(than),
            more_is=-1,
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
        **told(
            difference,
            more=_("%(hours)s h more %(than)s") % text,
            less=_("%(hours)s h less %(than)s") % text,
            same=no_different(than),
            more_is=0,
        ),
    )
