"""Money and VAT (`BIL-18` to `BIL-20`)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices.amounts import (
    TaxedAmount,
    mixes_outside_scope,
    price_of,
    quantity_of,
    rounded,
    totals_of,
)

CENT = Decimal("0.01")


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


def test_yen_have_no_decimals():
    assert price_of(20, Decimal("1000"), "JPY") == Decimal("333")


def test_minutes_that_are_no_exact_hours_keep_minutes_as_the_unit():
    assert quantity_of(50).unit == "MIN"
    assert (quantity_of(50).amount, quantity_of(50).price_base) == (Decimal(50), 60)
    assert (quantity_of(75).amount, quantity_of(75).unit) == (Decimal("1.25"), "HUR")


def test_vat_is_taken_once_on_the_sum_of_a_rate():
    totals = totals_of([TaxedAmount(Decimal("33.33"), "S", Decimal(19))] * 3, "EUR")
    assert (totals.net, totals.tax, totals.payable) == (
        Decimal("99.99"),
        Decimal("19.00"),
        Decimal("118.99"),
    )


def test_each_rate_has_its_own_row():
    lines = [
        TaxedAmount(Decimal("740.90"), "S", Decimal(19)),
        TaxedAmount(Decimal("40.19"), "S", Decimal(7)),
    ]
    totals = totals_of(lines, "EUR")
    assert [(row.rate, row.taxable, row.tax) for row in totals.breakdown] == [
        (Decimal(19), Decimal("740.90"), Decimal("140.77")),
        (Decimal(7), Decimal("40.19"), Decimal("2.81")),
    ]
    assert (totals.net, totals.tax, totals.payable) == (
        Decimal("781.09"),
        Decimal("143.58"),
        Decimal("924.67"),
    )


def test_reverse_charge_has_no_vat_and_says_why():
    line = TaxedAmount(Decimal("1250.00"), "AE", Decimal(0), "Reverse charge")
    totals = totals_of([line], "EUR")
    assert (totals.tax, totals.payable) == (Decimal("0.00"), Decimal("1250.00"))
    assert totals.breakdown[0].reason == "Reverse charge"


def test_outside_scope_stands_alone():
    assert mixes_outside_scope(["O", "S"])
    assert not mixes_outside_scope(["O", "O"])
    assert not mixes_outside_scope(["S", "E"])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20_000),
            st.decimals(0, 400, places=4),
            st.sampled_from([("S", 19), ("S", 7), ("Z", 0), ("E", 0), ("AE", 0)]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_random_invoices_satisfy_the_equalities_of_en_16931(rows):
    lines = [
        TaxedAmount(price_of(minutes, rate, "EUR"), category, Decimal(percent))
        for minutes, rate, (category, percent) in rows
    ]
    totals = totals_of(lines, "EUR")
    # BR-CO-10 and 13: the net total is the sum of the lines.
    assert totals.net == sum(line.net for line in lines)
    # BR-S-08, BR-AE-08: each base is the sum of the lines of its category and rate.
    for row in totals.breakdown:
        assert row.taxable == sum(
            line.net for line in lines if (line.category, line.rate) == (row.category, row.rate)
        )
        # BR-CO-17, BR-S-09, BR-AE-09: tax from base and rate, rounded once.
        assert row.tax == (row.taxable * row.rate / 100).quantize(CENT, ROUND_HALF_UP)
    # BR-CO-14 and 15.
    assert totals.tax == sum(row.tax for row in totals.breakdown)
    assert totals.payable == totals.net + totals.tax
    # BR-CO-18: every category and rate once.
    keys = [(row.category, row.rate) for row in totals.breakdown]
    assert len(keys) == len(set(keys)) >= 1
