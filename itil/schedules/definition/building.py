"""A rule put together from plain choices, and the choices that made a rule."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.schedules.errors import WrongRule

from .rules import DAYS, MOST, parse

# Among the weekdays of a month: any day from Monday to Friday.
ANY_WEEKDAY = "weekday"
_WEEK = ((0, 0), (0, 1), (0, 2), (0, 3), (0, 4))


class Frequency(TextChoices):
    """How often, or a rule written by hand."""

    DAILY = "DAILY", _("By days")
    WEEKLY = "WEEKLY", _("By weeks")
    MONTHLY = "MONTHLY", _("By months")
    YEARLY = "YEARLY", _("By years")
    RULE = "RULE", _("By a rule of RFC 5545")


class Within(TextChoices):
    """How the day of a month is told."""

    DAY = "day", _("The day with the number")
    LAST = "last", _("The last day of the month")
    WEEKDAY = "weekday", _("A weekday, such as the last Friday")


def rule_from(chosen: dict[str, Any]) -> str:
    """The rule of these choices: `frequency`, `every`, `weekdays`, `within`, `month_day`, `nth`,
    `nth_day`, `month`, `rule`. Raises WrongRule with the name of the choice that is missing.
    """
    frequency = chosen.get("frequency")
    if frequency == Frequency.RULE:
        text = str(chosen.get("rule") or "")
        parse(text)
        return text.strip().upper().removeprefix("RRULE:").strip().rstrip(";")
    if frequency not in MOST:
        raise WrongRule("frequency", _now("Choose how often it runs."))
    every = chosen.get("every") or 1
    if not 1 <= every <= MOST[frequency]:
        raise WrongRule(
            "every", _now("Enter a number from 1 to %(most)s.") % {"most": MOST[frequency]}
        )
    pieces = [f"FREQ={frequency}"] + ([f"INTERVAL={every}"] if every > 1 else [])
    if frequency == Frequency.WEEKLY:
        if not chosen.get("weekdays"):
            raise WrongRule("weekdays", _now("Choose at least one day of the week."))
        pieces.append("BYDAY=" + ",".join(DAYS[day] for day in sorted(chosen["weekdays"])))
    if frequency == Frequency.YEARLY:
        if not chosen.get("month"):
            raise WrongRule("month", _now("Choose the month."))
        pieces.append(f"BYMONTH={chosen['month']}")
    if frequency in (Frequency.MONTHLY, Frequency.YEARLY):
        pieces += _within_month(chosen)
    return ";".join(pieces)


def _within_month(chosen: dict[str, Any]) -> list[str]:
    within = chosen.get("within")
    if within == Within.LAST:
        return ["BYMONTHDAY=-1"]
    if within == Within.DAY:
        if not chosen.get("month_day"):
            raise WrongRule("month_day", _now("Enter the day of the month, from 1 to 31."))
        return [f"BYMONTHDAY={chosen['month_day']}"]
    if within != Within.WEEKDAY:
        raise WrongRule("within", _now("Choose how the day of the month is told."))
    if not chosen.get("nth") or chosen.get("nth_day") in (None, ""):
        raise WrongRule("nth", _now("Choose which weekday of the month it is."))
    if chosen["nth_day"] == ANY_WEEKDAY:
        return ["BYDAY=MO,TU,WE,TH,FR", f"BYSETPOS={chosen['nth']}"]
    return [f"BYDAY={chosen['nth']}{DAYS[int(chosen['nth_day'])]}"]


def choices_of(rule: str) -> dict[str, Any]:
    """The choices from which `rule_from` makes this rule again; as a written rule when it has more
    in it than can be chosen.
    """
    parts = parse(rule)
    chosen: dict[str, Any] = {"frequency": parts.frequency, "every": parts.interval}
    if parts.frequency == Frequency.WEEKLY:
        chosen["weekdays"] = [day for _which, day in parts.by_day]
    if parts.frequency == Frequency.YEARLY and len(parts.by_month) == 1:
        chosen["month"] = parts.by_month[0]
    if parts.by_month_day == (-1,):
        chosen["within"] = Within.LAST
    elif len(parts.by_month_day) == 1:
        chosen |= {"within": Within.DAY, "month_day": parts.by_month_day[0]}
    elif parts.by_day == _WEEK and len(parts.by_position) == 1:
        chosen |= {"within": Within.WEEKDAY, "nth": parts.by_position[0], "nth_day": ANY_WEEKDAY}
    elif len(parts.by_day) == 1 and parts.by_day[0][0]:
        which, day = parts.by_day[0]
        chosen |= {"within": Within.WEEKDAY, "nth": which, "nth_day": str(day)}
    try:
        is_same = parse(rule_from(chosen)) == parts
    except WrongRule:
        is_same = False
    return chosen if is_same else {"frequency": Frequency.RULE, "every": 1, "rule": rule}
