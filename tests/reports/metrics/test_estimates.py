"""How near estimates came (`KPI-21`)."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reports.metrics.estimates import Outcome, accuracy_of

minutes = st.integers(min_value=0, max_value=100_000)


def test_twenty_percent_either_way_is_near_and_a_minute_more_is_not():
    assert Outcome(600, 720).is_near
    assert Outcome(600, 480).is_near
    assert not Outcome(600, 721).is_near
    assert not Outcome(600, 479).is_near


def test_without_estimates_there_is_no_figure():
    figures = accuracy_of([Outcome(0, 90)])
    assert (figures.count, figures.percent, figures.near_percent) == (0, None, None)


def test_the_share_is_of_sums_not_of_shares():
    figures = accuracy_of([Outcome(60, 120), Outcome(600, 600)])
    assert figures.percent == Fraction(72000, 660)
    assert figures.near_percent == 50


@given(st.lists(st.builds(Outcome, minutes, minutes)))
def test_near_ones_are_some_of_those_counted(outcomes):
    figures = accuracy_of(outcomes)
    assert 0 <= figures.near <= figures.count <= len(outcomes)
