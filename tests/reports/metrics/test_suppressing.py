"""Figures of a few people (`KPI-1`, `VIS-3`)."""

import pytest

from reports.metrics.registry import INDICATORS
from reports.metrics.suppressing import are_few, is_of_people, suppressed


def told(*counts):
    points = [{"n": n, "value": 1.0, "yes": n, "keys": [n]} for n in counts]
    return [point["n"] for point in suppressed(points)]


@pytest.mark.parametrize(("n", "few"), [(0, False), (1, True), (4, True), (5, False)])
def test_fewer_than_five_are_few_and_none_is_not(n, few):
    assert are_few(n) is few


def test_a_single_small_point_takes_the_smallest_other_along():
    assert told(9, 3, 6) == [9, None, None]


def test_two_small_points_hide_each_other():
    assert told(9, 3, 2, 0) == [9, None, None, 0]


def test_nothing_else_is_said_of_a_small_point():
    hidden = suppressed([{"n": 3, "value": 0.5, "yes": 2, "keys": [1], "names": ["Network"]}])
    assert hidden == [{"keys": [1], "names": ["Network"], "n": None, "value": None, "few": True}]


def test_what_people_said_is_of_people_and_what_the_desk_did_is_not():
    assert is_of_people(INDICATORS["csat"])
    assert is_of_people(INDICATORS["deflection"])
    assert not is_of_people(INDICATORS["received"])
