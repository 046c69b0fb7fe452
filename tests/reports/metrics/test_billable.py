"""Rounding of hours (`BIL-3`, `BIL-4`)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.metrics.billable import Mode, Rounding, Scope, Work, billed_minutes, rounded

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
