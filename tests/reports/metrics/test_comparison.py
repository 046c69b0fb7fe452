"""Before and after, counted."""

from reports.metrics.comparison import Tally


def test_only_met_and_missed_ones_are_decided():
    assert Tally(met=3, breached=2, pending=5, excluded=7).decided == 5
