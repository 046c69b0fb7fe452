"""What people thought of solutions (`KPI-11`), and whether they recommend the desk (`KPI-12`)."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from .period import Month
from .population import share, within
from .suppressing import are_few

SCORES = (1, 2, 3, 4, 5)
SATISFIED_FROM = 4
# Of the answers 0 to 10 to whether people recommend the desk.
PROMOTERS_FROM, DETRACTORS_TO = 9, 6
# Two standard deviations, so to speak: the quantile of 95 % of the normal distribution.
Z = 1.959963984540054


def satisfied(ratings: pd.DataFrame) -> dict[str, Any]:
    """Satisfied people (CSAT).

    Formula: ratings of 4 and 5 / all ratings, on the scale from 1 to 5. The interval beside it
    (Wilson) holds the true share with 95 % certainty: the fewer ratings, the wider it is. The mean
    rating is a figure of its own.
    Population: one rating per ticket, the last one given within 14 days of its solution; without
    confidential, cancelled and merged tickets. Ratings count whether or not the person was asked.
    Basis: the time of the rating. The team is the one that solved the ticket.
    Edge cases: no rating gives “n/a”.
    """
    n, yes = len(ratings), int((ratings["score"] >= SATISFIED_FROM).sum())
    low, high = wilson(yes, n)
    return {
        "n": n,
        "yes": yes,
        "share": share(yes, n),
        "low": low,
        "high": high,
        "mean": float(ratings["score"].mean()) if n else None,
    }


def wilson(yes: int, n: int) -> tuple[float | None, float | None]:
    """The ends of the 95 % interval by Wilson for `yes` of `n`; None when there is nothing."""
    if not n:
        return None, None
    part = yes / n
    middle = part + Z**2 / (2 * n)
    reach = Z * math.sqrt(part * (1 - part) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    # By rounding the ends may come to lie a hair inside of none and all.
    return max(0.0, min(part, (middle - reach) / scale)), min(
        1.0, max(part, (middle + reach) / scale)
    )


def by_score(ratings: pd.DataFrame) -> list[dict[str, int]]:
    """Number of ratings of each score, 1 to 5."""
    counts = ratings["score"].value_counts()
    return [{"score": score, "n": int(counts.get(score, 0))} for score in SCORES]


def by_month(ratings: pd.DataFrame, months: Sequence[Month]) -> list[dict[str, Any]]:
    """`satisfied` of each month."""
    return [satisfied(within(ratings, "rated_at", month.start, month.end)) for month in months]


def by_team(ratings: pd.DataFrame) -> list[dict[str, Any]]:
    """`satisfied` of each team by its name; 0 stands for no team."""
    keyed = ratings.assign(team=ratings["team"].fillna(0))
    rows: list[dict[str, Any]] = []
    keys: Any
    for keys, group in keyed.groupby(["team_name", "team"], sort=True):
        name, team = keys
        rows.append({"team": int(team), "team_name": name, **satisfied(group)})
    return rows


def recommended(ratings: pd.DataFrame) -> dict[str, Any]:
    """Net promoter score (NPS).

    Formula: share of the answers 9 and 10 − share of the answers 0 to 6, in points from −100 to
    100, rounded once at the end. The answers 7 and 8 are in neither share.
    Population: answers to “How likely are you to recommend the service desk to a colleague?”, 0 to
    10, that were given with the ratings of the period.
    Edge cases: “n/a” when nobody was asked (`asked` counts them) or nobody answered. Of fewer than
    5 answers only their number `n` is told, for they are of few people.
    """
    told = ratings["recommendation"].dropna()
    n, yes, no = len(told), int((told >= PROMOTERS_FROM).sum()), int((told <= DETRACTORS_TO).sum())
    found = {"asked": int(ratings["recommendation_asked"].sum()), "n": n}
    if are_few(n):
        return found | dict.fromkeys(("promoters", "passives", "detractors", "score"))
    return found | {
        "promoters": yes,
        "passives": n - yes - no,
        "detractors": no,
        "score": round(100 * (yes - no) / n) if n else None,
    }


def answered(surveys: pd.DataFrame) -> dict[str, Any]:
    """How many of those who were asked have answered.

    Formula: answered surveys / surveys delivered. Nobody is asked more often than once in 7 days.
    Population: surveys sent with the mail of a solution in the period. Those that were given up or
    came back are not in it, and who was spared was sent none.
    Edge cases: no survey gives “n/a”.
    """
    n, yes = len(surveys), int(surveys["answered"].sum())
    return {"n": n, "yes": yes, "share": share(yes, n)}
