"""Indicators by key."""

from reports.metrics.indicator import CODED, NAMED
from reports.metrics.indicators import ALL
from reports.metrics.registry import INDICATORS


def test_every_key_belongs_to_one_indicator():
    assert len(INDICATORS) == len(ALL)


def test_every_dimension_is_known_as_a_code_or_by_name():
    used = {name for one in ALL for name in one.dimensions}
    assert used <= {*NAMED, *CODED}
