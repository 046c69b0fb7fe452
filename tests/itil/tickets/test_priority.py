"""Priority from impact and urgency (`PRI-1`)."""

import pytest

from itil.tickets.priority import priority_of


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (1, 1, 1),
        (1, 2, 2),
        (1, 3, 3),
        (2, 1, 2),
        (2, 2, 3),
        (2, 3, 4),
        (3, 1, 3),
        (3, 2, 4),
        (3, 3, 5),
    ],
)
def test_impact_and_urgency_give_the_priority(impact, urgency, priority):
    assert priority_of(impact, urgency) == priority


@pytest.mark.parametrize(("impact", "urgency"), [(0, 1), (1, 4), (-1, 2)])
def test_levels_outside_the_matrix_have_none(impact, urgency):
    with pytest.raises(KeyError):
        priority_of(impact, urgency)


def test_an_organization_may_bring_its_own_matrix():
    assert priority_of(3, 3, {(3, 3): 1}) == 1
