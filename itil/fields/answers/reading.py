"""Kept answers in words, their price, and what differs between two sets of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from itil.fields.definition import Definition, Kind, Question, standing
from portal.people.models import Location, User

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class _Names:
    """People and places by key."""

    people: Mapping[int, str]
    places: Mapping[int, str]


def readable(definition: Definition, answers: Answers) -> list[tuple[str, list[tuple[str, str]]]]:
    """For each section with answers: its title, and the label and text of each answer.

    One query when people are among them, one when places are. What was deleted since is said so.
    """
    names = _names(definition, answers)
    found = []
    for section in definition.sections:
        lines = [
            (question.label, _text(question, answers[question.key], names))
            for question in section.questions
            if question.key in answers
        ]
        if lines:
            found.append((section.title, lines))
    return found


def priced(definition: Definition, answers: Answers) -> list[tuple[str, Decimal]]:
    """The chosen options that have a price, with it, in the order of the form."""
    shown = standing(definition, answers).shown
    found = []
    for key, question in definition.questions.items():
        if key not in shown or question.kind not in (Kind.CHOICE, Kind.CHOICES):
            continue
        chosen = answers.get(key) or []
        for value in [chosen] if isinstance(chosen, str) else chosen:
            option = question.chosen.get(value)
            if option is not None and option.price is not None:
                found.append((option.label, option.price))
    return found


def price(definition: Definition, answers: Answers) -> Decimal:
    """The sum of the prices of the chosen options; in the currency of whoever sells."""
    return sum((amount for _label, amount in priced(definition, answers)), Decimal("0.00"))


def changed(definition: Definition, before: Answers, after: Answers) -> list[tuple[str, str, str]]:
    """The label, the former and the new text of every answer that differs; "–" for none."""
    names = _names(definition, before, after)
    return [
        (
            question.label,
            _text(question, before[key], names) if key in before else "–",
            _text(question, after[key], names) if key in after else "–",
        )
        for key, question in definition.questions.items()
        if before.get(key) != after.get(key)
    ]


def _names(definition: Definition, *sets: Answers) -> _Names:
    def keys(kind: Kind) -> set[int]:
        return {
            answers[key]
            for answers in sets
            for key, question in definition.questions.items()
            if question.kind == kind and isinstance(answers.get(key), int)
        }

    people, places = keys(Kind.PERSON), keys(Kind.LOCATION)
    return _Names(
        dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {},
        dict(Location.objects.filter(pk__in=places).values_list("pk", "name")) if places else {},
    )


def _text(question: Question, answer: Any, names: _Names) -> str:
    match question.kind:
        case Kind.CHOICE | Kind.TREE:
            return question.label_of(answer)
        case Kind.CHOICES:
            return ", ".join(question.label_of(value) for value in answer)
        case Kind.FILE:
            return ", ".join(answer)
        case Kind.CONSENT:
            return _("Yes")
        case Kind.PERSON:
            return names.people.get(answer) or _("Somebody who is no longer known")
        case Kind.LOCATION:
            return names.places.get(answer) or _("A location that is no longer known")
        case Kind.DEVICE | Kind.ITEM:
            return _("%(name)s (%(number)s)") % {
                "name": answer["name"],
                "number": answer["thing"],
            }
        case Kind.DATE:
            return _day(answer)
        case Kind.DATE_SPAN:
            return _("%(first)s to %(last)s") % {
                "first": _day(answer["from"]),
                "last": _day(answer["to"]),
            }
        case Kind.TIME_SPAN:
            return _("%(first)s to %(last)s") % {"first": answer["from"], "last": answer["to"]}
        case Kind.NUMBER | Kind.MONEY:
            return formats.localize(Decimal(answer), use_l10n=True)
    return str(answer)


def _day(text: str) -> str:
    return formats.date_format(date.fromisoformat(text), "j F Y")
