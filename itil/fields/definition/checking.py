"""What keeps a form from being published, as sentences that name the question."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .shape import Definition, Effect, Group, Kind, Operator, Option, Profile, Question, Section
from .values import bound_day, fault, is_bound, number, read

OPERATORS: dict[Kind, frozenset[Operator]] = {
    Kind.TEXT: frozenset({Operator.IS, Operator.IS_NOT, Operator.CONTAINS}),
    Kind.LONG_TEXT: frozenset({Operator.CONTAINS}),
    Kind.NUMBER: frozenset({Operator.IS, Operator.IS_NOT, Operator.MORE, Operator.LESS}),
    Kind.MONEY: frozenset({Operator.IS, Operator.IS_NOT, Operator.MORE, Operator.LESS}),
    Kind.DATE: frozenset({Operator.IS, Operator.IS_NOT, Operator.MORE, Operator.LESS}),
    Kind.CHOICE: frozenset({Operator.IS, Operator.IS_NOT}),
    Kind.TREE: frozenset({Operator.IS, Operator.IS_NOT}),
    Kind.CHOICES: frozenset({Operator.CONTAINS}),
}
PROFILES: dict[Kind, frozenset[Profile]] = {
    Kind.TEXT: frozenset(
        {
            Profile.NAME,
            Profile.EMAIL,
            Profile.PHONE,
            Profile.ORGANIZATION,
            Profile.COST_CENTRE,
        }
    ),
    Kind.PERSON: frozenset({Profile.SELF, Profile.MANAGER}),
    Kind.LOCATION: frozenset({Profile.LOCATION}),
}
# Choices that are made of options.
CHOSEN = (Kind.CHOICE, Kind.CHOICES, Kind.TREE)
KEY = re.compile(r"[a-z][a-z0-9_]{0,49}", re.ASCII)
# More than this many open repetitions, or a repeated group, can keep a server busy for minutes.
MOST_REPETITIONS = 3
_REPEATED_GROUP = re.compile(r"(?<!\\)\)[*+{]")
_REPETITION = re.compile(r"[*+]|\{\d*,\}")
# A bound of today is as good as any other day for comparing bounds with each other.
_SOME_DAY = date(2000, 1, 1)


def problems(definition: Definition) -> list[str]:
    """Everything that is wrong with the form, in the order of its questions; none: publish."""
    if not definition.questions:
        return [_("Add at least one question.")]
    found = list(_key_problems(definition))
    earlier: dict[str, Question] = {}
    for section in definition.sections:
        name = section.title or section.key
        found += _condition_problems(definition, name, section, earlier)
        for question in section.questions:
            name = question.label or question.key
            found += [f"“{name}”: {text}" for text in _question_problems(question)]
            found += _condition_problems(definition, name, question, earlier)
            earlier[question.key] = question
    return found


def _key_problems(definition: Definition) -> Iterator[str]:
    seen: set[str] = set()
    for question in (q for section in definition.sections for q in section.questions):
        if not KEY.fullmatch(question.key):
            yield _(
                "“%(label)s”: write its short name with small letters, digits and _, beginning"
                " with a letter."
            ) % {"label": question.label}
        if question.key in seen:
            yield _("“%(label)s”: another question has the short name “%(key)s” too.") % {
                "label": question.label,
                "key": question.key,
            }
        seen.add(question.key)
    sections = [section.key for section in definition.sections]
    for key in sorted({key for key in sections if sections.count(key) > 1}):
        yield _("Two sections have the short name “%(key)s”.") % {"key": key}


def _question_problems(question: Question) -> Iterator[str]:
    if not question.label.strip():
        yield _("write the question.")
    if question.kind in CHOSEN:
        yield from _option_problems(question)
    elif question.options:
        yield _("only choices have options.")
    if question.pattern:
        yield from _pattern_problems(question)
    yield from _bound_problems(question)
    if question.profile and question.profile not in PROFILES.get(question.kind, ()):
        yield _("this kind of question cannot be filled from the profile in that way.")
    if question.among and question.kind not in (Kind.DEVICE, Kind.ITEM):
        yield _("only items of the estate have a class.")
    if question.default and not _is_answer(question, question.default):
        yield _("what stands there at first is not an answer that the question takes.")


def _is_answer(question: Question, text: str) -> bool:
    looked_up = (Kind.PERSON, Kind.LOCATION, Kind.DEVICE, Kind.ITEM, Kind.FILE)
    if question.kind in looked_up or question.pattern_is_broken:
        return False
    bounded = question.kind in (Kind.DATE, Kind.DATE_SPAN)
    # What stands there today need not fit tomorrow: days are only read.
    return read(question, text) is not None and (bounded or not fault(question, text, _SOME_DAY))


def _option_problems(question: Question) -> Iterator[str]:
    if not question.options:
        yield _("add the options to choose from.")
    if question.kind != Kind.TREE and any(option.options for option in question.options):
        yield _("only in a tree may options have further options.")
    seen: set[str] = set()
    for option in _all_options(question.options):
        if not option.value or not option.label.strip():
            yield _("every option needs a text.")
        if option.value in seen:
            yield _("two options have the same short name “%(value)s”.") % {"value": option.value}
        seen.add(option.value)
        if option.price is not None and option.price < 0:
            yield _("the price of “%(option)s” must not be below zero.") % {"option": option.label}


def _all_options(options: tuple[Option, ...]) -> Iterator[Option]:
    for option in options:
        yield option
        yield from _all_options(option.options)


def _pattern_problems(question: Question) -> Iterator[str]:
    if question.kind != Kind.TEXT:
        yield _("only a text can have a pattern.")
    elif question.pattern_is_broken:
        yield _("its pattern is not a regular expression.")
    elif (
        _REPEATED_GROUP.search(question.pattern)
        or len(_REPETITION.findall(question.pattern)) > MOST_REPETITIONS
    ):
        yield _(
            "its pattern could take minutes to check. Do not repeat a part in brackets, and use"
            " * and + three times at most."
        )


def _bound_problems(question: Question) -> Iterator[str]:
    bounds = [bound for bound in (question.minimum, question.maximum) if bound]
    if not all(is_bound(question, bound) for bound in bounds):
        yield _("its least or its most cannot be read.")
    elif len(bounds) == 2 and _measure(question, bounds[0]) > _measure(question, bounds[1]):
        yield _("its least is more than its most.")


def _measure(question: Question, bound: str) -> Any:
    """A readable bound as something to compare by."""
    if question.kind in (Kind.DATE, Kind.DATE_SPAN):
        return bound_day(bound, _SOME_DAY)
    return Decimal(number(bound, Kind.NUMBER) or 0)


def _condition_problems(
    definition: Definition, name: str, item: Question | Section, earlier: dict[str, Question]
) -> Iterator[str]:
    for condition in item.conditions:
        if isinstance(item, Section) and condition.effect == Effect.REQUIRE:
            yield _("“%(name)s”: a section can be shown or hidden, not required.") % {"name": name}
        if not all(_groups_filled(condition.group)):
            yield _("“%(name)s”: a condition needs at least one test.") % {"name": name}
        for test in condition.group.tests():
            there = earlier.get(test.question)
            if there is None:
                yield _misplaced(definition, name, item, test.question)
            elif text := _unfit(there, test.operator, test.value):
                yield f"“{name}”: {text}"


def _groups_filled(group: Group) -> Iterator[bool]:
    yield bool(group.parts)
    for part in group.parts:
        if isinstance(part, Group):
            yield from _groups_filled(part)


def _misplaced(definition: Definition, name: str, item: Question | Section, key: str) -> str:
    """Why a condition cannot ask about a question that is not above it."""
    other = definition.questions.get(key)
    if other is None:
        return _("“%(name)s”: its condition asks for “%(key)s”, which is not in this form.") % {
            "name": name,
            "key": key,
        }
    names = {"name": name, "other": other.label}
    own = {item.key} if isinstance(item, Question) else {q.key for q in item.questions}
    if key in own or own & _asked_for(definition, key):
        return _("“%(name)s” and “%(other)s” depend on each other in a circle.") % names
    return _("“%(name)s”: its condition asks for “%(other)s”, which comes later.") % names


def _asked_for(definition: Definition, key: str) -> set[str]:
    """All questions that the showing of this one depends on, over however many steps."""
    direct = {
        question.key: {
            test.question
            for condition in (*section.conditions, *question.conditions)
            for test in condition.group.tests()
        }
        for section in definition.sections
        for question in section.questions
    }
    found: set[str] = set()
    waiting = [key]
    while waiting:
        new = direct.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _unfit(question: Question, operator: Operator, value: str) -> str:
    """Why a test cannot look at this question in this way; empty when it can."""
    if operator == Operator.ANSWERED:
        return ""
    names = {"other": question.label, "value": value}
    if operator not in OPERATORS.get(question.kind, ()):
        return _("its condition cannot compare the answer to “%(other)s” in that way.") % names
    # A branch of a tree is no answer, but stands for all below it.
    known = value in question.paths or (question.kind not in CHOSEN and read(question, value))
    if not known:
        return _("its condition compares “%(other)s” with “%(value)s”, which is no answer.") % names
    return ""
