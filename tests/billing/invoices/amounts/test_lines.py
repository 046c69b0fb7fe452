"""What one line costs (`BIL-18`, `BIL-19`)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices.amounts import (
    decimals_of,
    is_current,
    line_net,
    price_of,
    quantity_of,
    rounded,
    share_of,
)


@pytest.mark.parametrize(
    ("minutes", "rate", "price"),
    [
        (90, "120.00", "180.00"),
        (50, "90.00", "75.00"),
        (15, "10.50", "2.63"),
        (15, "10.70", "2.68"),
        (450, "96.40", "723.00"),
        (0, "96.40", "0.00"),
    ],
)
def test_a_line_is_priced_from_its_minutes(minutes, rate, price):
    assert price_of(minutes, Decimal(rate), "EUR") == Decimal(price)


def test_halves_go_away_from_zero_on_both_sides():
    assert rounded(Decimal("2.625"), "EUR") == Decimal("2.63")
    assert rounded(Decimal("-2.625"), "EUR") == Decimal("-2.63")


def test_a_rounded_amount_is_never_a_negative_zero():
    assert str(rounded(Decimal("-0.004"), "EUR")) == "0.00"


def test_yen_have_no_decimals():
    assert price_of(20, Decimal("1000"), "JPY") == Decimal("333")


def test_minutes_that_are_no_exact_hours_keep_minutes_as_the_unit():
    assert quantity_of(50).unit == "MIN"
    assert (quantity_of(50).amount, quantity_of(50).price_base) == (Decimal(50), 60)
    assert (quantity_of(75).amount, quantity_of(75).unit) == (Decimal("1.25"), "HUR")


@pytest.mark.parametrize(
    ("currency", "places"),
    # Shops write no cents of the Serbian dinar, and three decimals of the Kuwaiti one.
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("RSD", 2), ("KWD", 2)],
)
def test_the_minor_unit_is_that_of_iso_4217_with_two_decimals_at_most(currency, places):
    assert decimals_of(currency) == places


def test_currencies_that_went_are_not_current():
    assert is_current("EUR")
    assert not is_current("DEM")
    assert not is_current("XYZ")


@pytest.mark.parametrize(
    ("quantity", "price", "base", "net"),
    [
        ("7.5", "96.40", 1, "723.00"),
        # Screws, by the thousand.
        ("250", "18.95", 1000, "4.74"),
        ("1234.567", "0.123456", 1, "152.41"),
        ("-2", "125.00", 1, "-250.00"),
        ("-0.25", "10.70", 1, "-2.68"),
        ("0", "96.40", 1, "0.00"),
        ("50", "90.00", 60, "75.00"),
        ("1", "1", 3, "0.33"),
        # 2/3 of a cent in 30 digits is not yet a cent too many.
        ("0.014999999999999999", "1", 1, "0.01"),
    ],
)
def test_a_line_is_quantity_times_price_by_the_base(quantity, price, base, net):
    assert line_net(Decimal(quantity), Decimal(price), "EUR", price_base=base) == Decimal(net)


def test_product_allowance_and_charge_are_rounded_one_by_one():
    net = line_net(
        Decimal("0.25"),
        Decimal("10.50"),
        "EUR",
        allowances=[Decimal("0.005"), Decimal("0.005")],
        charges=[Decimal("1.004")],
    )
    assert net == Decimal("2.63") - Decimal("0.02") + Decimal("1.00")


def test_the_shares_of_a_line_add_up_to_it_and_are_exact():
    shares = [share_of(Decimal("100.00"), billed, 90) for billed in (50, 40)]
    assert shares == [Fraction(500, 9), Fraction(400, 9)]
    assert sum(shares) == 100
    assert share_of(Decimal(0), 0, None) == 0


@given(st.decimals(-1000, 1000, places=6), st.sampled_from(["EUR", "JPY"]))
def test_rounding_moves_by_half_a_unit_at_most_and_alike_on_both_sides(amount, currency):
    unit = Decimal(1).scaleb(-decimals_of(currency))
    assert abs(rounded(amount, currency) - amount) <= unit / 2
    assert rounded(-amount, currency) == -rounded(amount, currency)
    assert abs(rounded(amount, currency)) >= abs(amount) - unit / 2
