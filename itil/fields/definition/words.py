"""Conditions in words, and what changed between two versions of a form."""

from collections.abc import Iterator

from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from .shape import Condition, Definition, Effect, Group, Match, Operator, Question, Section, Test

# What a list of differences says of the plain parts of a question.
_PARTS = (
    "kind", "label", "help", "required", "pattern", "pattern_hint", "minimum", "maximum",
    "default", "profile", "among",
)  # fmt: skip


def when(definition: Definition, condition: Condition) -> str:
    """A condition as a sentence: “Only when “Why?” is “Mine is broken””."""
    sentence = {
        Effect.SHOW: _("Only when %(tests)s"),
        Effect.HIDE: _("Not when %(tests)s"),
        Effect.REQUIRE: _("Needed when %(tests)s"),
    }[condition.effect]
    return sentence % {"tests": _tests(definition, condition.group)}


def _tests(definition: Definition, group: Group) -> str:
    between = _("%(one)s and %(other)s") if group.match == Match.ALL else _("%(one)s or %(other)s")
    whole = ""
    for part in group.parts:
        if isinstance(part, Test):
            text = _test(definition, part)
        else:
            text = f"({_tests(definition, part)})"
        whole = between % {"one": whole, "other": text} if whole else text
    return whole


def _test(definition: Definition, test: Test) -> str:
    question = definition.questions.get(test.question)
    names = {
        "question": question.label if question else test.question,
        "value": question.label_of(test.value) if question else test.value,
    }
    return {
        Operator.IS: _("“%(question)s” is “%(value)s”"),
        Operator.IS_NOT: _("“%(question)s” is not “%(value)s”"),
        Operator.CONTAINS: _("“%(question)s” contains “%(value)s”"),
        Operator.MORE: _("“%(question)s” is more than “%(value)s”"),
        Operator.LESS: _("“%(question)s” is less than “%(value)s”"),
        Operator.ANSWERED: _("“%(question)s” is answered"),
    }[test.operator] % names


def differences(before: Definition, after: Definition) -> list[str]:
    """What an editor changed, one sentence each, in the order of the new form."""
    found = list(_section_differences(before, after))
    for key, question in after.questions.items():
        former = before.questions.get(key)
        if former is None:
            found.append(_("New question “%(label)s”") % {"label": question.label})
        elif former != question:
            found += _question_differences(before, after, former, question)
    found += [
        _("Question “%(label)s” is gone") % {"label": question.label}
        for key, question in before.questions.items()
        if key not in after.questions
    ]
    kept = [key for key in after.questions if key in before.questions]
    if kept != [key for key in before.questions if key in after.questions]:
        found.append(_("The questions stand in another order"))
    return found


def _section_differences(before: Definition, after: Definition) -> Iterator[str]:
    former = {section.key: section for section in before.sections}
    for section in after.sections:
        name = {"title": section.title or section.key}
        old = former.pop(section.key, None)
        if old is None:
            yield _("New section “%(title)s”") % name
            continue
        if (old.title, old.text) != (section.title, section.text):
            yield _("Section “%(title)s” has another heading or text") % name
        if _all_conditions(before, old) != _all_conditions(after, section):
            yield _("Section “%(title)s”: other conditions") % name
        moved = {q.key for q in section.questions} - {q.key for q in old.questions}
        if moved & set(before.questions):
            yield _("Questions were moved to section “%(title)s”") % name
    for old in former.values():
        yield _("Section “%(title)s” is gone") % {"title": old.title or old.key}


def _question_differences(
    before: Definition, after: Definition, former: Question, question: Question
) -> Iterator[str]:
    for part in _PARTS:
        old, new = getattr(former, part), getattr(question, part)
        if old != new:
            yield _("“%(label)s”: %(part)s “%(new)s” instead of “%(old)s”") % {
                "label": question.label,
                "part": _part_name(part),
                "old": _shown(old),
                "new": _shown(new),
            }
    yield from _option_differences(former, question)
    old_text, new_text = _all_conditions(before, former), _all_conditions(after, question)
    if old_text != new_text:
        yield _("“%(label)s”: %(new)s, instead of: %(old)s") % {
            "label": question.label,
            "new": new_text or _("always"),
            "old": old_text or _("always"),
        }


def _option_differences(former: Question, question: Question) -> Iterator[str]:
    for value in question.paths:
        names = {"label": question.label, "option": question.label_of(value)}
        if value not in former.paths:
            yield _("“%(label)s”: new option “%(option)s”") % names
            continue
        old, new = former.paths[value][-1], question.paths[value][-1]
        if old.price != new.price:
            yield _("“%(label)s”, “%(option)s”: price %(new)s instead of %(old)s") % {
                **names,
                "new": _("none") if new.price is None else new.price,
                "old": _("none") if old.price is None else old.price,
            }
        if (old.label, old.help) != (new.label, new.help):
            yield _("“%(label)s”: option “%(option)s” has another text") % names
    for value in former.paths:
        if value not in question.paths:
            yield _("“%(label)s”: option “%(option)s” is gone") % {
                "label": question.label,
                "option": former.label_of(value),
            }
    kept = [value for value in question.paths if value in former.paths]
    if kept != [value for value in former.paths if value in question.paths]:
        yield _("“%(label)s”: the options stand in another order") % {"label": question.label}


def _all_conditions(definition: Definition, item: Question | Section) -> str:
    return "; ".join(when(definition, condition) for condition in item.conditions)


def _part_name(part: str) -> str:
    return {
        "kind": _("kind"),
        "label": _("question"),
        "help": _("help"),
        "required": _("answer needed"),
        "pattern": _("pattern"),
        "pattern_hint": _("hint for the pattern"),
        "minimum": _("least"),
        "maximum": _("most"),
        "default": _("what stands there at first"),
        "profile": _("taken from the profile"),
        "among": _("class"),
    }[part]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return force_str(getattr(value, "label", value)) or _("nothing")
