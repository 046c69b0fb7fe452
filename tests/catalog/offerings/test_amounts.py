"""Prices and days in words."""

from decimal import Decimal

import pytest
from django.utils import translation

from catalog.offerings.amounts import days_text, least_price, money_text, price_text
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


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("980", "EUR", "en-gb", "€980"),
        ("980.00", "EUR", "en-gb", "€980"),
        ("1240", "EUR", "en-gb", "€1,240"),
        ("12.5", "EUR", "en-gb", "€12.50"),
        ("0.05", "USD", "en-gb", "US$0.05"),
        ("980", "JPY", "en-gb", "JP¥980"),
        ("1240.5", "EUR", "de", "1.240,50\xa0€"),
        ("980", "EUR", "nl", "€\xa0980"),
    ],
)
def test_money_reads_as_in_the_language_and_without_empty_cents(amount, currency, language, text):
    with translation.override(language):
        assert money_text(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "monthly", "starting", "text"),
    [
        (0, False, False, "Free"),
        (0, True, False, "Free"),
        (0, False, True, "Price by choice"),
        (980, False, False, "€980"),
        (980, False, True, "From €980"),
        (22, True, False, "€22 a month"),
        (4, True, True, "From €4 a month"),
    ],
)
def test_a_price_in_words(amount, monthly, starting, text):
    assert price_text(Decimal(amount), "EUR", monthly=monthly, starting=starting) == text


def test_the_pattern_of_the_language_is_left_as_it_is():
    money_text(Decimal(5), "EUR")
    assert money_text(Decimal("5.25"), "EUR") == "€5.25"


def test_days_are_working_days_unless_every_day_counts():
    assert [days_text(2), days_text(2, working=False)] == ["2 working days", "2 days"]


def choice(key, *prices, **fields):
    options = tuple(
        Option(f"o{place}", f"Option {place}", price=None if price is None else Decimal(price))
        for place, price in enumerate(prices)
    )
    return Question(
        **{"key": key, "kind": Kind.CHOICE, "label": key, "required": True} | fields,
        options=options,
    )


def test_the_least_price_takes_the_cheapest_of_every_choice_that_has_to_be_made():
    shown = Condition.when(Effect.SHOW, "model", Operator.IS, "o1")
    form = Definition(
        (
            Section(
                "main",
                questions=(
                    choice("model", "980", "1890", "2640"),
                    choice("dock", None, "140"),
                    choice("bag", "30", "50", required=False),
                    choice("care", "99", conditions=(shown,)),
                    choice("extras", "15", kind=Kind.CHOICES),
                    Question("why", Kind.TEXT, "Why?", required=True),
                ),
            ),
            Section("more", conditions=(shown,), questions=(choice("case", "25"),)),
        )
    )
    assert least_price(form) == Decimal(980)
    assert least_price(Definition()) == 0
