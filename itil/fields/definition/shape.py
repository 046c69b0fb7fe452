"""The parts of a form, and how they are written as JSON.

A form has sections, a section has questions. A question is known by its `key`, which never changes
once it was published: answers, conditions and plans of tasks name it. Numbers and amounts are
decimals written as text, days are ISO dates.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Data = Mapping[str, Any]


class Kind(TextChoices):
    """What kind of answer a question takes."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Amount of money")
    DATE = "date", _("Date")
    DATE_SPAN = "date_span", _("From date to date")
    TIME_SPAN = "time_span", _("From time to time")
    CHOICE = "choice", _("One choice")
    CHOICES = "choices", _("Several choices")
    TREE = "tree", _("Choice from a tree")
    PERSON = "person", _("Person")
    LOCATION = "location", _("Location")
    DEVICE = "device", _("One of my devices")
    ITEM = "item", _("Item of the estate")
    FILE = "file", _("Files")
    CONSENT = "consent", _("Consent")


class Profile(TextChoices):
    """What the profile of the person who asks knows already (WCAG 3.3.7)."""

    NAME = "name", _("Name")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Telephone")
    ORGANIZATION = "organization", _("Organization")
    COST_CENTRE = "cost_centre", _("Cost center")
    LOCATION = "location", _("Location")
    SELF = "self", _("The person")
    MANAGER = "manager", _("Manager")


class Effect(TextChoices):
    """What a condition does when it holds."""

    SHOW = "show", _("Show")
    HIDE = "hide", _("Hide")
    REQUIRE = "require", _("Require an answer")


class Match(TextChoices):
    """How many parts of a group must hold."""

    ALL = "all", _("all of these")
    ANY = "any", _("any of these")


class Operator(TextChoices):
    """How a test looks at an answer. Every test on a question without answer fails."""

    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")
    CONTAINS = "contains", _("contains")
    MORE = "more", _("is more or later than")
    LESS = "less", _("is less or earlier than")
    ANSWERED = "answered", _("is answered")


@dataclass(frozen=True)
class Option:
    """One answer to choose. In a tree it may have further ones below it; only leaves are chosen."""

    value: str
    label: str
    help: str = ""
    price: Decimal | None = None
    options: tuple["Option", ...] = ()

    @classmethod
    def of(cls, data: Data) -> "Option":
        price = data.get("price")
        return cls(
            value=data["value"],
            label=data["label"],
            help=data.get("help", ""),
            price=None if price is None else Decimal(price),
            options=tuple(cls.of(below) for below in data.get("options", ())),
        )

    def as_data(self) -> dict[str, Any]:
        return _filled(
            value=self.value,
            label=self.label,
            help=self.help,
            price=None if self.price is None else str(self.price),
            options=[below.as_data() for below in self.options],
        )


@dataclass(frozen=True)
class Test:
    """Looks at the answer to one earlier question."""

    # For pytest: not a class of tests.
    __test__ = False

    question: str
    operator: Operator
    value: str = ""

    def as_data(self) -> dict[str, Any]:
        return _filled(question=self.question, operator=str(self.operator), value=self.value)


@dataclass(frozen=True)
class Group:
    """Tests, or further groups, of which all or any must hold."""

    match: Match
    parts: tuple["Test | Group", ...]

    @classmethod
    def of(cls, data: Data) -> "Group":
        return cls(Match(data["match"]), tuple(_part(part) for part in data["parts"]))

    def as_data(self) -> dict[str, Any]:
        return {"match": str(self.match), "parts": [part.as_data() for part in self.parts]}

    def tests(self) -> Iterator[Test]:
        """Every test of the group and of the groups in it."""
        for part in self.parts:
            if isinstance(part, Test):
                yield part
            else:
                yield from part.tests()


def _part(data: Data) -> Test | Group:
    if "parts" in data:
        return Group.of(data)
    return Test(data["question"], Operator(data["operator"]), data.get("value", ""))


@dataclass(frozen=True)
class Condition:
    """What happens to a question or a section when the group holds."""

    effect: Effect
    group: Group

    @classmethod
    def of(cls, data: Data) -> "Condition":
        return cls(Effect(data["effect"]), Group.of(data["group"]))

    def as_data(self) -> dict[str, Any]:
        return {"effect": str(self.effect), "group": self.group.as_data()}

    @classmethod
    def when(
        cls, effect: Effect, question: str, operator: Operator, value: str = ""
    ) -> "Condition":
        """The usual case: one test."""
        return cls(effect, Group(Match.ALL, (Test(question, operator, value),)))


