"""How a form is drawn: which control a question gets, and what stands under an option."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.forms import BoundField
from django.utils.translation import gettext as _

from itil.fields.definition import (
    Effect,
    Kind,
    Operator,
    Option,
    Question,
    Section,
    Test,
    when,
)

if TYPE_CHECKING:
    from .answering import AnswerForm

# Longer lists of plain options are easier to search than to read.
MOST_RADIOS = 7


@dataclass
class Card:
    """One option, with the questions that open under it when it is chosen."""

    id: str
    value: str
    label: str
    help: str
    price: Decimal | None
    is_chosen: bool
    revealed: list["DrawnQuestion"] = field(default_factory=list)


@dataclass
class End:
    """The first or the second input of a span."""

    id: str
    name: str
    label: str
    value: str


@dataclass
class Hidden:
    """An input nobody sees; `mirror` is the name of the one whose text it takes."""

    name: str
    value: str
    mirror: str


@dataclass
class DrawnQuestion:
    """A question as its template needs it. `look` names the template of its control."""

    question: Question
    field: BoundField
    look: str
    is_shown: bool
    is_required: bool
    # When it is asked, in words, for browsers that run no script.
    notes: list[str]
    cards: list[Card] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    kept: list[tuple[str, bool]] = field(default_factory=list)
    # What is answered elsewhere: the inputs that say so to the rules of the page.
    hidden: list["Hidden"] = field(default_factory=list)

    @property
    def input_type(self) -> str:
        """Of the cards, or of the ends of a span."""
        return {
            Kind.CHOICE: "radio",
            Kind.CHOICES: "checkbox",
            Kind.DATE_SPAN: "date",
            Kind.TIME_SPAN: "time",
        }.get(self.question.kind, "text")

    @property
    def first_id(self) -> str:
        """Where the link of an error leads."""
        if self.cards:
            return self.cards[0].id
        return self.ends[0].id if self.ends else self.field.auto_id

    @property
    def described_by(self) -> str:
        """The ids of the hint and of the error."""
        ids = [f"{self.field.auto_id}_helptext"] if self.field.help_text else []
        ids += [f"{self.field.auto_id}_error"] if self.field.errors else []
        return " ".join(ids)


@dataclass
class DrawnSection:
    section: Section
    is_shown: bool
    notes: list[str]
    questions: list[DrawnQuestion]

    @property
    def asks(self) -> bool:
        """Whether anything is asked here that is not answered elsewhere."""
        return any(drawn.look != "given" for drawn in _all(self.questions))

    @property
    def errors(self) -> list[DrawnQuestion]:
        """The questions with an error, those under an option included, in their order."""
        return [drawn for drawn in _all(self.questions) if drawn.field.errors]


def _all(questions: list[DrawnQuestion]) -> list[DrawnQuestion]:
    found = []
    for drawn in questions:
        found.append(drawn)
        for card in drawn.cards:
            found += _all(card.revealed)
    return found


def draw(form: "AnswerForm") -> list[DrawnSection]:
    """All sections of the form, the hidden ones too: the browser may show them."""
    return [
        DrawnSection(
            section=section,
            is_shown=section.key in form.standing.sections,
            notes=[when(form.definition, condition) for condition in section.conditions],
            questions=_draw_questions(form, section),
        )
        for section in form.definition.sections
    ]


def _draw_questions(form: "AnswerForm", section: Section) -> list[DrawnQuestion]:
    top: list[DrawnQuestion] = []
    cards: dict[tuple[str, str], Card] = {}
    for question in section.questions:
        drawn = _draw(form, question)
        card = cards.get(_opened_by(question))
        if card is not None:
            card.revealed.append(drawn)
            continue
        top.append(drawn)
        if question.kind == Kind.CHOICE:
            cards |= {(question.key, card.value): card for card in drawn.cards}
    return top


def _opened_by(question: Question) -> tuple[str, str]:
    """The question and the option under which this one opens, when that is its whole condition."""
    shows = [condition for condition in question.conditions if condition.effect != Effect.REQUIRE]
    if len(shows) == 1 and shows[0].effect == Effect.SHOW and len(shows[0].group.parts) == 1:
        part = shows[0].group.parts[0]
        if isinstance(part, Test) and part.operator == Operator.IS:
            return part.question, part.value
    return "", ""


def _draw(form: "AnswerForm", question: Question) -> DrawnQuestion:
    is_shown = question.key in form.standing.shown
    drawn = DrawnQuestion(
        question=question,
        field=form.bound(question.key),
        look="given" if question.key in form.given else _look(question),
        is_shown=is_shown,
        # Where no script runs, what is not asked yet is seen as well.
        is_required=question.key in form.standing.required or (question.required and not is_shown),
        notes=[when(form.definition, condition) for condition in question.conditions],
    )
    if drawn.look == "given":
        drawn.hidden = _hidden(form, question)
    elif drawn.look == "cards":
        drawn.cards = _cards(form, question, drawn.field)
    elif drawn.look == "span":
        drawn.ends = _ends(form, question, drawn.field)
    elif drawn.look == "file":
        drawn.kept = form.kept_files(question.key)
    return drawn


def _look(question: Question) -> str:
    match question.kind:
        case Kind.CHOICE:
            has_more = any(option.help or option.price is not None for option in question.options)
            return "cards" if has_more or len(question.options) <= MOST_RADIOS else "control"
        case Kind.CHOICES:
            return "cards"
        case Kind.DATE_SPAN | Kind.TIME_SPAN:
            return "span"
        case Kind.FILE | Kind.CONSENT | Kind.PERSON | Kind.DEVICE | Kind.ITEM:
            return str(question.kind)
    return "control"


def _cards(form: "AnswerForm", question: Question, bound: BoundField) -> list[Card]:
    chosen = form.typed.get(question.key) or []
    values = [chosen] if isinstance(chosen, str) else list(chosen)
    options = list(question.options)
    if question.kind == Kind.CHOICE and not question.required:
        # A radio button cannot be taken back.
        options.append(Option("", _("No answer")))
    return [
        Card(
            id=f"{bound.auto_id}_{number}",
            value=option.value,
            label=option.label,
            help=option.help,
            price=option.price,
            is_chosen=option.value in values or (not option.value and not any(values)),
        )
        for number, option in enumerate(options)
    ]


def _hidden(form: "AnswerForm", question: Question) -> list[Hidden]:
    name, mirror = form.name_of(question.key), form.mirrors.get(question.key, "")
    typed = form.typed.get(question.key) or ""
    if question.kind not in (Kind.DATE_SPAN, Kind.TIME_SPAN):
        texts = [typed] if isinstance(typed, str) else list(typed)
        return [Hidden(name, text, mirror) for text in texts]
    ends = [typed, ""] if isinstance(typed, str) else [*typed, "", ""]
    return [Hidden(f"{name}_{end}", ends[end], mirror and f"{mirror}_{end}") for end in (0, 1)]


def _ends(form: "AnswerForm", question: Question, bound: BoundField) -> list[End]:
    typed = form.typed.get(question.key) or ["", ""]
    labels = (_("From"), _("To"))
    return [
        End(
            id=f"{bound.auto_id}_{number}",
            name=f"{bound.html_name}_{number}",
            label=labels[number],
            value=typed[number] if number < len(typed) else "",
        )
        for number in (0, 1)
    ]
