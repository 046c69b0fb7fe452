"""Forms as data: rules, checks before publication, words, and the blocks of editors."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

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
    as_draft,
    differences,
    from_draft,
    named,
    problems,
    standing,
    when,
)
from tests.itil.fields import random_forms
from tests.itil.fields.forms import ask, form_of, laptop, options
from tests.itil.fields.forms import when as shown_when


def shown(definition: Definition, **answers) -> set[str]:
    return set(standing(definition, answers).shown)


# --- Rules --------------------------------------------------------------------------------------


def test_a_question_is_shown_while_its_condition_holds():
    definition = form_of(ask("a"), ask("b", conditions=shown_when("a", "yes")))
    assert shown(definition) == {"a"}
    assert shown(definition, a="YES") == {"a", "b"}
    assert shown(definition, a="no") == {"a"}


def test_what_is_hidden_counts_as_not_answered():
    definition = form_of(
        ask("a"),
        ask("b", conditions=shown_when("a", "yes")),
        ask("c", conditions=shown_when("b", operator=Operator.ANSWERED)),
    )
    assert shown(definition, a="no", b="left over") == {"a"}
    assert shown(definition, a="yes", b="meant") == {"a", "b", "c"}


def test_hiding_beats_showing_and_any_reason_to_show_is_enough():
    definition = form_of(
        ask("a"),
        ask("b"),
        ask(
            "c",
            conditions=(
                *shown_when("a", "1"),
                *shown_when("b", "1"),
                *shown_when("b", "2", effect=Effect.HIDE),
            ),
        ),
    )
    assert "c" in shown(definition, a="1")
    assert "c" in shown(definition, b="1")
    assert "c" not in shown(definition, a="1", b="2")


def test_every_test_on_a_question_without_answer_fails():
    for operator in Operator:
        definition = form_of(ask("a"), ask("b", conditions=shown_when("a", "x", operator=operator)))
        assert shown(definition) == {"a"}


def test_groups_say_how_many_of_their_parts_must_hold():
    inner = Group(Match.ALL, (Test("a", Operator.IS, "1"), Test("b", Operator.IS, "1")))
    group = Group(Match.ANY, (inner, Test("c", Operator.IS, "1")))
    definition = form_of(
        ask("a"), ask("b"), ask("c"), ask("d", conditions=(Condition(Effect.SHOW, group),))
    )
    assert "d" not in shown(definition, a="1")
    assert "d" in shown(definition, a="1", b="1")
    assert "d" in shown(definition, c="1")


def test_a_section_is_shown_or_hidden_with_all_its_questions():
    definition = Definition(
        (
            Section("one", questions=(ask("a"),)),
            Section("two", conditions=shown_when("a", "yes"), questions=(ask("b", required=True),)),
        )
    )
    assert standing(definition, {}).sections == {"one"}
    assert standing(definition, {"a": "yes"}).required == {"b"}
    assert standing(definition, {"a": "no"}).required == set()


@pytest.mark.parametrize(
    ("question", "answer", "operator", "value", "holds"),
    [
        (ask("a", Kind.NUMBER), "10", Operator.MORE, "9.5", True),
        (ask("a", Kind.NUMBER), "10", Operator.IS, "10.0", True),
        (ask("a", Kind.MONEY), "500.00", Operator.MORE, "500", False),
        (ask("a", Kind.MONEY), "499.99", Operator.LESS, "500", True),
        (ask("a", Kind.DATE), "2026-03-02", Operator.LESS, "2026-10-01", True),
        (ask("a", Kind.DATE), "2026-03-02", Operator.MORE, "2026-03-02", False),
        (ask("a"), "The Straße", Operator.CONTAINS, "straSSE", False),
        (ask("a"), "The Straße", Operator.CONTAINS, "STRAß", True),
        (ask("a", Kind.CHOICES, options=options("x", "y")), ["x"], Operator.CONTAINS, "x", True),
        (ask("a", Kind.CHOICES, options=options("x", "y")), ["x"], Operator.CONTAINS, "y", False),
        (ask("a", Kind.CHOICE, options=options("x", "y")), "x", Operator.IS_NOT, "y", True),
        (ask("a", Kind.CONSENT), True, Operator.ANSWERED, "", True),
    ],
)
def test_answers_are_compared_as_what_they_are(question, answer, operator, value, holds):
    definition = form_of(question, ask("b", conditions=shown_when("a", value, operator=operator)))
    assert ("b" in shown(definition, a=answer)) is holds


def test_a_branch_of_a_tree_stands_for_all_below_it():
    tree = (
        Option("hw", "Hardware", options=(Option("laptop", "Laptop"), Option("dock", "Dock"))),
        Option("sw", "Software"),
    )
    definition = form_of(
        ask("a", Kind.TREE, options=tree),
        ask("b", conditions=shown_when("a", "hw")),
        ask("c", conditions=shown_when("a", "laptop")),
    )
    assert shown(definition, a="laptop") == {"a", "b", "c"}
    assert shown(definition, a="dock") == {"a", "b"}
    assert shown(definition, a="sw") == {"a"}


# --- Before publication -------------------------------------------------------------------------


def test_the_laptop_can_be_published():
    assert problems(laptop()) == []


def test_a_form_without_questions_is_none():
    assert problems(Definition()) == ["Add at least one question."]


def test_circles_are_refused_with_the_names_of_both_questions():
    definition = form_of(
        ask("a", label="First", conditions=shown_when("b", "x")),
        ask("b", label="Second", conditions=shown_when("a", "x")),
    )
    assert problems(definition) == ["“First” and “Second” depend on each other in a circle."]


def test_a_question_cannot_depend_on_itself():
    definition = form_of(ask("a", label="First", conditions=shown_when("a", "x")))
    assert problems(definition) == ["“First” and “First” depend on each other in a circle."]


def test_conditions_on_later_and_missing_questions_are_refused():
    later = form_of(ask("a", conditions=shown_when("b", "x")), ask("b"))
    missing = form_of(ask("a", conditions=shown_when("gone", "x")))
    assert problems(later) == ["“A”: its condition asks for “B”, which comes later."]
    assert problems(missing) == ["“A”: its condition asks for “gone”, which is not in this form."]


def test_a_section_cannot_depend_on_its_own_questions():
    section = Section("s", "Bank", conditions=shown_when("a", "x"), questions=(ask("a"),))
    assert problems(Definition((section,))) == ["“Bank” and “A” depend on each other in a circle."]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (ask("A b"), "write its short name with small letters"),
        (ask("a", label=" "), "write the question."),
        (ask("a", Kind.CHOICE), "add the options to choose from."),
        (ask("a", options=options("x")), "only choices have options."),
        (ask("a", Kind.CHOICE, options=options("x", "x")), "two options have the same short name"),
        (
            ask("a", Kind.CHOICE, options=(Option("x", "X", price=Decimal("-1")),)),
            "must not be below zero",
        ),
        (
            ask("a", Kind.CHOICE, options=(Option("x", "X", options=options("y")),)),
            "only in a tree",
        ),
        (ask("a", pattern="("), "is not a regular expression"),
        (ask("a", pattern="(a+)+b"), "could take minutes"),
        (ask("a", pattern=".*.*.*.*x"), "could take minutes"),
        (ask("a", Kind.NUMBER, pattern="1"), "only a text can have a pattern"),
        (ask("a", Kind.NUMBER, minimum="two"), "cannot be read"),
        (ask("a", Kind.NUMBER, minimum="10", maximum="9"), "more than its most"),
        (ask("a", Kind.DATE, minimum="today+5", maximum="today"), "more than its most"),
        (ask("a", Kind.DATE, minimum="tomorrow"), "cannot be read"),
        (ask("a", Kind.CONSENT, minimum="1"), "cannot be read"),
        (ask("a", Kind.NUMBER, profile="phone"), "cannot be filled from the profile"),
        (ask("a", Kind.CHOICE, options=options("x"), default="y"), "not an answer"),
        (ask("a", Kind.NUMBER, default="7", maximum="5"), "not an answer"),
    ],
)
def test_each_mistake_is_named(question, sentence):
    found = problems(form_of(question))
    assert len(found) == 1
    assert sentence in found[0]
    assert found[0].startswith(f"“{question.label}”:")


@pytest.mark.parametrize(
    ("question", "operator", "value"),
    [
        (ask("a", Kind.FILE), Operator.IS, "x"),
        (ask("a", Kind.TEXT), Operator.MORE, "x"),
        (ask("a", Kind.CHOICE, options=options("x")), Operator.CONTAINS, "x"),
        (ask("a", Kind.CHOICE, options=options("x")), Operator.IS, "y"),
        (ask("a", Kind.NUMBER), Operator.MORE, "much"),
        (ask("a", Kind.DATE), Operator.LESS, "2026-02-30"),
    ],
)
def test_tests_that_could_never_hold_are_refused(question, operator, value):
    definition = form_of(question, ask("b", conditions=shown_when("a", value, operator=operator)))
    assert len(problems(definition)) == 1
    assert problems(definition)[0].startswith("“B”: its condition")


def test_short_names_are_used_once():
    assert problems(form_of(ask("a", label="One"), ask("a", label="Two"))) == [
        "“Two”: another question has the short name “a” too."
    ]


# --- Words --------------------------------------------------------------------------------------


def test_conditions_are_said_in_words():
    definition = laptop()
    (condition,) = definition.questions["tag"].conditions
    assert when(definition, condition) == (
        "Only when “Why do you need it?” is “Mine needs replacing”"
    )


def test_the_differences_between_two_versions_are_listed():
    before = form_of(
        ask("a", Kind.CHOICE, options=(Option("x", "X", price=Decimal("1.00")), Option("y", "Y"))),
        ask("b", label="Old words"),
        ask("c"),
    )
    after = form_of(
        ask("a", Kind.CHOICE, options=(Option("x", "X", price=Decimal("2.00")), Option("z", "Z"))),
        ask("b", label="New words", required=True, conditions=shown_when("a", "x")),
        ask("d"),
    )
    assert differences(before, after) == [
        "“A”, “X”: price 2.00 instead of 1.00",
        "“A”: new option “Z”",
        "“A”: option “Y” is gone",
        "“New words”: question “New words” instead of “Old words”",
        "“New words”: answer needed “yes” instead of “no”",
        "“New words”: Only when “A” is “X”, instead of: always",
        "New question “D”",
        "Question “C” is gone",
    ]


def test_another_order_is_a_difference_and_the_same_form_has_none():
    one, other = form_of(ask("a"), ask("b")), form_of(ask("b"), ask("a"))
    assert differences(one, other) == ["The questions stand in another order"]
    assert differences(laptop(), laptop()) == []


@settings(max_examples=150, deadline=None)
@given(random_forms.definitions(), random_forms.definitions())
def test_two_different_forms_always_have_a_difference_to_tell(one, other):
    assert bool(differences(one, other)) is (one != other)


# --- As JSON and as blocks ------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(random_forms.definitions())
def test_a_form_comes_back_from_json_and_from_blocks_as_it_was(definition):
    assert Definition.of(definition.as_data()) == definition
    assert from_draft(as_draft(definition)) == definition
    assert problems(definition) == []


def test_short_names_that_were_left_out_are_made_of_the_texts():
    blocks = [
        {
            "type": "section",
            "value": {
                "title": "",
                "questions": [
                    {"type": "text", "value": {"label": "Asset tag?"}},
                    {"type": "text", "value": {"label": "Asset tag?"}},
                    {"type": "text", "value": {"label": "資産", "key": "asset_tag"}},
                    {"type": "text", "value": {"label": "2nd"}},
                    {
                        "type": "choice",
                        "value": {
                            "label": "Color",
                            "options": [{"type": "item", "value": {"label": "Dark red"}}],
                        },
                    },
                ],
            },
        }
    ]
    definition = from_draft(named(blocks))
    assert list(definition.questions) == [
        "asset_tag_2",
        "asset_tag_3",
        "asset_tag",
        "question_2nd",
        "color",
    ]
    assert definition.questions["color"].options == (Option("dark_red", "Dark red"),)
    blocks[0]["value"]["questions"][0]["value"]["label"] = "Other words"
    kept = named(named(blocks))
    assert kept == named(blocks)


def test_a_question_can_be_changed_in_a_copy():
    changed = laptop().with_question("note", required=True)
    assert changed.questions["note"].required
    assert not laptop().questions["note"].required
    assert isinstance(changed.questions["note"], Question)
