"""Why a figure is not told, in a sentence of its own for each reason."""

import pytest

from reports.charts.values import MISSING, why_untold
from reports.metrics.indicator import Missing

OF_LOAD = {"fewest": 0, "statistic": "ratio", "reference": "KPI-20"}


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("hours", "the working hours of people are not known"),
        (
            "recorded",
            "no work was recorded in the period, so how long a ticket takes is not known",
        ),
        ("solved", "no ticket was solved in the period, so how long one takes is not known"),
    ],
)
def test_a_load_that_is_not_told_says_what_is_missing(why, said):
    assert why_untold({"n": 4, "value": None, "why": why}, OF_LOAD) == said


def test_whatever_may_be_missing_has_a_sentence_of_its_own():
    assert set(MISSING) == set(Missing)
    assert len({str(sentence) for sentence in MISSING.values()}) == len(Missing)
