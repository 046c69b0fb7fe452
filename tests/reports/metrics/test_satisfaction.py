"""Satisfaction over frames (KPI-11)."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.metrics.period import Period
from reports.metrics.satisfaction import (
    answered,
    by_month,
    by_score,
    by_team,
    recommended,
    satisfied,
    wilson,
)


def ratings(*scores, at="2026-03-02T09:00Z", team=1, team_name="Service desk") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ticket": range(len(scores)),
            "score": pd.Series(scores, dtype="int64"),
            "rated_at": pd.to_datetime(pd.Series([at] * len(scores)), utc=True),
            "team": pd.Series([team] * len(scores), dtype="Int64"),
            "team_name": pd.Series([team_name] * len(scores), dtype="str"),
        }
    )


def test_the_example_of_the_domain():
    found = satisfied(ratings(*[5] * 100, *[4] * 68, *[3] * 10, *[1] * 12))
    assert (found["yes"], found["n"]) == (168, 190)
    assert [round(100 * found[name], 1) for name in ("share", "low", "high")] == [88.4, 83.1, 92.2]
    assert found["mean"] == pytest.approx((500 + 272 + 30 + 12) / 190)


def test_fours_and_fives_are_satisfied():
    assert satisfied(ratings(1, 2, 3, 4, 5))["yes"] == 2


def test_nothing_to_count_is_not_available():
    assert satisfied(ratings()) == {
        "n": 0, "yes": 0, "share": None, "low": None, "high": None, "mean": None,
    }  # fmt: skip
    assert answered(pd.DataFrame({"answered": pd.Series([], dtype="bool")}))["share"] is None
    assert by_team(ratings()) == []


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_between_nothing_and_all(counts):
    yes, n = counts
    low, high = wilson(yes, n)
    assert 0 <= low <= yes / n <= high <= 1
    wider = wilson(10 * yes, 10 * n)
    assert wider[1] - wider[0] < high - low


def test_every_score_has_its_row():
    assert by_score(ratings(5, 5, 1)) == [
        {"score": 1, "n": 1},
        {"score": 2, "n": 0},
        {"score": 3, "n": 0},
        {"score": 4, "n": 0},
        {"score": 5, "n": 2},
    ]


def test_months_are_those_of_the_zone_and_add_up():
    both = pd.concat([ratings(5, 1, at="2026-03-31T21:30Z"), ratings(4, at="2026-03-31T22:30Z")])
    months = list(Period(date(2026, 3, 1), date(2026, 4, 30), "Europe/Berlin").months())
    assert [(row["n"], row["yes"]) for row in by_month(both, months)] == [(2, 1), (1, 1)]


def test_teams_are_counted_apart_and_none_is_a_team_too():
    both = pd.concat([ratings(5, 1), ratings(4, team=None, team_name="")])
    assert [(row["team"], row["n"], row["yes"]) for row in by_team(both)] == [(0, 1, 1), (1, 2, 1)]


def recommendations(*answers) -> pd.DataFrame:
    told = pd.Series(answers, dtype="Int64")
    return pd.DataFrame({"recommendation": told, "recommendation_asked": [True] * len(told)})


def test_whether_a_few_people_recommend_the_desk_is_not_told():
    """KPI-12."""
    untold = {"promoters": None, "passives": None, "detractors": None, "score": None}
    assert recommended(recommendations(10, 9, 3, 0, None)) == {"asked": 5, "n": 4, **untold}
    assert recommended(recommendations(10, 9, 8, 3, 0)) == {
        "asked": 5, "n": 5, "promoters": 2, "passives": 1, "detractors": 2, "score": 0,
    }  # fmt: skip
    assert recommended(recommendations(None))["promoters"] == 0


def test_answers_are_counted_of_those_who_were_asked():
    surveys = pd.DataFrame({"answered": [True] * 190 + [False] * 810})
    assert answered(surveys) == {"n": 1000, "yes": 190, "share": 0.19}
