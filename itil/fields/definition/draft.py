"""A form as editors compose it: the blocks of `itil.fields.blocks`, as plain data.

Short names that an editor left out are made of the texts.
"""

import copy
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import slugify

from .shape import (
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

Block = Mapping[str, Any]
_LONGEST_KEY = 50
_TEXTS = (
    "label",
    "help",
    "pattern",
    "pattern_hint",
    "minimum",
    "maximum",
    "default",
    "profile",
    "among",
)


def from_draft(blocks: Iterable[Block]) -> Definition:
    """The form that was composed; it may still have problems."""
    blocks = list(blocks)
    section_keys, keys = _Names("section"), _Names("question")
    for block in blocks:
        section_keys.take(block["value"].get("key"))
        for question in block["value"].get("questions") or ():
            keys.take(question["value"].get("key"))
    return Definition(tuple(_section(block["value"], section_keys, keys) for block in blocks))


class _Names:
    """Short names: those given, and new ones that none of them has."""

    def __init__(self, fallback: str):
        self._fallback = fallback
        self._taken: set[str] = set()

    def take(self, name: str | None) -> None:
        if name:
            self._taken.add(name)

    def give(self, name: str | None, text: str) -> str:
        """The name, or one made of the text."""
        if name and name.strip():
            return name.strip()
        stem = slugify(text).replace("-", "_")[:_LONGEST_KEY].strip("_")
        if not stem or not stem[0].isalpha():
            stem = f"{self._fallback}_{stem}".strip("_")[:_LONGEST_KEY]
        found, count = stem, 1
        while found in self._taken:
            count += 1
            found = f"{stem[: _LONGEST_KEY - 4]}_{count}"
        self._taken.add(found)
        return found


def _section(value: Block, section_keys: _Names, keys: _Names) -> Section:
    title = _text(value, "title")
    return Section(
        key=section_keys.give(value.get("key"), title),
        title=title,
        text=_text(value, "text"),
        conditions=_conditions(value),
        questions=tuple(
            _question(block["type"], block["value"], keys) for block in value.get("questions") or ()
        ),
    )


def _question(kind: str, value: Block, keys: _Names) -> Question:
    texts = {name: _text(value, name) for name in _TEXTS}
    return Question(
        key=keys.give(value.get("key"), texts["label"]),
        kind=Kind(kind),
        required=bool(value.get("required")),
        conditions=_conditions(value),
        options=_options(value, _option_names(value)),
        **texts,
    )


def _option_names(value: Block) -> _Names:
    names = _Names("option")

    def walk(options: Iterable[Block]) -> None:
        for option in options:
            names.take(option.get("value"))
            walk(_items(option.get("options")))

    walk(_items(value.get("options")))
    return names


def _options(value: Block, names: _Names) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=names.give(option.get("value"), _text(option, "label")),
            label=_text(option, "label"),
            help=_text(option, "help"),
            price=_price(option.get("price")),
            options=_options(option, names),
        )
        for option in _items(value.get("options"))
    )


def _price(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def _conditions(value: Block) -> tuple[Condition, ...]:
    return tuple(
        Condition(Effect(condition["effect"]), _group(condition["match"], condition["tests"]))
        for condition in _items(value.get("conditions"))
    )


def _group(match: str, parts: Iterable[Block]) -> Group:
    return Group(
        Match(match),
        tuple(
            _group(part["value"]["match"], _as_stream(part["value"]["tests"]))
            if part["type"] == "group"
            else _test(part["value"])
            for part in parts
        ),
    )


def _test(value: Block) -> Test:
    return Test(_text(value, "question"), Operator(value["operator"]), _text(value, "value"))


def _as_stream(blocks: Any) -> list[Block]:
    """The tests of an inner group, which is a list of one kind, as a list of several kinds."""
    return [{"type": "test", "value": test} for test in _items(blocks)]


def _items(blocks: Any) -> list[Block]:
    """The values of a list of blocks."""
    return [block["value"] for block in blocks or ()]


def _text(value: Block, name: str) -> str:
    found = value.get(name)
    return "" if found is None else str(found).strip()


def named(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The same blocks with every short name written in, so that a later edit of the texts leaves
    them as they are."""
    found: list[Any] = copy.deepcopy(list(blocks))
    for block, section in zip(found, from_draft(found).sections, strict=True):
        block["value"]["key"] = section.key
        questions = block["value"].get("questions") or ()
        for inner, question in zip(questions, section.questions, strict=True):
            inner["value"]["key"] = question.key
            _name_options(inner["value"], question.options)
    return found


def _name_options(value: dict[str, Any], options: tuple[Option, ...]) -> None:
    for block, option in zip(value.get("options") or (), options, strict=True):
        block["value"]["value"] = option.value
        _name_options(block["value"], option.options)


# --- The other way ---------------------------------------------------------------------------


def as_draft(definition: Definition) -> list[dict[str, Any]]:
    """The blocks that make this form. Groups within groups within groups have no blocks."""
    return [
        {
            "type": "section",
            "value": {
                "key": section.key,
                "title": section.title,
                "text": section.text,
                "conditions": _condition_items(section.conditions),
                "questions": [_question_block(question) for question in section.questions],
            },
        }
        for section in definition.sections
    ]


def _question_block(question: Question) -> dict[str, Any]:
    return {
        "type": str(question.kind),
        "value": {
            **{name: getattr(question, name) for name in _TEXTS},
            "key": question.key,
            "required": question.required,
            "conditions": _condition_items(question.conditions),
            "options": _option_items(question.options),
        },
    }


def _option_items(options: tuple[Option, ...]) -> list[dict[str, Any]]:
    return [
        _item(
            {
                "value": option.value,
                "label": option.label,
                "help": option.help,
                "price": None if option.price is None else str(option.price),
                "options": _option_items(option.options),
            }
        )
        for option in options
    ]


def _condition_items(conditions: tuple[Condition, ...]) -> list[dict[str, Any]]:
    return [
        _item(
            {
                "effect": str(condition.effect),
                "match": str(condition.group.match),
                "tests": [_part_block(part) for part in condition.group.parts],
            }
        )
        for condition in conditions
    ]


def _part_block(part: Test | Group) -> dict[str, Any]:
    if isinstance(part, Test):
        return {"type": "test", "value": part.as_data()}
    tests = [_item(test.as_data()) for test in part.tests()]
    return {"type": "group", "value": {"match": str(part.match), "tests": tests}}


def _item(value: dict[str, Any]) -> dict[str, Any]:
    """An item of a list; without the key `id` Wagtail takes it for the value itself."""
    return {"type": "item", "value": value, "id": None}
