"""Random forms that may be published, and random things typed into them."""

from decimal import Decimal

from hypothesis import strategies as st

from itil.fields.definition import (
    Condition,
    Definition,
    Effect,
    Group,
    Kind,
    Match,
    Operator,
    Option,
    Question,
    Section,
    Test,
)
from itil.fields.definition.checking import OPERATORS

WORDS = ("x", "Straße", "ÅNGSTRÖM", "İx", "\u00a0y", "ΣΑΣ", "x y")
NUMBERS = ("1", "1.5", "-2", "999999999999.999999")
MONEY = ("1", "1.50", "500.01")
DAYS = ("2026-03-01", "2024-02-29")
CHOICES = ("one", "two", "three")
TREE = (
    Option("top", "Top", options=(Option("left", "Left"), Option("right", "Right"))),
    Option("one", "One"),
)
# People and locations are looked up on the server; their tests are elsewhere.
# What is looked up in tables has tests of its own.
LOOKED_UP = (Kind.PERSON, Kind.LOCATION, Kind.DEVICE, Kind.ITEM)
KINDS = [kind for kind in Kind if kind not in LOOKED_UP]
VALUES = {
    Kind.TEXT: ("x", "straße", "y"),
    Kind.LONG_TEXT: ("x", "straße"),
    Kind.NUMBER: NUMBERS,
    Kind.MONEY: MONEY,
    Kind.DATE: DAYS,
    Kind.CHOICE: CHOICES,
    Kind.CHOICES: CHOICES,
    Kind.TREE: ("top", "left", "right", "one"),
}


def _test(draw, earlier: list[Question]) -> Test:
    question = draw(st.sampled_from(earlier))
    operators = [Operator.ANSWERED, *sorted(OPERATORS.get(question.kind, ()))]
    operator = draw(st.sampled_from(operators))
    value = "" if operator == Operator.ANSWERED else draw(st.sampled_from(VALUES[question.kind]))
    return Test(question.key, operator, value)


def _group(draw, earlier: list[Question], depth: int) -> Group:
    parts = tuple(
        _group(draw, earlier, depth + 1)
        if depth == 0 and draw(st.integers(0, 4)) == 0
        else _test(draw, earlier)
        for _ in range(draw(st.integers(1, 3)))
    )
    return Group(draw(st.sampled_from(Match)), parts)


def _conditions(draw, earlier: list[Question], effects: tuple[Effect, ...]):
    count = draw(st.sampled_from((0, 0, 1, 1, 2))) if earlier else 0
    return tuple(
        Condition(draw(st.sampled_from(effects)), _group(draw, earlier, 0)) for _ in range(count)
    )


def _question(draw, number: int, earlier: list[Question]) -> Question:
    kind = draw(st.sampled_from(KINDS))
    options: tuple[Option, ...] = ()
    if kind in (Kind.CHOICE, Kind.CHOICES):
        prices = st.sampled_from((None, Decimal("9.90"), Decimal("100.00")))
        options = tuple(Option(value, value.title(), price=draw(prices)) for value in CHOICES)
    elif kind == Kind.TREE:
        options = TREE
    return Question(
        key=f"q{number}",
        kind=kind,
        label=f"Question {number}",
        required=draw(st.booleans()),
        conditions=_conditions(draw, earlier, tuple(Effect)),
        options=options,
    )


@st.composite
def definitions(draw) -> Definition:
    """Up to three sections with up to four questions each."""
    earlier: list[Question] = []
    sections = []
    for number in range(draw(st.integers(1, 3))):
        before = list(earlier)
        for _ in range(draw(st.integers(1, 4))):
            earlier.append(_question(draw, len(earlier), earlier))
        effects = (Effect.SHOW, Effect.HIDE)
        sections.append(
            Section(
                key=f"s{number}",
                title=draw(st.sampled_from(("", "Heading"))),
                conditions=_conditions(draw, before, effects),
                questions=tuple(earlier[len(before) :]),
            )
        )
    return Definition(tuple(sections))


def _typed(draw, question: Question):
    def one(*texts: str) -> str:
        return draw(st.sampled_from(("", *texts)))

    match question.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return one(*WORDS, "  ", " x ", "\u2003\u00a0", "\ufeff")
        case Kind.NUMBER | Kind.MONEY:
            return one(*NUMBERS, *MONEY, "1,5", "1,500", "+1", " 1 ", "1.", "١", "1e3")
        case Kind.DATE:
            return one(*DAYS)
        case Kind.DATE_SPAN:
            return [one(*DAYS), one(*DAYS)]
        case Kind.TIME_SPAN:
            return [one("09:00", "00:00"), one("23:59")]
        case Kind.CHOICE:
            return one(*CHOICES)
        case Kind.CHOICES:
            return draw(st.lists(st.sampled_from(CHOICES), unique=True))
        case Kind.TREE:
            return one("left", "right", "one")
        case Kind.FILE:
            return draw(st.sampled_from(([], ["a.txt"])))
    return one("on")


@st.composite
def typed_into(draw, definition: Definition) -> dict:
    """What somebody may have typed into the inputs of a page."""
    return {key: _typed(draw, question) for key, question in definition.questions.items()}


@st.composite
def forms_with_two_fillings(draw) -> tuple[Definition, dict, dict]:
    definition = draw(definitions())
    return definition, draw(typed_into(definition)), draw(typed_into(definition))
