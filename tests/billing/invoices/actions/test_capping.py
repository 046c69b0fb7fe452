"""No rounding, rate or multiplier takes a bill beyond what the customer accepted as a cap."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.contracts.amounts.prepaid import HOURS, MONEY, Block
from billing.contracts.matching.ledger import Ledger
from billing.invoices.actions.capping import CapLeft, keep_within
from billing.invoices.actions.collecting import Bundle
from billing.invoices.actions.reckoning import reckon
from reports.metrics.billable import Rounding

from .test_reckoning import DAY, TERMS, hours

WORK = st.tuples(
    st.integers(1, 600),
    st.sampled_from(["98", "100", "96.4321", "133.33"]),
    st.sampled_from(["1", "1.5", "2"]),
    st.integers(0, 20),
)


def bundle(works, rounding, overage=None) -> Bundle:
    terms = replace(TERMS, rounding=rounding, overage_rate=overage)
    return Bundle(
        [
            replace(
                hours(minutes, entry=number, rate=rate, multiplier=multiplier),
                terms=terms,
                work_date=DAY + timedelta(days=day),
            )
            for number, (minutes, rate, multiplier, day) in enumerate(works)
        ]
    )


@given(
    st.lists(WORK, min_size=1, max_size=12),
    st.sampled_from([1, 6, 10, 15, 60]),
    st.sampled_from(["entry", "ticket_day", "ticket_invoice"]),
    st.integers(1, 3000),
    st.integers(1, 500_000),
    st.sampled_from(["EUR", "JPY"]),
)
def test_the_customer_never_pays_more_than_the_cap(
    works, increment, scope, minutes, cents, currency
):
    amount = Decimal(cents) / 100 if currency == "EUR" else Decimal(cents)
    caps = {1: CapLeft(minutes, amount, currency)}
    rounding = Rounding(increment=increment, scope=scope, minimum=5)
    free = reckon(bundle(works, rounding), currency, {}, {})
    kept = reckon(bundle(works, rounding), currency, {}, caps)
    assert kept.net <= amount
    assert kept.minutes <= min(minutes, free.minutes)
    # Where nothing was beyond it, the bill is what it would be without.
    if free.net <= amount and free.minutes <= minutes:
        assert kept == free
    # Every minute is told, also those that are not paid.
    assert sum(part.raw for line in kept.lines for part in line.parts) == sum(w[0] for w in works)


@given(
    st.lists(WORK, min_size=1, max_size=8),
    st.sampled_from([1, 15]),
    st.integers(1, 2000),
    st.integers(1, 300_000),
    st.sampled_from([HOURS, MONEY]),
    st.integers(1, 1000),
    st.integers(0, 20),
    st.sampled_from([None, "90.01", "100", "141.4141"]),
)
def test_prepaid_work_leaves_the_cap_to_what_is_paid_and_both_to_the_cent(
    works, increment, minutes, cents, unit, granted, days, overage
):
    """A block serves the first `days`; what it does not bear is paid, at the overage rate then."""
    amount = Decimal(cents) / 100
    found = bundle(works, Rounding(increment=increment), overage and Decimal(overage))
    block = Block(1, unit, Decimal(granted), DAY, DAY + timedelta(days=days))
    prepaid = {TERMS.pk: Ledger([block])}

    def billed(limit, sum_limit):
        one = reckon(found, "EUR", prepaid, {1: CapLeft(limit, sum_limit, "EUR")})
        given = sum((use.amount for use in one.uses if unit == MONEY), Decimal(0))
        return one, one.net + given

    kept, taken = billed(minutes, amount)
    assert taken <= amount
    assert kept.minutes <= minutes
    free = reckon(found, "EUR", prepaid, {})
    open_hours, whole = billed(free.minutes, Decimal(10**9))
    assert open_hours == free
    # Not a minute too little: what fits into the cap is billed as it would be without.
    if free.minutes <= minutes and whole <= amount:
        assert kept == free
    # The cap is used up when something was left out: the dearest minute costs less than this.
    elif free.minutes > kept.minutes and kept.minutes < minutes:
        assert amount - taken < Decimal("4.75")


@given(st.lists(st.integers(1, 300), min_size=1, max_size=9), st.integers(1, 1500))
def test_at_one_rate_it_is_the_lesser_of_the_hours_and_the_cap_to_the_minute(raw, minutes):
    """`BIL-8`: min(actual, cap)."""
    found = bundle([(one, "100", "1", 0) for one in raw], Rounding())
    free = reckon(found, "EUR", {}, {})
    amount = Decimal(minutes * 100) / 60
    caps = {1: CapLeft(minutes, amount.quantize(Decimal("0.01")) + Decimal("0.01"), "EUR")}
    assert reckon(found, "EUR", {}, caps).minutes == min(free.minutes, minutes)


def test_the_work_that_came_first_is_paid_and_other_tickets_are_left_alone():
    first, second = hours(60, entry=1), replace(hours(60, entry=2), work_date=DAY)
    other = replace(hours(60, entry=3), ticket=2)
    billed = {(1, 1): 60, (2, 1): 60, (3, 1): 60}
    left = {1: CapLeft(90, Decimal(1000), "EUR")}
    kept = keep_within(left, [other, second, first], billed, "EUR", Ledger())
    assert kept == {(1, 1): 60, (2, 1): 30, (3, 1): 60}


def test_a_cap_in_another_currency_still_holds_its_hours():
    left = {1: CapLeft(30, Decimal(1), "JPY")}
    assert keep_within(left, [hours(60)], {(1, 1): 60}, "EUR", Ledger()) == {(1, 1): 30}
