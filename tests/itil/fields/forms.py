"""Small builders of forms, and the form of the laptop that the stories tell of."""

from datetime import date
from decimal import Decimal

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from itil.fields.definition import (
    Condition,
    Definition,
    Effect,
    Kind,
    Operator,
    Option,
    Question,
    Section,
)
from itil.fields.forms import AnswerForm

MONDAY = date(2026, 3, 2)


def ask(key: str, kind: Kind = Kind.TEXT, **parts) -> Question:
    """A question that is called as its key."""
    return Question(key, kind, parts.pop("label", key.capitalize()), **parts)


def options(*values: str) -> tuple[Option, ...]:
    return tuple(Option(value, value.capitalize()) for value in values)


def form_of(*questions: Question) -> Definition:
    return Definition((Section("all", questions=questions),))


def when(
    question: str,
    value: str = "",
    *,
    effect: Effect = Effect.SHOW,
    operator: Operator = Operator.IS,
) -> tuple[Condition, ...]:
    return (Condition.when(effect, question, operator, value),)


def laptop() -> Definition:
    """Which model, why, what goes with it, when."""
    return Definition(
        (
            Section(
                "laptop",
                title="Your laptop",
                questions=(
                    ask(
                        "model",
                        Kind.CHOICE,
                        label="Which model?",
                        required=True,
                        options=(
                            Option("light", "Light 14", "Email, documents", Decimal("980.00")),
                            Option("creator", "Creator 14", "Design, video", Decimal("1890.00")),
                        ),
                    ),
                    ask(
                        "why",
                        Kind.CHOICE,
                        label="Why do you need it?",
                        required=True,
                        options=(
                            Option("new", "I am new, or have no laptop"),
                            Option("replace", "Mine needs replacing"),
                        ),
                    ),
                    ask(
                        "tag",
                        label="Asset tag of the laptop you are returning",
                        help="On the sticker underneath. It starts with HAL.",
                        required=True,
                        pattern=r"HAL-\d{5}",
                        pattern_hint="Write the tag as HAL-12345",
                        conditions=when("why", "replace"),
                    ),
                    ask(
                        "extras",
                        Kind.CHOICES,
                        label="Anything to go with it?",
                        options=(
                            Option("dock", "USB-C dock", "One cable for all", Decimal("140.00")),
                            Option("headset", "Headset", "Wireless", Decimal("95.00")),
                        ),
                    ),
                    ask(
                        "needed",
                        Kind.DATE,
                        label="When do you need it?",
                        required=True,
                        minimum="today+5",
                    ),
                ),
            ),
            Section(
                "rest",
                questions=(ask("note", Kind.LONG_TEXT, label="Anything we should know?"),),
            ),
        )
    )


def filled(definition: Definition, typed: dict | None = None, **options) -> AnswerForm:
    """The form as it was sent with these texts, on Monday."""
    data, files = QueryDict(mutable=True), MultiValueDict()
    for key, value in (typed or {}).items():
        question = definition.questions.get(key)
        if question is not None and question.kind in (Kind.DATE_SPAN, Kind.TIME_SPAN):
            data[f"q-{key}_0"], data[f"q-{key}_1"] = value
        elif question is not None and question.kind == Kind.FILE:
            files.setlist(f"q-{key}", value)
        elif isinstance(value, list):
            data.setlist(f"q-{key}", value)
        else:
            data[f"q-{key}"] = value
    return AnswerForm(definition, data, files, **{"today": MONDAY} | options)
