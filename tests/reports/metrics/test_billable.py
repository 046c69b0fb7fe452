"""Rounding of hours (`BIL-3`, `BIL-4`)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.metrics.billable import (
    DAY,
    Mode,
    Rounding,
    Scope,
    Work,
    billed_minutes,
    billed_segments,
    rounded,
)

FIFTH, SIXTH = date(2026, 3, 5), date(2026, 3, 6)


def works(*minutes, ticket=1, day=FIFTH):
    return [Work(number, ticket, day, raw) for number, raw in enumerate(minutes, start=1)]


@pytest.mark.parametrize(
    ("raw", "mode", "minimum", "billed"),
    [
        (80, Mode.UP, 0, 90),
        (90, Mode.UP, 0, 90),
        (1, Mode.UP, 0, 15),
        (0, Mode.UP, 30, 0),
        (12, Mode.UP, 30, 30),
        (31, Mode.UP, 30, 45),
        (7, Mode.NEAREST, 0, 0),
        (8, Mode.NEAREST, 0, 15),
        (22, Mode.NEAREST, 0, 15),
        (23, Mode.NEAREST, 0, 30),
        (50, Mode.NONE, 0, 50),
        (5, Mode.NONE, 30, 30),
    ],
)
def test_minutes_are_rounded_by_mode_and_minimum(raw, mode, minimum, billed):
    assert rounded(raw, Rounding(15, mode, Scope.ENTRY, minimum)) == billed


def test_half_of_an_even_step_rounds_up():
    assert rounded(5, Rounding(10, Mode.NEAREST)) == 10


def test_each_entry_is_rounded_by_itself_in_scope_entry():
    assert billed_minutes(works(5, 7, 4), Rounding()) == {1: 15, 2: 15, 3: 15}


def test_a_ticket_and_day_is_added_up_and_rounded_once():
    billed = billed_minutes(works(5, 7, 4), Rounding(scope=Scope.TICKET_DAY))
    assert billed == {1: 5, 2: 21, 3: 4}
    assert sum(billed.values()) == 30


def test_the_minimum_holds_for_each_ticket_and_day():
    rule = Rounding(scope=Scope.TICKET_DAY, minimum=30)
    assert billed_minutes(works(12), rule) == {1: 30}


def test_another_day_or_ticket_is_another_scope():
    entries = [Work(1, 1, FIFTH, 5), Work(2, 1, SIXTH, 5), Work(3, 2, FIFTH, 5)]
    assert sum(billed_minutes(entries, Rounding(scope=Scope.TICKET_DAY)).values()) == 45
    assert sum(billed_minutes(entries, Rounding(scope=Scope.TICKET_INVOICE)).values()) == 30


def test_the_supplement_goes_to_the_earliest_of_equally_long_entries():
    entries = [Work(7, 1, SIXTH, 10), Work(9, 1, FIFTH, 10)]
    assert billed_minutes(entries, Rounding(scope=Scope.TICKET_INVOICE)) == {9: 20, 7: 10}


def test_what_rounding_takes_off_never_makes_an_entry_negative():
    rule = Rounding(mode=Mode.NEAREST, scope=Scope.TICKET_DAY)
    assert billed_minutes(works(3, 2, 2), rule) == {1: 0, 2: 0, 3: 0}


def segments(*minutes, entry=1):
    return [Work(entry, 1, FIFTH, raw, n) for n, raw in enumerate(minutes, start=1)]


def test_b1_eighty_minutes_are_billed_as_ninety():
    assert rounded(80, Rounding()) == 90
    assert 90 * Decimal("120.00") / 60 == Decimal("180.00")


def test_b2_the_scope_decides_between_45_and_30_minutes():
    assert sum(billed_minutes(works(5, 7, 4), Rounding()).values()) == 45
    assert sum(billed_minutes(works(5, 7, 4), Rounding(scope=Scope.TICKET_DAY)).values()) == 30


def test_b3_at_least_thirty_minutes_for_a_ticket_and_day():
    rule = Rounding(scope=Scope.ENTRY, minimum=30, minimum_scope=Scope.TICKET_DAY)
    assert billed_minutes(works(12), rule) == {1: 30}
    assert billed_minutes(works(12, 2), rule) == {1: 15, 2: 15}
    assert billed_minutes(works(2), rule) == {1: 30}


def test_b5_the_supplement_goes_to_the_longest_segment():
    assert billed_segments(segments(25, 72), Rounding()) == {(1, 1): 25, (1, 2): 80}


def test_b6_a_split_entry_is_rounded_once():
    assert billed_segments(segments(10, 20), Rounding()) == {(1, 1): 10, (1, 2): 20}


def test_b15_fifty_minutes_are_not_rounded_to_hundredths_of_an_hour():
    assert rounded(50, Rounding(mode=Mode.NONE)) * Decimal("90.00") / 60 == Decimal("75.00")


def test_of_equally_long_segments_the_earliest_gets_the_supplement():
    assert billed_segments(segments(10, 10), Rounding()) == {(1, 1): 20, (1, 2): 10}


def test_a_minimum_for_each_entry_is_given_before_a_wider_scope_is_rounded():
    rule = Rounding(scope=Scope.TICKET_DAY, minimum=10, minimum_scope=Scope.ENTRY)
    assert billed_minutes(works(5, 7, 4), rule) == {1: 10, 2: 10, 3: 10}
    assert sum(billed_minutes(works(5, 17, 4), rule).values()) == 45


def test_a_minimum_for_each_day_is_given_once_after_rounding():
    rule = Rounding(minimum=120, minimum_scope=DAY)
    entries = [Work(1, 1, FIFTH, 20), Work(2, 2, FIFTH, 40), Work(3, 3, SIXTH, 130)]
    assert billed_minutes(entries, rule) == {1: 30, 2: 90, 3: 135}


@given(
    st.lists(st.lists(st.integers(1, 600), min_size=1, max_size=3), min_size=1, max_size=6),
    st.sampled_from(list(Mode)),
    st.sampled_from(list(Scope)),
    st.integers(1, 60),
    st.integers(0, 60),
    st.sampled_from(["", *Scope, DAY]),
)
def test_cutting_entries_into_segments_changes_no_total(
    entries, mode, scope, increment, minimum, minimum_scope
):
    rule = Rounding(increment, mode, scope, minimum, minimum_scope)
    whole = billed_minutes([Work(n, 1, FIFTH, sum(parts)) for n, parts in enumerate(entries)], rule)
    cut = billed_segments(
        [work for n, parts in enumerate(entries) for work in segments(*parts, entry=n)], rule
    )
    assert sum(cut.values()) == sum(whole.values())
    assert min(cut.values()) >= 0


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 600)), min_size=1, max_size=12),
    st.sampled_from(list(Mode)),
    st.sampled_from(list(Scope)),
    st.integers(1, 60),
    st.integers(0, 60),
)
def test_entries_add_up_to_their_rounded_scopes(rows, mode, scope, increment, minimum):
    rule = Rounding(increment, mode, scope, minimum)
    entries = [Work(n, ticket, FIFTH, raw) for n, (ticket, raw) in enumerate(rows)]
    billed = billed_minutes(entries, rule)
    groups = (
        [[raw] for _ticket, raw in rows]
        if scope == Scope.ENTRY
        else [[raw for one, raw in rows if one == ticket] for ticket in {one for one, _ in rows}]
    )
    assert sum(billed.values()) == sum(rounded(sum(group), rule) for group in groups)
    assert min(billed.values()) >= 0
    assert set(billed) == {entry.entry for entry in entries}
