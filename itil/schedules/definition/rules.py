"""Calendar rules as text: the part of RFC 5545's RRULE that records may be opened by.

    FREQ=DAILY      INTERVAL; every day also BYDAY and BYMONTH
    FREQ=WEEKLY     INTERVAL, BYDAY
    FREQ=MONTHLY    INTERVAL, BYDAY (2TU, -1FR), BYMONTHDAY (-1 is the last day), BYSETPOS, BYMONTH
    FREQ=YEARLY     the same

The first date and the last one are columns of the schedule, so DTSTART, UNTIL and COUNT have no
place here. `dateutil` looks for the next date until the year 9999; what could keep it looking for
long (an interval that meets the named weekdays never) is refused before it is asked.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from itil.schedules.errors import WrongRule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST = 200  # characters
# The largest INTERVAL by FREQ, and the parts each may have beside FREQ and INTERVAL.
MOST = {"DAILY": 99, "WEEKLY": 99, "MONTHLY": 99, "YEARLY": 10}
_OF_MONTHS = frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH", "WKST"})
PARTS = {
    "DAILY": frozenset({"BYDAY", "BYMONTH", "WKST"}),
    "WEEKLY": frozenset({"BYDAY", "WKST"}),
    "MONTHLY": _OF_MONTHS,
    "YEARLY": _OF_MONTHS,
}
_OFTEN = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_HOURS = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_ENDS = frozenset({"UNTIL", "COUNT"})
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True)
class Parts:
    """A rule taken apart. A weekday is 0 for Monday, with the how-manieth it is, 0 for each."""

    frequency: str
    interval: int = 1
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()


def parse(text: str) -> Parts:
    """The parts of a rule. Raises WrongRule with what to change, for a person."""
    given = _given(text)
    frequency = given.pop("FREQ", "")
    if frequency in _OFTEN or _HOURS & set(given):
        raise WrongRule("rule", _("Once a day is the most often that a schedule may run."))
    if frequency not in MOST:
        raise WrongRule(
            "rule", _("Say how often: FREQ is DAILY, WEEKLY, MONTHLY or YEARLY, and comes once.")
        )
    if _ENDS & set(given):
        raise WrongRule("rule", _("Leave out UNTIL and COUNT. Enter the last date as its end."))
    interval = _numbers("INTERVAL", given.pop("INTERVAL", "1"), 1, MOST[frequency])
    unknown = sorted(set(given) - PARTS[frequency])
    if unknown:
        raise WrongRule(
            "rule",
            _("%(part)s has no meaning in a rule of FREQ=%(frequency)s here. Take it out.")
            % {"part": unknown[0], "frequency": frequency},
        )
    parts = Parts(
        frequency,
        interval[0],
        _weekdays(given.get("BYDAY", ""), frequency),
        _numbers("BYMONTHDAY", given.get("BYMONTHDAY", ""), -31, 31),
        _numbers("BYMONTH", given.get("BYMONTH", ""), 1, 12),
        _numbers("BYSETPOS", given.get("BYSETPOS", ""), -31, 31),
    )
    if given.get("WKST", "MO") not in DAYS:
        raise WrongRule("rule", _("WKST is a day such as MO."))
    _ensure_sense(parts)
    return parts


def _given(text: str) -> dict[str, str]:
    """The names and values of the rule; each name comes once."""
    line = text.strip().upper().removeprefix("RRULE:").strip().rstrip(";")
    if not line or len(line) > LONGEST:
        raise WrongRule("rule", _("Enter a rule such as FREQ=MONTHLY;BYDAY=-1FR."))
    given: dict[str, str] = {}
    for piece in line.split(";"):
        name, equals, value = piece.partition("=")
        if not equals or not value or not name.isalpha() or not piece.isprintable():
            raise WrongRule(
                "rule",
                _("“%(piece)s” cannot be read. A rule looks like FREQ=MONTHLY;BYDAY=-1FR.")
                % {"piece": piece[:40]},
            )
        if name in given:
            raise WrongRule("rule", _("%(part)s stands there twice.") % {"part": name})
        given[name] = value
    return given


def _numbers(name: str, text: str, least: int, most: int) -> tuple[int, ...]:
    """Whole numbers between commas, none of them 0."""
    if not text:
        return ()
    found = []
    for word in text.split(","):
        if not re.fullmatch(r"[+-]?[0-9]{1,4}", word, re.ASCII):
            raise WrongRule(
                "rule", _("%(part)s takes whole numbers, not “%(word)s”.")
                % {"part": name, "word": word[:20]},
            )  # fmt: skip
        number = int(word)
        if number == 0 or not least <= number <= most:
            raise WrongRule(
                "rule",
                _("%(part)s lies between %(least)s and %(most)s and is not 0.")
                % {"part": name, "least": least, "most": most},
            )
        found.append(number)
    return tuple(dict.fromkeys(found))


def _weekdays(text: str, frequency: str) -> tuple[tuple[int, int], ...]:
    if not text:
        return ()
    found = []
    for word in text.split(","):
        match = _DAY.fullmatch(word)
        if match is None:
            raise WrongRule(
                "rule", _("BYDAY takes days such as MO or -1FR, not “%(word)s”.")
                % {"word": word[:20]},
            )  # fmt: skip
        which = int(match[1] or 0)
        if which and frequency in ("DAILY", "WEEKLY"):
            raise WrongRule(
                "rule", _("“%(word)s” is a day of a month. Choose FREQ=MONTHLY.") % {"word": word}
            )
        found.append((which, DAYS.index(match[2])))
    # Their order means nothing.
    return tuple(sorted(set(found)))


def _ensure_sense(parts: Parts) -> None:
    if parts.frequency == "DAILY" and parts.interval > 1 and (parts.by_day or parts.by_month):
        raise WrongRule(
            "rule", _("A rule of every so many days has no BYDAY or BYMONTH. Choose FREQ=WEEKLY.")
        )
    if parts.by_position and not (parts.by_day or parts.by_month_day):
        raise WrongRule("rule", _("BYSETPOS chooses among days. Name them with BYDAY."))
