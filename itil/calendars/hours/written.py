"""Dates and times as people and programs write them."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .schedule import MINUTES_A_DAY
from .walltime import at_wall

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_MIDNIGHT = re.compile(r"(?<=[T ])24:00(?::00)?(?=$|[Z+-])")


class DefinitionError(ValueError):
    """What was written has no meaning here; the message says what to change."""


def known_keys(value: Any, keys: Iterable[str], what: str) -> None:
    """Refuse what is no object, or has keys that mean nothing here."""
    if not isinstance(value, dict):
        raise DefinitionError(f"{what[0].upper()}{what[1:]} is an object such as {{...}}.")
    unknown = sorted(set(value) - set(keys))
    if unknown:
        allowed = ", ".join(keys)
        raise DefinitionError(f"Unknown key {unknown[0]!r} in {what}; known are {allowed}.")


def pair(value: Any, what: str) -> tuple[str, str]:
    """Two texts in a list, such as an interval."""
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(v, str) for v in value):
        raise DefinitionError(f"{what} is written as [FROM, TO], not as {value!r}.")
    return value[0], value[1]


def minutes_from(text: Any) -> int:
    """Minutes after midnight of a wall time between "00:00" and "24:00"."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else MINUTES_A_DAY + 1
    if found is None or int(found[2]) > 59 or minutes > MINUTES_A_DAY:
        raise DefinitionError(f"A time of day lies between 00:00 and 24:00; {text!r} is none.")
    return minutes


def wall_time(minutes: int) -> str:
    """Minutes after midnight as people write them: 1440 is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def date_from(text: Any) -> date:
    """A date written as 2026-12-25."""
    try:
        if not isinstance(text, str) or len(text) != len("2026-12-25"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise DefinitionError(
            f"There is no date {text!r}; dates are written as 2026-12-25."
        ) from None


def wall_from(text: Any, zone: ZoneInfo) -> datetime:
    """The naive wall time of `zone`; a date-time with an offset is turned into it."""
    found = _moment(text)
    return found if found.tzinfo is None else found.astimezone(zone).replace(tzinfo=None, fold=0)


def instant_from(text: Any, zone: ZoneInfo) -> datetime:
    """The instant; without an offset it is a wall time of `zone`.

    Of a wall time that the clocks repeat the first is meant, of one that they skip the instant of
    the jump (`SLA-13`).
    """
    found = _moment(text)
    return found if found.tzinfo is not None else at_wall(zone, found)


def _moment(text: Any) -> datetime:
    """A date-time in whole seconds, aware when written with an offset; 24:00 ends the day."""
    written = text if isinstance(text, str) else ""
    ends_day = _MIDNIGHT.search(written) is not None
    try:
        if len(written) < len("2026-03-02T10:00"):
            raise ValueError
        found = datetime.fromisoformat(_MIDNIGHT.sub("00:00", written))
        return found.replace(microsecond=0) + timedelta(days=ends_day)
    except (ValueError, OverflowError):
        raise DefinitionError(
            f"There is no date and time {text!r}; they are written as 2026-03-02T10:00:00."
        ) from None
