"""Answers: as they are typed, as they are kept, and what is wrong with them.

An answer is kept as JSON: text for text, numbers ("12.5"), amounts ("1890.00"), days ("2026-03-02")
and the value of a choice; a list for several choices and for the names of files; `{"from", "to"}`
for spans; a key (int) for people and locations; `{"thing", "name"}` for devices and items; True for
consent. No answer is no entry.

What is typed is a text, or a list of texts for spans, several choices and files.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .shape import Kind, Question

Answer = str | int | bool | list[str] | dict[str, str]
Typed = str | Sequence[str]

TEXT_LENGTH = 250
LONG_TEXT_LENGTH = 20_000
# Kept with the name they had.
THINGS = (Kind.DEVICE, Kind.ITEM)
# Decimals that every database and browser keeps exactly.
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,6}|,\d{1,2})?", re.ASCII)
_MONEY = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_TODAY = re.compile(r"today(?:([+-])(\d{1,4}))?", re.ASCII)
# The same characters are cut off in the browser (`fields/conditions.js`).
_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)


def is_empty(typed: Typed | None) -> bool:
    """Nothing was typed or chosen."""
    if typed is None or isinstance(typed, str):
        return not (typed or "").strip(_BLANKS)
    return not any(part.strip(_BLANKS) for part in typed)


def read(question: Question, typed: Typed | None) -> Answer | None:
    """The answer in what was typed; None when there is none or it cannot be read.

    People, locations and things are not looked up here: the text stands for them.
    """
    if typed is None or is_empty(typed):
        return None
    kind = question.kind
    if kind in (Kind.CHOICES, Kind.FILE, Kind.DATE_SPAN, Kind.TIME_SPAN):
        return _read_list(question, [typed] if isinstance(typed, str) else list(typed))
    text = (typed if isinstance(typed, str) else typed[0]).strip(_BLANKS)
    if kind in (Kind.NUMBER, Kind.MONEY):
        return number(text, kind)
    if kind == Kind.DATE:
        return text if day(text) else None
    if kind in (Kind.CHOICE, Kind.TREE):
        return text if text in question.chosen else None
    if kind == Kind.CONSENT:
        return True
    return text.replace("\r\n", "\n")


def _read_list(question: Question, parts: list[str]) -> Answer | None:
    if question.kind == Kind.CHOICES:
        return [value for value in question.chosen if value in parts] or None
    if question.kind == Kind.FILE:
        return [part for part in parts if part]
    is_one = day if question.kind == Kind.DATE_SPAN else clock_time
    texts = [part.strip(_BLANKS) for part in parts]
    if len(texts) != 2 or not all(is_one(text) for text in texts):
        return None
    return {"from": texts[0], "to": texts[1]}


def number(text: str, kind: Kind) -> str | None:
    """A number or an amount in one way of writing; None when it is none.

    A comma is taken for a decimal sign when at most two digits follow, so that "1,890" is refused
    instead of being read as less than two.
    """
    if not (_MONEY if kind == Kind.MONEY else _NUMBER).fullmatch(text):
        return None
    value = Decimal(text.replace(",", "."))
    if kind == Kind.MONEY:
        return str(abs(value).quantize(Decimal("0.01")).copy_sign(value) if value else "0.00")
    return f"{value.normalize():f}" if value else "0"


def day(text: str) -> date | None:
    """An ISO date, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def clock_time(text: str) -> time | None:
    """A time of day, HH:MM."""
    return time.fromisoformat(text) if _TIME.fullmatch(text) else None


def bound_day(text: str, today: date) -> date | None:
    """The first or last day that a bound allows; `today+5` counts calendar days."""
    found = _TODAY.fullmatch(text)
    if not found:
        return day(text)
    days = int(found[2] or 0)
    return today + timedelta(days=-days if found[1] == "-" else days)


def is_bound(question: Question, text: str) -> bool:
    """True when the text can bound the answers to this question."""
    if question.kind in (Kind.DATE, Kind.DATE_SPAN):
        return bound_day(text, date(2000, 1, 1)) is not None
    if question.kind in (Kind.NUMBER, Kind.MONEY):
        return number(text, question.kind) is not None
    if question.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICES, Kind.FILE):
        return re.fullmatch(r"\d{1,5}", text, re.ASCII) is not None
    return False


def missing(question: Question) -> str:
    """What to say when a question that needs an answer has none."""
    sentences = {
        Kind.CHOICE: _("Choose an answer to “%(label)s”"),
        Kind.CHOICES: _("Choose at least one answer to “%(label)s”"),
        Kind.TREE: _("Choose an answer to “%(label)s”"),
        Kind.LOCATION: _("Choose a location at “%(label)s”"),
        Kind.DEVICE: _("Choose one at “%(label)s”"),
        Kind.DATE: _("Choose a date at “%(label)s”"),
        Kind.FILE: _("Choose a file at “%(label)s”"),
        Kind.CONSENT: _("Tick “%(label)s” to go on"),
    }
    sentence = sentences.get(question.kind, _("Fill in “%(label)s”"))
    return sentence % {"label": question.label.rstrip(" .:")}


