"""Values of an indicator in words, and as lengths of a chart."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.metrics.indicator import Missing, Statistic, Unit

from . import words

MINUTE, HOUR, DAY = 60, 3600, 86_400
MISSING: Mapping[str, str | Promise] = {
    Missing.CURRENCIES: gettext_lazy("in several currencies, which are not added"),
    Missing.HOURS: gettext_lazy("the working hours of people are not known"),
    Missing.RECORDED: gettext_lazy(
        "no work was recorded in the period, so how long a ticket takes is not known"
    ),
    Missing.SOLVED: gettext_lazy(
        "no ticket was solved in the period, so how long one takes is not known"
    ),
    Missing.COST: gettext_lazy("what an hour of work costs is not known of everybody"),
    Missing.TREND: gettext_lazy("fewer than 8 weeks, or not within two years"),
    Missing.AGREEMENT: gettext_lazy("no agreement says when the service is there"),
    Missing.QUESTION: gettext_lazy("nobody was asked whether they would recommend the desk"),
}


UNITS: Mapping[str, str | Promise] = {
    Unit.COUNT: gettext_lazy("number"),
    Unit.SHARE: gettext_lazy("share, 1 is all"),
    Unit.DURATION: gettext_lazy("seconds"),
    Unit.HOURS: gettext_lazy("hours"),
    Unit.NUMBER: gettext_lazy("number"),
    Unit.MONEY: gettext_lazy("amount"),
}

# From here on a decimal decides, as with availability.
ALMOST = 0.99
# Time between failures: without one there is none, which is neither endless nor 0 (`KPI-19`).
NONE_IS_GOOD = frozenset({"KPI-19"})


def value_text(point: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> str:
    """`94.2%`, `3h 10m`, `1,204`; n/a where there is no value."""
    if point is None or point["value"] is None:
        return _("none") if _is_none(point, facts) else words.not_available()
    value, unit = point["value"], facts["unit"]
    if unit == Unit.SHARE:
        if "yes" in point:
            return words.percent(point["yes"], point["n"])
        return _share_text(value)
    if unit == Unit.DURATION:
        return words.span(value)
    if unit == Unit.HOURS:
        return _("%(hours)s h") % {"hours": words.decimal(value)}
    if unit == Unit.MONEY:
        return words.money(value, point.get("currency", ""))
    if facts["statistic"] == Statistic.BALANCE:
        return words.count(round(value))
    if unit == Unit.COUNT and facts["statistic"] in (Statistic.COUNT, Statistic.SUM):
        return words.count(round(value))
    return words.decimal(value, 2 if abs(value) < 10 else 1)


def _share_text(value: float) -> str:
    """`47.6%`; what is nearly all has more decimals, and is never rounded up to all of it."""
    if ALMOST <= value < 1:
        return _("%(number)s%%") % {"number": words.decimal(int(100_000 * value) / 1000, 3)}
    return _("%(number)s%%") % {"number": words.decimal(100 * value)}


def _is_none(point: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> bool:
    """Nothing happened, and that is the news."""
    if point is None or point["n"] != 0 or facts["reference"] not in NONE_IS_GOOD:
        return False
    return bool(point.get("why", "nothing") == "nothing")


def why_untold(point: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> str:
    """The reason why a point has no value."""
    if point is None:
        return _("there is no such figure under these filters")
    if point.get("why") == "future":
        return _("the period is yet to come")
    if point.get("why") in MISSING:
        return str(MISSING[point["why"]])
    if point.get("few"):
        return _("fewer than 5 people, who are not told apart")
    if not point["n"]:
        return _("nothing to count")
    fewest = max(facts["fewest"], {Statistic.P90: 10, Statistic.P95: 20}.get(facts["statistic"], 0))
    if point["n"] < fewest:
        return _("too few cases (%(count)s; %(fewest)s are needed)") % {
            "count": words.count(point["n"]),
            "fewest": words.count(fewest),
        }
    return _("nothing to divide by")


def unit_name(point: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> str:
    """What the plain value of a point is a number of; of an amount its currency."""
    return str((point or {}).get("currency") or UNITS[facts["unit"]])


def count_text(point: Mapping[str, Any] | None) -> str:
    """How many cases a value is made of."""
    if point is None:
        return words.not_available()
    if point.get("why") == "future":
        return _("the period is yet to come")
    if point.get("few"):
        return _("under 5")
    return words.count(point["n"])


def scale(values: Iterable[float | None], unit: str) -> tuple[str, float]:
    """The unit of an axis up to the largest of the values, and what it divides them by."""
    top = max((abs(value) for value in values if value is not None), default=0)
    if unit == Unit.SHARE:
        return "%", 0.01
    if unit == Unit.HOURS:
        return _("h"), 1
    if unit == Unit.DURATION:
        if top < 2 * HOUR:
            return _("min"), MINUTE
        return (_("h"), HOUR) if top < 4 * DAY else (_("d"), DAY)
    return "", 1


def scaled(value: float | None, divisor: float) -> float | None:
    return None if value is None else round(value / divisor, 2)


def difference(
    now: Mapping[str, Any] | None, before: Mapping[str, Any] | None, facts: Mapping[str, Any]
) -> tuple[float | None, str]:
    """Now minus before, None when one is not told, and its size in words."""
    if not now or not before or now["value"] is None or before["value"] is None:
        return None, ""
    found = now["value"] - before["value"]
    if facts["unit"] == Unit.SHARE:
        found = round(100 * found, 1)
        return found, _("%(points)s pts") % {"points": words.decimal(abs(found))}
    if now.get("currency") != before.get("currency"):
        return None, ""
    if facts["statistic"] == Statistic.BALANCE:
        # Both are shown as whole numbers, and so is what lies between these.
        found = round(now["value"]) - round(before["value"])
    point = {"value": abs(found), "n": 1, "currency": now.get("currency", "")}
    if facts["unit"] == Unit.DURATION and abs(found) < MINUTE:
        return 0, ""
    return found, value_text(point, facts)
