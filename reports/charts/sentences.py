"""One sentence under the title of a panel, made of the same points."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.metrics.indicator import Statistic
from reports.metrics.tile import Tile

from . import words
from .lines import AGENT, Line, Reading
from .naming import CURRENCY, STATISTICS, STEP, heading, indicator_name, series_name
from .values import difference, value_text, why_untold


def sentence(
    tile: Tile,
    told: Sequence[Mapping[str, Any]],
    lines: Sequence[Line],
    reading: Reading,
    steps: Sequence[Mapping[str, Any]],
) -> str:
    """What to see: the whole, and of a single figure how it went on, or where it was most."""
    first = told[0]
    facts, total = reading.indicators[first["indicator"]], first["total"]
    if AGENT in tile.dimensions and not lines:
        return _("n/a: figures by person are for the person and for the lead.")
    if total["value"] is None and CURRENCY in tile.dimensions:
        amounts = _amounts(tile, first, facts, steps)
        if amounts:
            return _("%(value)s%(cases)s.") % {"value": amounts, "cases": _cases(total, facts)}
    if total["value"] is None:
        return _("n/a: %(reason)s.") % {"reason": why_untold(total, facts)}
    whole = _whole(told, reading)
    if len(tile.dimensions) != 1 or AGENT in tile.dimensions or len(told) > 1:
        return whole
    if tile.by == STEP:
        return f"{whole} {_ends(lines, facts, steps)}".rstrip()
    return f"{whole} {_largest(lines, facts)}".rstrip()


def _amounts(
    tile: Tile,
    series: Mapping[str, Any],
    facts: Mapping[str, Any],
    steps: Sequence[Mapping[str, Any]],
) -> str:
    """The sum of each currency, which are never added; empty where sums say nothing."""
    if facts["statistic"] != Statistic.SUM:
        return ""
    place = tile.dimensions.index(CURRENCY)
    # The first step that is not over, else the last one: there a level stands.
    now = next((step["key"] for step in steps if not step["is_over"]), steps[-1]["key"])
    sums: dict[str, float] = {}
    for point in series["points"]:
        if facts["is_level"] and tile.by == STEP and point["keys"][0] != now:
            continue
        currency = str(point["keys"][place])
        sums[currency] = sums.get(currency, 0) + (point["value"] or 0)
    return ", ".join(words.money(value, currency) for currency, value in sorted(sums.items()))


def _whole(told: Sequence[Mapping[str, Any]], reading: Reading) -> str:
    """The total of each series; of a single one also the difference to the other period."""
    if len(told) > 1:
        return _statistics(told, reading) or " ".join(_named(series, reading) for series in told)
    facts, total = reading.indicators[told[0]["indicator"]], told[0]["total"]
    found, size = difference(total, told[0].get("before"), facts)
    text = {
        "value": value_text(total, facts),
        "cases": _cases(total, facts),
        "size": size,
        "than": reading.than,
    }
    if not found and not total["value"] and facts["statistic"] in (Statistic.COUNT, Statistic.SUM):
        return (
            _("None at the end of the period.") if facts["is_level"] else _("None in the period.")
        )
    if not reading.than or not found:
        return _("%(value)s%(cases)s.") % text
    if found > 0:
        return _("%(value)s%(cases)s, %(size)s more %(than)s.") % text
    return _("%(value)s%(cases)s, %(size)s less %(than)s.") % text


def _statistics(told: Sequence[Mapping[str, Any]], reading: Reading) -> str:
    """`Half within 2h, 9 in 10 within 1d (40 cases).` of several statistics of the same figure;
    empty for others."""
    known = [(one["total"], reading.indicators[one["indicator"]]) for one in told]
    names = {
        indicator_name(one["indicator"], facts)
        for one, (_total, facts) in zip(told, known, strict=True)
    }
    cases = {total["n"] for total, _facts in known}
    if (
        len(names) > 1
        or len(cases) > 1
        or any(facts["statistic"] not in STATISTICS for _total, facts in known)
    ):
        return ""
    parts = [
        _("%(statistic)s %(value)s")
        % {"statistic": STATISTICS[facts["statistic"]], "value": value_text(total, facts)}
        for total, facts in known
    ]
    text = {"value": heading(", ".join(parts)), "cases": _cases(*known[0])}
    return _("%(value)s%(cases)s.") % text


def _named(series: Mapping[str, Any], reading: Reading) -> str:
    facts, total = reading.indicators[series["indicator"]], series["total"]
    return _("%(figure)s: %(value)s%(cases)s.") % {
        "figure": series_name(series["indicator"], facts),
        "value": value_text(total, facts),
        "cases": _cases(total, facts),
    }


def _cases(total: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Behind a value: of how many cases it is; nothing where the value is their number."""
    if facts["statistic"] == Statistic.COUNT or not total["n"]:
        return ""
    return ngettext(" (%(count)s case)", " (%(count)s cases)", total["n"]) % {
        "count": words.count(total["n"])
    }


def _ends(
    lines: Sequence[Line], facts: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]
) -> str:
    """From the first to the last whole step that is told, for a part of a week says little of all
    of it; of a state at the end of each step from the first to the last."""
    parts = {step["key"] for step in steps if not (step["is_whole"] or facts["is_level"])}
    known = [
        line
        for line in lines
        if line.point(0, facts)["value"] is not None and line.keys[0] not in parts
    ]
    if len(known) < 2:
        return ""
    first, last = known[0], known[-1]
    if value_text(first.point(0, facts), facts) == value_text(last.point(0, facts), facts):
        return ""
    return _("From %(first)s (%(start)s) to %(last)s (%(end)s).") % {
        "first": value_text(first.point(0, facts), facts),
        "start": first.names[0],
        "last": value_text(last.point(0, facts), facts),
        "end": last.names[0],
    }


def _largest(lines: Sequence[Line], facts: Mapping[str, Any]) -> str:
    """Which key has the largest value."""
    known = [
        (line.point(0, facts)["value"], line)
        for line in lines
        if line.point(0, facts)["value"] is not None
    ]
    if len(known) < 2:
        return ""
    top = max(value for value, _line in known)
    at_top = [line for value, line in known if value == top]
    if len(at_top) > 1:
        return ""
    return _("Largest: %(name)s with %(value)s.") % {
        "name": at_top[0].names[0],
        "value": value_text(at_top[0].point(0, facts), facts),
    }