def fault(question: Question, typed: Typed | None, today: date) -> str:
    """What is wrong with something that was typed, as a sentence; empty when it will do.

    Nothing typed is never wrong here; whether an answer is needed is a matter of the conditions.
    """
    if is_empty(typed):
        return ""
    answer = read(question, typed)
    if answer is None or _has_strangers(question, typed):
        return _unreadable(question)
    if isinstance(answer, dict):
        return _span_fault(question, answer, today)
    if question.kind in (Kind.NUMBER, Kind.MONEY):
        return _number_fault(question, Decimal(str(answer)))
    if question.kind == Kind.DATE:
        return _day_fault(question, date.fromisoformat(str(answer)), today)
    if isinstance(answer, list):
        return _count_fault(question, len(answer))
    if question.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return _text_fault(question, str(answer))
    return ""


def _has_strangers(question: Question, typed: Typed | None) -> bool:
    """True when something was chosen that is no choice (any more)."""
    if question.kind != Kind.CHOICES or typed is None:
        return False
    return not set([typed] if isinstance(typed, str) else typed) - {""} <= set(question.chosen)


def _unreadable(question: Question) -> str:
    return {
        Kind.NUMBER: _("Write a number such as 12 or 12.5, without separators of thousands"),
        Kind.MONEY: _("Write an amount such as 1890 or 1890.50, without separators of thousands"),
        Kind.DATE: _("Write the date as year-month-day, for instance 2026-11-27"),
        Kind.DATE_SPAN: _("Give both days, each as year-month-day"),
        Kind.TIME_SPAN: _("Give both times as HH:MM, for instance 09:00 and 17:30"),
    }.get(question.kind, _("This answer is no longer offered. Choose another one"))


def _number_fault(question: Question, value: Decimal) -> str:
    if question.minimum and value < Decimal(question.minimum):
        return _("Write a number that is at least %(least)s") % {"least": question.minimum}
    if question.maximum and value > Decimal(question.maximum):
        return _("Write a number that is at most %(most)s") % {"most": question.maximum}
    return ""


def _day_fault(question: Question, value: date, today: date) -> str:
    first = bound_day(question.minimum, today)
    last = bound_day(question.maximum, today)
    if first and value < first:
        return _("Choose a date on or after %(day)s") % {"day": _day_text(first)}
    if last and value > last:
        return _("Choose a date on or before %(day)s") % {"day": _day_text(last)}
    return ""


def _span_fault(question: Question, span: Mapping[str, str], today: date) -> str:
    if question.kind == Kind.TIME_SPAN:
        late = span["to"] <= span["from"]
        return _("The second time must be later than the first") if late else ""
    if span["to"] < span["from"]:
        return _("The last day must not be before the first")
    days = (date.fromisoformat(span[end]) for end in ("from", "to"))
    return next(filter(None, (_day_fault(question, value, today) for value in days)), "")


def _count_fault(question: Question, count: int) -> str:
    least, most = _count(question.minimum), _count(question.maximum)
    if least is not None and count < least:
        return ngettext("Choose at least %(count)d", "Choose at least %(count)d", least) % {
            "count": least
        }
    if most is not None and count > most:
        return ngettext("Choose at most %(count)d", "Choose at most %(count)d", most) % {
            "count": most
        }
    return ""


def _count(text: str) -> int | None:
    return int(text) if text else None


def _text_fault(question: Question, text: str) -> str:
    longest = LONG_TEXT_LENGTH if question.kind == Kind.LONG_TEXT else TEXT_LENGTH
    most = min(longest, _count(question.maximum) or longest)
    least = _count(question.minimum) or 0
    if len(text) > most:
        return ngettext(
            "Shorten this to %(count)d character", "Shorten this to %(count)d characters", most
        ) % {"count": most}
    if len(text) < least:
        return ngettext(
            "Write at least %(count)d character", "Write at least %(count)d characters", least
        ) % {"count": least}
    if question.pattern and not re.fullmatch(question.pattern, text):
        return question.pattern_hint or _("This does not look right. Check it for typing errors")
    return ""


def _day_text(value: date) -> str:
    return formats.date_format(value, "j F Y")


def typed_answer(question: Question, value: Any) -> Typed:
    """What would have been typed for an answer; what was typed already stays as it is."""
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, Mapping) and question.kind in THINGS:
        return str(value.get("thing", ""))
    if isinstance(value, Mapping):
        return [str(value.get("from", "")), str(value.get("to", ""))]
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    return str(value)
