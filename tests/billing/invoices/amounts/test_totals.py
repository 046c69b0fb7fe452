"""VAT and sums (`BIL-18`, `BIL-20`, `BIL-23`)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices.amounts import (
    TaxedAmount,
    converted,
    decimals_of,
    line_net,
    mixes_outside_scope,
    totals_of,
    vat_problem,
)


def test_vat_is_taken_once_on_the_sum_of_a_rate():
    totals = totals_of([TaxedAmount(Decimal("33.33"), "S", Decimal(19))] * 3, "EUR")
    assert (totals.net, totals.tax, totals.payable) == (
        Decimal("99.99"),
        Decimal("19.00"),
        Decimal("118.99"),
    )


def test_b12_each_rate_has_its_own_row():
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


def test_b13_reverse_charge_has_no_vat_and_says_why():
    line = TaxedAmount(Decimal("1250.00"), "AE", Decimal(0), "Reverse charge")
    totals = totals_of([line], "EUR")
    assert (totals.tax, totals.payable) == (Decimal("0.00"), Decimal("1250.00"))
    assert totals.breakdown[0].reason == "Reverse charge"


def test_outside_scope_stands_alone():
    assert mixes_outside_scope(["O", "S"])
    assert not mixes_outside_scope(["O", "O"])
    assert not mixes_outside_scope(["S", "E"])


def taxed(net: str | Decimal, category: str = "S", rate: str = "19") -> TaxedAmount:
    return TaxedAmount(Decimal(net), category, Decimal(rate))


def test_an_allowance_lowers_the_base_of_its_own_rate():
    totals = totals_of(
        [taxed("723.00"), taxed("37.90"), taxed("40.19", rate="7")],
        "EUR",
        allowances=[taxed("20.00")],
    )
    assert [(row.taxable, row.tax) for row in totals.breakdown] == [
        (Decimal("740.90"), Decimal("140.77")),
        (Decimal("40.19"), Decimal("2.81")),
    ]
    assert (totals.net, totals.tax, totals.gross) == (
        Decimal("781.09"),
        Decimal("143.58"),
        Decimal("924.67"),
    )


def test_an_allowance_in_a_category_without_lines_makes_a_row_of_its_own():
    totals = totals_of([taxed("100")], "EUR", allowances=[taxed("30", "Z", "0")])
    assert [(row.category, row.taxable, row.tax) for row in totals.breakdown] == [
        ("S", Decimal("100.00"), Decimal("19.00")),
        ("Z", Decimal("-30.00"), Decimal("0.00")),
    ]
    assert totals.payable == Decimal("89.00")


def test_one_rate_written_in_two_ways_is_one_row():
    totals = totals_of([taxed("10", rate="21"), taxed("10", rate="21.00")], "EUR")
    assert [row.taxable for row in totals.breakdown] == [Decimal("20.00")]


def test_rows_come_by_category_and_falling_rate():
    totals = totals_of(
        [taxed("1", "Z", "0"), taxed("1", rate="7"), taxed("1", "AE", "0"), taxed("1")], "EUR"
    )
    assert [(row.category, row.rate) for row in totals.breakdown] == [
        ("AE", 0),
        ("S", 19),
        ("S", 7),
        ("Z", 0),
    ]


def test_what_was_paid_before_and_the_rounding_change_only_what_is_due():
    totals = totals_of(
        [taxed("100.01")], "EUR", prepaid=Decimal("19.00"), rounding=Decimal("-0.01")
    )
    assert (totals.gross, totals.payable) == (Decimal("119.01"), Decimal("100.00"))


def test_a_negative_total_rounds_away_from_zero_as_well():
    totals = totals_of([taxed("-2.50", rate="21")], "EUR")
    assert (totals.tax, totals.payable) == (Decimal("-0.53"), Decimal("-3.03"))


def test_vat_in_yen_has_no_decimals():
    totals = totals_of([taxed("1005", rate="10")], "JPY")
    assert (str(totals.tax), str(totals.payable)) == ("101", "1106")


def test_b17_vat_in_the_currency_of_the_tax_office_is_converted_once():
    assert converted(Decimal("285.00"), Decimal("1.0842"), "EUR") == Decimal("262.87")


@pytest.mark.parametrize(
    ("category", "rate", "fits"),
    [
        ("S", "21", True),
        ("S", "0", False),
        ("S", "-5", False),
        ("Z", "0", True),
        ("AE", "0.00", True),
        ("E", "5", False),
        ("O", "19", False),
        ("X", "0", False),
    ],
)
def test_only_category_s_has_a_rate(category, rate, fits):
    assert (vat_problem(category, Decimal(rate)) == "") is fits


RATES = st.sampled_from(
    [("S", "19"), ("S", "7"), ("S", "5.5"), ("Z", "0"), ("E", "0"), ("AE", "0"), ("K", "0")]
)
AMOUNT = st.decimals(-1000, 1000, places=3)
DOCUMENT_ROWS = st.lists(st.tuples(AMOUNT, RATES), max_size=4)


@given(
    st.lists(
        st.tuples(
            st.decimals(-500, 500, places=3),
            st.decimals(0, 400, places=6),
            st.sampled_from([1, 60, 100, 1000]),
            st.lists(AMOUNT, max_size=2),
            st.lists(AMOUNT, max_size=2),
            RATES,
        ),
        min_size=1,
        max_size=25,
    ),
    DOCUMENT_ROWS,
    DOCUMENT_ROWS,
    AMOUNT,
    AMOUNT,
    st.sampled_from(["EUR", "JPY"]),
)
def test_random_invoices_satisfy_the_equalities_of_en_16931(
    rows, allowed, charged, prepaid, rounding, currency
):
    unit = Decimal(1).scaleb(-decimals_of(currency))

    def to_unit(amount: Decimal) -> Decimal:
        return amount.quantize(unit, ROUND_HALF_UP)

    lines = [
        taxed(
            line_net(quantity, price, currency, price_base=base, allowances=less, charges=more),
            *vat,
        )
        for quantity, price, base, less, more, vat in rows
    ]
    for (quantity, price, base, less, more, _vat), line in zip(rows, lines, strict=True):
        product = to_unit(quantity * price / base)
        assert line.net == product - sum(map(to_unit, less)) + sum(map(to_unit, more))
    allowances = [taxed(amount, *vat) for amount, vat in allowed]
    charges = [taxed(amount, *vat) for amount, vat in charged]
    totals = totals_of(
        lines,
        currency,
        allowances=allowances,
        charges=charges,
        prepaid=prepaid,
        rounding=rounding,
    )
    # BR-CO-10, 11, 12.
    assert totals.lines == sum(line.net for line in lines)
    assert totals.allowances == sum(to_unit(row.net) for row in allowances)
    assert totals.charges == sum(to_unit(row.net) for row in charges)
    # BR-CO-13.
    assert totals.net == totals.lines - totals.allowances + totals.charges
    for row in totals.breakdown:
        # BR-S-08, BR-Z-08, BR-E-08, BR-AE-08, BR-IC-08.
        assert row.taxable == (
            sum(to_unit(one.net) for one in lines if of(one, row))
            - sum(to_unit(one.net) for one in allowances if of(one, row))
            + sum(to_unit(one.net) for one in charges if of(one, row))
        )
        # BR-CO-17, BR-S-09 and its sisters: rounded once.
        assert row.tax == to_unit(row.taxable * row.rate / 100)
    # BR-CO-14, 15, 16.
    assert totals.tax == sum(row.tax for row in totals.breakdown)
    assert totals.gross == totals.net + totals.tax
    assert totals.payable == totals.gross - to_unit(prepaid) + to_unit(rounding)
    # BR-CO-18: every category and rate that occurs, once.
    keys = [(row.category, row.rate) for row in totals.breakdown]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(one.category, one.rate) for one in (*lines, *allowances, *charges)}
    # No more decimals than the currency has (BR-DEC-09 to 20).
    for amount in (totals.net, totals.tax, totals.gross, totals.payable):
        assert amount == to_unit(amount)


def of(one: TaxedAmount, row) -> bool:
    return (one.category, one.rate) == (row.category, row.rate)
