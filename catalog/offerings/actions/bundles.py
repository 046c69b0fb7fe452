"""Whether a bundle can be ordered as it was composed. Writes nothing."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from catalog.offerings.models import Bundle, BundleAnswer, BundleLine, CatalogItem
from itil.fields.definition import Definition, Kind, Question, Typed, fault, is_empty

Source = BundleAnswer.Source
NO_QUESTIONS = Definition()
# Their answers are lists; commas stand between the parts.
LISTS = (Kind.CHOICES, Kind.DATE_SPAN, Kind.TIME_SPAN)


def typed_of(question: Question, value: str) -> Typed:
    """What an editor wrote, as somebody would have typed it into the form."""
    if question.kind in LISTS:
        return [part.strip() for part in value.split(",")]
    return value.strip()


def questions_of(item: CatalogItem) -> Definition:
    """What the published form of an item asks."""
    version = item.form.current if item.form else None
    return version.questions if version else NO_QUESTIONS


def faults(bundle: Bundle, *, today: date) -> list[str]:
    """What stands in the way, one sentence each, in the order of the lines; none: it works.

    `bundle` may be one that is being edited, with lines that are not stored yet.
    """
    offered = (
        CatalogItem.objects.filter(bundle=bundle.pk) if bundle.pk else CatalogItem.objects.none()
    )
    commons = [questions_of(item) for item in offered.select_related("form__current")]
    return [*_head_faults(bundle, commons), *_line_faults(bundle, commons, today)]


def _head_faults(bundle: Bundle, commons: list[Definition]) -> Iterator[str]:
    wanted = ((bundle.person_question, Kind.PERSON), (bundle.date_question, Kind.DATE))
    for key, kind in wanted:
        for common in commons:
            question = common.questions.get(key)
            if key and (question is None or question.kind != kind):
                yield _("“%(key)s” is no common question of the kind “%(kind)s”.") % {
                    "key": key,
                    "kind": kind.label,
                }
    lines, returns = list(bundle.lines.all()), list(bundle.returns.all())
    if not lines and not bundle.takes_back:
        yield _("Add at least one item.")
    if bundle.takes_back and not any(rule.item_class_id is None for rule in returns):
        yield _("Add a rule without a class: what is ordered to take back all other things.")
    for rule in returns:
        if rule.item.bundle_id:
            yield _not_within(rule.item)


def _line_faults(bundle: Bundle, commons: list[Definition], today: date) -> Iterator[str]:
    for line in bundle.lines.all():
        if line.item.bundle_id:
            yield _not_within(line.item)
            continue
        for text in _answer_faults(line, commons, today):
            yield f"“{line.item.title}”: {text}"


def _answer_faults(line: BundleLine, commons: list[Definition], today: date) -> Iterator[str]:
    asked = questions_of(line.item).questions
    seen: set[str] = set()
    for answer in line.answers.all():
        names = {"question": answer.question, "value": answer.value}
        question = asked.get(answer.question)
        if answer.question in seen:
            yield _("“%(question)s” is told twice.") % names
        seen.add(answer.question)
        if question is None:
            yield _("its form has no question “%(question)s”.") % names
        elif question.kind == Kind.FILE:
            yield _("a file has to be chosen by who orders (“%(question)s”).") % names
        elif answer.source == Source.COMMON:
            if any(_differs(common, answer.value, question) for common in commons):
                yield (
                    _("“%(value)s” is no common question of the same kind as “%(question)s”.")
                    % names
                )
        else:
            typed = typed_of(question, answer.value)
            if is_empty(typed) or fault(question, typed, today):
                yield _("“%(value)s” is no answer to “%(question)s”.") % names


def _differs(common: Definition, key: str, question: Question) -> bool:
    there = common.questions.get(key.strip())
    return there is None or there.kind != question.kind


def _not_within(item: CatalogItem) -> str:
    return _("“%(item)s” is a bundle itself. Add its items instead.") % {"item": item.title}
