"""Composing and publishing forms, and the examples that guard them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.people.models import User

from .answers import judge, price, readable
from .definition import Definition, Typed, as_draft, problems
from .errors import FormRefused, NotAllowed
from .models import ExampleAnswers, FieldSet, FormVersion, as_editors_see
from .permissions import may_publish


@dataclass(frozen=True)
class Outcome:
    """What a form makes of one set of example answers."""

    example: ExampleAnswers
    sentence: str
    is_met: bool
    # What a request with these answers would say, and what it would cost.
    lines: list[tuple[str, list[tuple[str, str]]]]
    price: Decimal


@transaction.atomic
def publish(field_set: FieldSet, *, by: User | None, at: datetime) -> FormVersion:
    """Make what was composed the version that people fill in from now on.

    Without a difference to the current version that one is given back. FormRefused names every
    problem of the form and every example that is not met; then nothing changes. `by` None is the
    system.
    """
    _ask(by)
    field_set = FieldSet.objects.select_for_update(of=("self",)).get(pk=field_set.pk)
    definition = field_set.drawn()
    current = field_set.current
    if current is not None and current.questions == definition:
        return current
    found = problems(definition)
    if not found:
        outcomes = try_examples(field_set, definition, by=by, at=at)
        found = [outcome.sentence for outcome in outcomes if not outcome.is_met]
    if found:
        raise FormRefused(found)
    version = FormVersion.objects.create(
        field_set=field_set,
        number=current.number + 1 if current else 1,
        definition=definition.as_data(),
        published_at=at,
        published_by=by,
    )
    field_set.current = version
    field_set.save(update_fields=["current"])
    log(field_set, "fields.publish", user=by, data={"number": version.number})
    return version


@transaction.atomic
def compose(name: str, definition: Definition, *, by: User | None, at: datetime) -> FormVersion:
    """Make or replace the form called `name` by code, and publish it; a second time changes
    nothing. FormRefused when the form has problems, or parts that editors could not see.
    """
    _ask(by)
    if as_editors_see(definition) != definition:
        raise FormRefused(
            [
                _(
                    "Something in this form could not be edited: a group of tests in another"
                    " group, a tree of more than three levels, or a part that its kind of"
                    " question does not have."
                )
            ]
        )
    field_set, _is_new = FieldSet.objects.get_or_create(name=name)
    if field_set.drawn() != definition:
        field_set.draft = FieldSet.draft.field.to_python(as_draft(definition))
        field_set.version += 1
        field_set.save(update_fields=["draft", "version"])
    return publish(field_set, by=by, at=at)


@transaction.atomic
def keep_example(
    field_set: FieldSet,
    name: str,
    typed: Mapping[str, Typed],
    *,
    error_at: str = "",
    by: User | None,
) -> ExampleAnswers:
    """Keep answers under a name, to be tried at every publication; the name's former ones go."""
    _ask(by)
    example, _is_new = ExampleAnswers.objects.update_or_create(
        field_set=field_set, name=name, defaults={"typed": dict(typed), "error_at": error_at}
    )
    return example


@transaction.atomic
def forget_example(example: ExampleAnswers, *, by: User | None) -> None:
    """Try these answers no longer."""
    _ask(by)
    example.delete()


def try_examples(
    field_set: FieldSet, definition: Definition, *, by: User | None, at: datetime
) -> list[Outcome]:
    """What the form, as it is given, makes of each example; people and places as `by` sees them."""
    return [try_example(example, definition, by=by, at=at) for example in field_set.examples.all()]


def try_example(
    example: ExampleAnswers, definition: Definition, *, by: User | None, at: datetime
) -> Outcome:
    """Try one set of answers."""
    judged = judge(definition, example.typed, person=by, today=timezone.localdate(at))
    names = {"example": example.name, "question": _label(definition, example.error_at)}
    first = next(iter(judged.faults), "")
    if not example.error_at:
        is_met = not judged.faults
        sentence = _("“%(example)s” is accepted, as expected.") % names
        if first:
            sentence = _("“%(example)s” is refused at “%(at)s”: %(why)s.") % {
                **names,
                "at": _label(definition, first),
                "why": judged.faults[first].rstrip("."),
            }
    else:
        is_met = example.error_at in judged.faults
        sentence = _("“%(example)s” is refused at “%(question)s”, as expected.") % names
        if not is_met:
            sentence = _("“%(example)s” should be refused at “%(question)s”, but is not.") % names
    return Outcome(
        example=example,
        sentence=sentence,
        is_met=is_met,
        lines=readable(definition, judged.answers),
        price=price(definition, judged.answers),
    )


def _label(definition: Definition, key: str) -> str:
    question = definition.questions.get(key)
    return question.label if question else key


def _ask(by: User | None) -> None:
    if by is not None and not may_publish(by):
        raise NotAllowed(_("Only catalog managers and administrators publish forms."))
