"""Which questions are shown and which need an answer. `fields/conditions.js` says the same.

Conditions look back only, so one pass from the first question to the last decides. A question
that is not shown counts as not answered, and every test on a question without answer fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .shape import Condition, Definition, Effect, Group, Kind, Match, Operator, Question, Test
from .values import read


@dataclass(frozen=True)
class Standing:
    """What the conditions say about one set of answers: keys of sections and of questions."""

    sections: frozenset[str]
    shown: frozenset[str]
    required: frozenset[str]


def standing(definition: Definition, answers: Mapping[str, Any]) -> Standing:
    """Apply the conditions to the answers; those to hidden questions are disregarded."""
    known: dict[str, Any] = {}
    sections, shown, required = set(), set(), set()
    for section in definition.sections:
        if not _is_shown(section.conditions, definition, known):
            continue
        sections.add(section.key)
        for question in section.questions:
            if not _is_shown(question.conditions, definition, known):
                continue
            shown.add(question.key)
            if question.required or _is_any(question.conditions, Effect.REQUIRE, definition, known):
                required.add(question.key)
            if answers.get(question.key) not in (None, "", [], False):
                known[question.key] = answers[question.key]
    return Standing(frozenset(sections), frozenset(shown), frozenset(required))


def _is_shown(
    conditions: tuple[Condition, ...], definition: Definition, known: Mapping[str, Any]
) -> bool:
    """Shown when any of the conditions to show holds, or there is none; and none to hide does."""
    waits = any(condition.effect == Effect.SHOW for condition in conditions)
    if waits and not _is_any(conditions, Effect.SHOW, definition, known):
        return False
    return not _is_any(conditions, Effect.HIDE, definition, known)


def _is_any(
    conditions: tuple[Condition, ...],
    effect: Effect,
    definition: Definition,
    known: Mapping[str, Any],
) -> bool:
    return any(
        _holds(condition.group, definition, known)
        for condition in conditions
        if condition.effect == effect
    )


def _holds(part: Group | Test, definition: Definition, known: Mapping[str, Any]) -> bool:
    if isinstance(part, Group):
        found = (_holds(below, definition, known) for below in part.parts)
        return all(found) if part.match == Match.ALL else any(found)
    if part.question not in known:
        return False
    if part.operator == Operator.ANSWERED:
        return True
    return _compare(definition.questions[part.question], known[part.question], part)


def _compare(question: Question, answer: Any, test: Test) -> bool:
    if test.operator in (Operator.IS, Operator.IS_NOT):
        return _equals(question, answer, test.value) == (test.operator == Operator.IS)
    if test.operator == Operator.CONTAINS:
        if isinstance(answer, list):
            return test.value in answer
        return test.value.lower() in str(answer).lower()
    one, other = _measure(question, str(answer)), _measure(question, test.value)
    if one is None or other is None:
        return False
    return bool(one > other if test.operator == Operator.MORE else one < other)


def _equals(question: Question, answer: Any, value: str) -> bool:
    if question.kind == Kind.TREE:
        # A branch stands for everything below it.
        return any(option.value == value for option in question.paths.get(answer, ()))
    if question.kind in (Kind.NUMBER, Kind.MONEY):
        return bool(_measure(question, str(answer)) == _measure(question, value))
    if question.kind == Kind.TEXT:
        return str(answer).lower() == value.lower()
    return bool(answer == value)


def _measure(question: Question, text: str) -> Any:
    """Something to compare by, None for what cannot be read; written ISO dates are in order."""
    found = read(question, text)
    if found is None or question.kind == Kind.DATE:
        return found
    return Decimal(str(found))
