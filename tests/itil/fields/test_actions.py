"""Composing and publishing forms, and the examples that guard them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from wagtail.models import ModelLogEntry

from itil.fields import actions
from itil.fields.definition import (
    Condition,
    Effect,
    Group,
    Kind,
    Match,
    Operator,
    Option,
    Test,
    as_draft,
)
from itil.fields.errors import FormRefused, NotAllowed
from itil.fields.models import ExampleAnswers, FieldSet, FormVersion, as_editors_see
from tests.cast import MONDAY
from tests.itil.fields import random_forms
from tests.itil.fields.forms import ask, form_of, laptop, options, when

GOOD = {"model": "creator", "why": "new", "extras": ["dock"], "needed": "2026-03-09"}


def compose(cast, definition=None, at=MONDAY):
    return actions.compose("Laptop", definition or laptop(), by=cast.root, at=at)


def edit(field_set, definition):
    """What an editor saves, without publishing it."""
    field_set.draft = FieldSet.draft.field.to_python(as_draft(definition))
    field_set.save()
    return FieldSet.objects.get(pk=field_set.pk)


def test_a_published_form_is_frozen_and_current(cast):
    version = compose(cast)
    field_set = FieldSet.objects.get()
    assert field_set.current == version
    assert (version.number, version.published_at, version.published_by) == (1, MONDAY, cast.root)
    edit(field_set, form_of(ask("other")))
    assert FormVersion.objects.get().questions == laptop()


def test_the_next_publication_gets_the_next_number_and_leaves_the_former_alone(cast):
    first = compose(cast)
    second = compose(
        cast, laptop().with_question("note", required=True), MONDAY + timedelta(days=1)
    )
    assert (first.number, second.number) == (1, 2)
    assert not FormVersion.objects.get(number=1).questions.questions["note"].required
    assert FieldSet.objects.get().current == second


def test_composing_the_same_again_changes_nothing(cast):
    first = compose(cast)
    assert compose(cast) == first
    assert FormVersion.objects.count() == 1
    assert FieldSet.objects.get().version == 2


def test_a_publication_is_in_the_log_with_its_author(cast):
    compose(cast)
    entry = ModelLogEntry.objects.get(action="fields.publish")
    assert (entry.user, entry.data) == (cast.root, {"number": 1})


def test_an_importer_publishes_as_the_system(cast):
    version = actions.compose("Laptop", laptop(), by=None, at=MONDAY)
    assert version.published_by is None


def test_a_form_with_problems_is_not_published(cast):
    field_set = FieldSet.objects.create(name="Broken")
    field_set = edit(field_set, form_of(ask("a", conditions=when("b", "x"))))
    with pytest.raises(FormRefused) as refusal:
        actions.publish(field_set, by=cast.root, at=MONDAY)
    assert refusal.value.problems == (
        "“A”: its condition asks for “b”, which is not in this form.",
    )
    assert not FormVersion.objects.exists()
    assert FieldSet.objects.get().current is None


def test_a_refused_form_made_by_code_leaves_nothing(cast):
    with pytest.raises(FormRefused):
        compose(cast, form_of())
    assert not FieldSet.objects.exists()


def test_what_editors_could_not_see_is_refused(cast):
    deepest = Group(Match.ALL, (Test("a", Operator.ANSWERED),))
    deep = Group(Match.ALL, (Group(Match.ANY, (deepest,)),))
    tree = (Option("one", "One"),)
    for above in ("two", "three", "four"):
        tree = (Option(above, above, options=tree),)
    priced = (Option("x", "X", price=Decimal("1.00")),)
    for question in (
        ask("b", conditions=(Condition(Effect.SHOW, deep),)),
        ask("b", Kind.TREE, options=tree),
        ask("b", Kind.TREE, options=priced),
        ask("b", Kind.CONSENT, default="on"),
    ):
        with pytest.raises(FormRefused):
            compose(cast, form_of(ask("a"), question))
    assert not FieldSet.objects.exists()


@settings(max_examples=60, deadline=None)
@given(random_forms.definitions())
def test_editors_see_every_part_of_a_form(definition):
    assert as_editors_see(definition) == definition
    assert as_editors_see(laptop()) == laptop()


def test_only_catalog_managers_and_administrators_publish(cast):
    version = compose(cast)
    field_set = edit(version.field_set, form_of(ask("a")))
    for person in (cast.ann, cast.bo, cast.cleo, cast.mia):
        with pytest.raises(NotAllowed):
            actions.publish(field_set, by=person, at=MONDAY)
        with pytest.raises(NotAllowed):
            actions.keep_example(field_set, "x", {}, by=person)
        with pytest.raises(NotAllowed):
            actions.compose("Other", laptop(), by=person, at=MONDAY)
    assert FormVersion.objects.get() == version
    assert not ExampleAnswers.objects.exists()
    assert FieldSet.objects.count() == 1


# --- Examples -----------------------------------------------------------------------------------


def test_examples_say_what_a_request_would_say(cast):
    version = compose(cast)
    actions.keep_example(version.field_set, "New designer", GOOD, by=cast.root)
    (outcome,) = actions.try_examples(version.field_set, version.questions, by=cast.root, at=MONDAY)
    assert outcome.is_met
    assert outcome.sentence == "“New designer” is accepted, as expected."
    assert outcome.price == Decimal("2030.00")
    assert outcome.lines[0][1][0] == ("Which model?", "Creator 14")


def test_an_example_that_is_refused_stops_the_publication_and_is_named(cast):
    version = compose(cast)
    actions.keep_example(version.field_set, "New designer", GOOD, by=cast.root)
    field_set = edit(version.field_set, laptop().with_question("note", required=True))
    with pytest.raises(FormRefused) as refusal:
        actions.publish(field_set, by=cast.root, at=MONDAY)
    assert refusal.value.problems == (
        "“New designer” is refused at “Anything we should know?”: "
        "Fill in “Anything we should know?”.",
    )
    assert FieldSet.objects.get().current == version


def test_an_example_of_a_mistake_must_stay_refused_at_its_question(cast):
    version = compose(cast)
    wrong = GOOD | {"why": "replace", "tag": "7"}
    actions.keep_example(version.field_set, "Wrong tag", wrong, error_at="tag", by=cast.root)
    field_set = edit(version.field_set, laptop().with_question("note", required=True))
    assert actions.publish(field_set, by=cast.root, at=MONDAY).number == 2
    field_set = edit(field_set, laptop().with_question("tag", pattern="", pattern_hint=""))
    with pytest.raises(FormRefused) as refusal:
        actions.publish(field_set, by=cast.root, at=MONDAY)
    assert refusal.value.problems == (
        "“Wrong tag” should be refused at “Asset tag of the laptop you are returning”, but is not.",
    )


def test_an_example_kept_again_under_its_name_replaces_the_former(cast):
    field_set = compose(cast).field_set
    actions.keep_example(field_set, "Same", {"note": "old"}, by=cast.root)
    example = actions.keep_example(field_set, "Same", {"note": "new"}, by=cast.root)
    assert ExampleAnswers.objects.get().typed == {"note": "new"}
    actions.forget_example(example, by=cast.root)
    assert not ExampleAnswers.objects.exists()


def test_a_dropped_option_is_noticed_by_the_example_that_uses_it(cast):
    definition = form_of(ask("color", Kind.CHOICE, options=options("red", "blue")))
    version = compose(cast, definition)
    actions.keep_example(version.field_set, "Blue one", {"color": "blue"}, by=cast.root)
    field_set = edit(version.field_set, definition.with_question("color", options=options("red")))
    with pytest.raises(FormRefused) as refusal:
        actions.publish(field_set, by=cast.root, at=MONDAY)
    assert "“Blue one” is refused at “Color”" in refusal.value.problems[0]