@dataclass(frozen=True)
class Question:
    """One question.

    `minimum` and `maximum` are numbers for numbers, amounts and the length of texts, counts for
    several choices and files, and for dates an ISO date, `today`, `today+5` or `today-30` (days).
    `pattern` is a regular expression for the whole text, `pattern_hint` what to say when it does
    not fit. `default` is what stands there at first, `profile` what is taken from the person.
    `among` is the short name of the class that an item has to be of; empty for any.
    """

    key: str
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    conditions: tuple[Condition, ...] = ()
    pattern: str = ""
    pattern_hint: str = ""
    minimum: str = ""
    maximum: str = ""
    default: str = ""
    profile: str = ""
    among: str = ""
    options: tuple[Option, ...] = ()

    @classmethod
    def of(cls, data: Data) -> "Question":
        plain = {name: data[name] for name in _PLAIN if name in data}
        return cls(
            key=data["key"],
            kind=Kind(data["kind"]),
            label=data["label"],
            required=bool(data.get("required", False)),
            conditions=_conditions(data),
            options=tuple(Option.of(option) for option in data.get("options", ())),
            **plain,
        )

    def as_data(self) -> dict[str, Any]:
        return _filled(
            key=self.key,
            kind=str(self.kind),
            label=self.label,
            required=self.required,
            conditions=[condition.as_data() for condition in self.conditions],
            options=[option.as_data() for option in self.options],
            **{name: getattr(self, name) for name in _PLAIN},
        )

    @cached_property
    def paths(self) -> dict[str, tuple[Option, ...]]:
        """For the value of each option, branches included: the options from the top to it."""
        found: dict[str, tuple[Option, ...]] = {}

        def walk(options: tuple[Option, ...], above: tuple[Option, ...]) -> None:
            for option in options:
                path = (*above, option)
                found.setdefault(option.value, path)
                walk(option.options, path)

        walk(self.options, ())
        return found

    @cached_property
    def chosen(self) -> dict[str, Option]:
        """What may be chosen, by value: the options, of a tree its leaves."""
        return {value: path[-1] for value, path in self.paths.items() if not path[-1].options}

    def label_of(self, value: str) -> str:
        """An option in words; "Hardware › Laptop" in a tree. An unknown value is its own words."""
        return " › ".join(option.label for option in self.paths.get(value, ())) or value

    @property
    def pattern_is_broken(self) -> bool:
        """True when the pattern is no regular expression."""
        try:
            re.compile(self.pattern)
        except re.error:
            return True
        return False

    @property
    def has_prices(self) -> bool:
        return any(option.price is not None for option in self.chosen.values())


_PLAIN = (
    "help", "pattern", "pattern_hint", "minimum", "maximum", "default", "profile", "among"
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """Questions under one heading. Its conditions show or hide all of them."""

    key: str
    title: str = ""
    text: str = ""
    conditions: tuple[Condition, ...] = ()
    questions: tuple[Question, ...] = ()

    @classmethod
    def of(cls, data: Data) -> "Section":
        return cls(
            key=data["key"],
            title=data.get("title", ""),
            text=data.get("text", ""),
            conditions=_conditions(data),
            questions=tuple(Question.of(question) for question in data.get("questions", ())),
        )

    def as_data(self) -> dict[str, Any]:
        return _filled(
            key=self.key,
            title=self.title,
            text=self.text,
            conditions=[condition.as_data() for condition in self.conditions],
            questions=[question.as_data() for question in self.questions],
        )


@dataclass(frozen=True)
class Definition:
    """A whole form."""

    sections: tuple[Section, ...] = ()

    @classmethod
    def of(cls, data: Data) -> "Definition":
        """Read what `as_data` wrote. KeyError or ValueError when it is something else."""
        return cls(tuple(Section.of(section) for section in data.get("sections", ())))

    def as_data(self) -> dict[str, Any]:
        return {"sections": [section.as_data() for section in self.sections]}

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by key, in their order."""
        return {
            question.key: question for section in self.sections for question in section.questions
        }

    def with_question(self, key: str, **changes: Any) -> "Definition":
        """The same form with one question changed."""
        return Definition(
            tuple(
                replace(
                    section,
                    questions=tuple(
                        replace(question, **changes) if question.key == key else question
                        for question in section.questions
                    ),
                )
                for section in self.sections
            )
        )


def _conditions(data: Data) -> tuple[Condition, ...]:
    return tuple(Condition.of(condition) for condition in data.get("conditions", ()))


def _filled(**values: Any) -> dict[str, Any]:
    """What says something; empty texts, lists and No are left out."""
    return {name: value for name, value in values.items() if value not in ("", None, [], False)}
