"""Amounts in the ways of several countries; what could mean two things is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices.parse import AmountError, money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.50", "1234.50"),
        ("1234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("-12,5", "-12.5"),
        ("\u221212.50", "-12.50"),
        ("+7", "7"),
        (" 95 ", "95"),
    ],
)
def test_an_amount_with_one_meaning_is_read(text, amount):
    assert money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["1,234", "1.234", "", "abc", "12,34.5,6", "1.23.456", "12..5", "1,2,3", "--5", "1e5", "NaN"],
)
def test_an_amount_with_two_meanings_or_none_is_refused(text):
    with pytest.raises(AmountError):
        money(text)


def test_with_the_mark_known_a_thousand_is_a_thousand():
    assert money("1.234", separator=",") == Decimal(1234)
    assert money("1.234", separator=".") == Decimal("1.234")
    with pytest.raises(AmountError):
        money("1,23", separator=".")


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from([",.", ".,"]))
def test_what_is_written_with_thousands_is_read_back(amount, marks):
    text = f"{amount:,.2f}".translate(str.maketrans(",.", marks))
    assert money(text) == amount
