"""How the forms of the demo company are written down, and what several of them ask."""

from decimal import Decimal

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


def option(value: str, label: str, price: int | None = None, text: str = "") -> Option:
    return Option(value, label, help=text, price=None if price is None else Decimal(price))


def when(question: str, value: str = "") -> tuple[Condition, ...]:
    """Shown when `question` was answered so; without a value, when it was answered at all."""
    operator = Operator.IS if value else Operator.ANSWERED
    return (Condition.when(Effect.SHOW, question, operator, value),)


def ask(key: str, kind: Kind, label: str, *options: Option, **more) -> Question:
    """A question that has to be answered, unless `required` says otherwise."""
    return Question(key=key, kind=kind, label=label, options=options, **{"required": True} | more)


def form(*sections: tuple[str, tuple[Question, ...]]) -> Definition:
    return Definition(
        tuple(
            Section(key=f"part_{place}", title=title, questions=questions)
            for place, (title, questions) in enumerate(sections, start=1)
        )
    )


WHY = ask("why", Kind.LONG_TEXT, "Why do you need it?", help="One sentence is enough.")
WHEN = ask("needed_on", Kind.DATE, "When do you need it?", minimum="today", required=False)
WHERE = ask("where", Kind.LOCATION, "Where?", profile="location")
ROOM = ask("room", Kind.TEXT, "Room or desk", help="For instance 2.14", maximum="40")
TELL = ask("details", Kind.LONG_TEXT, "What is it about?")
PHONE = ask("phone", Kind.TEXT, "Telephone for questions", profile="phone", required=False)
