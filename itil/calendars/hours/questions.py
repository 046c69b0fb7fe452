"""Questions about business time as JSON values, and their answers.

A question names its calendar (`hours.definition`), an `op` and what that takes:

    add            start, seconds, pauses (optional): `due`, time within the pauses left out
    between        start, end: open `seconds`
    cutoff         start, time: `due` by the noon rule
    business_days  start, days, snap (end_of_day unless said otherwise): `due`

Instants without an offset are wall times of the calendar's zone: one that the clocks repeat is the
first of the two (fold 0), one that they skip is the instant of the jump. An offset says it exactly.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from .counting import add_around, between
from .definition import never_opens, schedule_from
from .schedule import NeverOpenError, Schedule
from .table import FIRST_YEAR, LAST_YEAR
from .targets import END_OF_DAY, SAME_TIME, business_days, cutoff
from .written import DefinitionError, instant_from, known_keys, minutes_from, pair

Answer = dict[str, Any]
_CALENDARS_KEPT = 256


def answer(question: Any) -> Answer:
    """The answer to one question with its id, null if it has none; `error` says what to change."""
    reply = {"id": question.get("id") if isinstance(question, dict) else None}
    try:
        return reply | _answer(question)
    except (DefinitionError, NeverOpenError) as error:
        return reply | {"error": str(error)}


def _answer(question: Any) -> Answer:
    if not isinstance(question, dict):
        raise DefinitionError("A question is an object such as {...}, with double quotes.")
    op = question.get("op")
    if not isinstance(op, str) or op not in _OPERATIONS:
        raise DefinitionError(f"There is no op {op!r}; known are {', '.join(_OPERATIONS)}.")
    keys, operation = _OPERATIONS[op]
    known_keys(question, ("id", "calendar", "op", *keys), f"a question of op {op}")
    if "calendar" not in question:
        raise DefinitionError("The question needs a calendar.")
    schedule = _schedule(json.dumps(question["calendar"], sort_keys=True))
    return operation(schedule, question)


@lru_cache(maxsize=_CALENDARS_KEPT)
def _schedule(document: str) -> Schedule:
    """One schedule for all questions about the same calendar: it keeps what it worked out."""
    schedule = schedule_from(json.loads(document))
    if never_opens(schedule):
        raise DefinitionError(
            "The calendar is never open; give it weekly hours, openings, or always_open."
        )
    return schedule


# --- What a question holds -----------------------------------------------------------------------


def _instant(schedule: Schedule, text: Any) -> datetime:
    if text is None:
        raise DefinitionError("An instant is missing; write it as 2026-03-02T10:00:00.")
    found = instant_from(text, ZoneInfo(schedule.zone))
    if not FIRST_YEAR < found.year < LAST_YEAR:
        raise DefinitionError(f"{text!r} is not between the years {FIRST_YEAR} and {LAST_YEAR}.")
    return found


def _number(question: Any, key: str, unit: str) -> int:
    value = question.get(key)
    # JSON's true is a number to Python.
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise DefinitionError(f"{key} is a whole number of {unit} above 0, not {value!r}.")
    return value


def _due(schedule: Schedule, due: datetime) -> Answer:
    return {"due": due.astimezone(ZoneInfo(schedule.zone)).isoformat()}


def _add(schedule: Schedule, question: Any) -> Answer:
    start = _instant(schedule, question.get("start"))
    seconds = _number(question, "seconds", "seconds")
    pauses = question.get("pauses", [])
    if not isinstance(pauses, list):
        raise DefinitionError("pauses is a list of [FROM, TO] in square brackets.")
    stretches = []
    for pause in pauses:
        since, until = (_instant(schedule, text) for text in pair(pause, "A pause"))
        if until < since:
            raise DefinitionError(f"A pause ends before it begins: {pause!r}.")
        stretches.append((since, until))
    return _due(schedule, add_around(schedule, start, seconds, stretches))


def _between(schedule: Schedule, question: Any) -> Answer:
    start, end = (_instant(schedule, question.get(key)) for key in ("start", "end"))
    return {"seconds": between(schedule, start, end)}


def _cutoff(schedule: Schedule, question: Any) -> Answer:
    minutes = minutes_from(question.get("time"))
    if minutes == 0:
        raise DefinitionError("A cut-off lies after 00:00.")
    return _due(schedule, cutoff(schedule, _instant(schedule, question.get("start")), minutes))


def _business_days(schedule: Schedule, question: Any) -> Answer:
    start = _instant(schedule, question.get("start"))
    days = _number(question, "days", "business days")
    snap = question.get("snap", END_OF_DAY)
    if snap not in (END_OF_DAY, SAME_TIME):
        raise DefinitionError(f"snap is {END_OF_DAY} or {SAME_TIME}, not {snap!r}.")
    return _due(schedule, business_days(schedule, start, days, snap))


# What each operation takes, and who answers it.
_OPERATIONS: dict[str, tuple[tuple[str, ...], Callable[[Schedule, Any], Answer]]] = {
    "add": (("start", "seconds", "pauses"), _add),
    "between": (("start", "end"), _between),
    "cutoff": (("start", "time"), _cutoff),
    "business_days": (("start", "days", "snap"), _business_days),
}
