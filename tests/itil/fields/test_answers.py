"""Kept answers: in words, with their price, and beside other ones."""

from decimal import Decimal

import pytest

from itil.fields.answers import changed, price, priced, readable
from itil.fields.definition import Kind, Option
from portal.people.models import Location
from tests.itil.fields.forms import ask, form_of, laptop, options

ANSWERS = {
    "model": "creator",
    "why": "replace",
    "tag": "HAL-20417",
    "extras": ["dock", "headset"],
    "needed": "2026-03-09",
}


def test_answers_are_read_by_section_with_the_words_of_the_form():
    assert readable(laptop(), ANSWERS) == [
        (
            "Your laptop",
            [
                ("Which model?", "Creator 14"),
                ("Why do you need it?", "Mine needs replacing"),
                ("Asset tag of the laptop you are returning", "HAL-20417"),
                ("Anything to go with it?", "USB-C dock, Headset"),
                ("When do you need it?", "9 March 2026"),
            ],
        )
    ]


def test_every_kind_of_answer_has_words(cast):
    berlin = Location.objects.create(organization=cast.acme, name="Berlin")
    tree = (Option("hw", "Hardware", options=(Option("dock", "Dock"),)),)
    definition = form_of(
        ask("a", Kind.DATE_SPAN),
        ask("b", Kind.TIME_SPAN),
        ask("c", Kind.TREE, options=tree),
        ask("d", Kind.CONSENT),
        ask("e", Kind.FILE),
        ask("f", Kind.PERSON),
        ask("g", Kind.LOCATION),
        ask("h", Kind.MONEY),
        ask("i", Kind.PERSON),
    )
    answers = {
        "a": {"from": "2026-03-02", "to": "2026-03-06"},
        "b": {"from": "09:00", "to": "12:30"},
        "c": "dock",
        "d": True,
        "e": ["a.png", "b.png"],
        "f": cast.ann.pk,
        "g": berlin.pk,
        "h": "1890.50",
        "i": 10**9,
    }
    ((_title, lines),) = readable(definition, answers)
    assert [text for _label, text in lines] == [
        "2 March 2026 to 6 March 2026",
        "09:00 to 12:30",
        "Hardware › Dock",
        "Yes",
        "a.png, b.png",
        "Ann",
        "Berlin",
        "1890.50",
        "Somebody who is no longer known",
    ]


@pytest.mark.django_db
def test_names_cost_one_query_for_people_and_one_for_places(django_assert_num_queries):
    for count in (1, 3):
        definition = form_of(
            *(ask(f"who{n}", Kind.PERSON) for n in range(count)),
            *(ask(f"where{n}", Kind.LOCATION) for n in range(count)),
        )
        answers = {key: n for n, key in enumerate(definition.questions, start=1)}
        with django_assert_num_queries(2):
            readable(definition, answers)


def test_the_price_is_the_sum_of_what_was_chosen():
    assert priced(laptop(), ANSWERS) == [
        ("Creator 14", Decimal("1890.00")),
        ("USB-C dock", Decimal("140.00")),
        ("Headset", Decimal("95.00")),
    ]
    assert price(laptop(), ANSWERS) == Decimal("2125.00")
    assert price(laptop(), {}) == Decimal("0.00")


def test_what_is_not_asked_or_no_longer_offered_costs_nothing():
    assert price(laptop(), {"model": "gone", "extras": ["dock", "gone"]}) == Decimal("140.00")


def test_changed_answers_stand_beside_each_other(cast):
    definition = form_of(
        ask("who", Kind.PERSON), ask("color", Kind.CHOICE, options=options("red")), ask("same")
    )
    before = {"who": cast.ann.pk, "same": "x"}
    after = {"who": cast.bo.pk, "color": "red", "same": "x"}
    assert changed(definition, before, after) == [("Who", "Ann", "Bo"), ("Color", "–", "Red")]
    assert changed(definition, after, before) == [("Who", "Bo", "Ann"), ("Color", "Red", "–")]
