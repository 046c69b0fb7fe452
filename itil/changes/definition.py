"""How risky a change is: the formula, and what it makes of answers and facts (`CHG-7`).

Knows no tables. Points run from 0 to 100, in the questionnaire and in the rules alike; the larger
of the two counts.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

MOST = 100


class Risk(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")

    @property
    def rank(self) -> int:
        return list(Risk).index(self)


def rank_of(risk: str) -> int:
    """Its place in order of risk; nothing computed yet is the lowest."""
    return Risk(risk).rank if risk else -1


@dataclass(frozen=True)
class Option:
    """One answer to choose, and the points that it brings."""

    label: str
    points: int


@dataclass(frozen=True)
class Question:
    """One question of the questionnaire, known by its `key`."""

    key: str
    text: str
    options: tuple[Option, ...]

    @property
    def most(self) -> int:
        return max((option.points for option in self.options), default=0)


@dataclass(frozen=True)
class Weights:
    """Points of the rules: what a fact brings at most."""

    critical_service: int = 40
    medium_service: int = 20
    # For each item that fails with what is changed, up to a limit.
    per_dependant: int = 2
    most_dependants: int = 30
    # All earlier changes of the items failed; a part of them brings its share.
    past_failures: int = 40
    untested_back_out: int = 25


@dataclass(frozen=True)
class Formula:
    """Questions, weights, and from how many points on a change is of medium and of high risk."""

    questions: tuple[Question, ...] = ()
    weights: Weights = Weights()
    medium_from: int = 35
    high_from: int = 65

    def level(self, points: int) -> Risk:
        if points >= self.high_from:
            return Risk.HIGH
        return Risk.MEDIUM if points >= self.medium_from else Risk.LOW

    def unanswered(self, answers: Mapping[str, Any]) -> list[Question]:
        """Questions without one of their options as the answer."""
        return [
            one
            for one in self.questions
            if answers.get(one.key) not in {option.label for option in one.options}
        ]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            questions=tuple(
                Question(
                    one["key"],
                    one["text"],
                    tuple(Option(**option) for option in one["options"]),
                )
                for one in data["questions"]
            ),
            weights=Weights(**data["weights"]),
            medium_from=data["medium_from"],
            high_from=data["high_from"],
        )


@dataclass(frozen=True)
class Facts:
    """What the rules go by. `criticality` is that of the most critical service, 1 the highest and
    3 the lowest; None without any.
    """

    criticality: int | None = None
    services: int = 0
    dependants: int = 0
    past_changes: int = 0
    past_failures: int = 0
    is_back_out_tested: bool = False

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Part:
    """One reason for points, in words as they were at the time."""

    label: str
    detail: str
    points: int

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def questionnaire(formula: Formula, answers: Mapping[str, Any]) -> tuple[int, list[Part]]:
    """The points of the answers as a share of the most that they could bring, and each of them.

    A question without an answer brings the most: what nobody knows is no lower risk.
    """
    parts, reached = [], 0
    for question in formula.questions:
        given = {option.label: option.points for option in question.options}
        answer = str(answers.get(question.key, ""))
        points = given.get(answer, question.most)
        parts.append(Part(question.text, answer or _now("no answer"), points))
        reached += points
    most = sum(question.most for question in formula.questions)
    return (reached * MOST // most if most else 0), parts


def rules(formula: Formula, facts: Facts) -> tuple[int, list[Part]]:
    """The points of the facts, 100 at the most, and each of them."""
    weights = formula.weights
    by_criticality = {1: weights.critical_service, 2: weights.medium_service}
    criticality = {1: _now("high"), 2: _now("medium"), 3: _now("low")}
    tried = facts.past_changes
    parts = [
        Part(
            _now("Criticality of the services"),
            criticality.get(facts.criticality or 0, _now("no service named")),
            by_criticality.get(facts.criticality or 0, 0),
        ),
        Part(
            _now("Items that depend on it"),
            str(facts.dependants),
            min(weights.most_dependants, weights.per_dependant * facts.dependants),
        ),
        Part(
            _now("Earlier changes of the items that failed"),
            _now("%(failed)d of %(all)d") % {"failed": facts.past_failures, "all": tried},
            weights.past_failures * facts.past_failures // tried if tried else 0,
        ),
        Part(
            _now("Back-out plan tested"),
            _now("yes") if facts.is_back_out_tested else _now("no"),
            0 if facts.is_back_out_tested else weights.untested_back_out,
        ),
    ]
    return min(MOST, sum(part.points for part in parts)), parts
