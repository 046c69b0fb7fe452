"""What people thought of solutions (`KPI-11`), and whether they recommend the desk (`KPI-12`)."""

import pandas as pd

from reports.metrics.computing import begun
from reports.metrics.indicator import (
    TICKET_DIMENSIONS,
    Frames,
    Indicator,
    Missing,
    Record,
    Statistic,
    Unit,
    Window,
)
from reports.metrics.population import within
from reports.metrics.satisfaction import DETRACTORS_TO, PROMOTERS_FROM, SATISFIED_FROM

from .rows import DIMENSION_COLUMNS, solved_rows

OF_BOTH = ["ticket", "is_merged", "is_cancelled", "solver", "solver_name", *DIMENSION_COLUMNS]


def _counted(found: pd.DataFrame, column: str, window: Window) -> pd.DataFrame:
    found = found[~found["is_merged"] & ~found["is_cancelled"]]
    return within(found, column, window.start, window.end)


def satisfied(frames: Frames, window: Window) -> pd.DataFrame:
    """Satisfied people (CSAT).

    Formula: ratings of 4 and 5 / all ratings, on the scale from 1 to 5. The interval beside it
    (Wilson) holds the true share with a certainty of 95 %: the fewer ratings, the wider it is.
    Population: one rating per ticket, the last one given within 14 days of its solution; without
    confidential, cancelled and merged tickets. Ratings count whether or not the person was asked.
    Basis: the time of the rating. The team is the one that solved the ticket.
    Edge cases: no rating gives “n/a”. Fewer than 5 ratings are not told, for they are of few
    people.
    """
    ratings = frames.read("ratings", ["rating", "score", "rated_at", *OF_BOTH])
    found = _counted(ratings, "rated_at", window)
    return solved_rows(found, found["rated_at"]).assign(
        record=found["rating"],
        score=found["score"].astype("str"),
        value=found["score"].astype("float64"),
        yes=found["score"] >= SATISFIED_FROM,
    )


def rating(frames: Frames, window: Window) -> pd.DataFrame:
    """Mean rating.

    Formula: sum of ratings / number of ratings, on the scale from 1 to 5.
    Population: as for the share of satisfied people, which is another figure.
    Basis: the time of the rating. The team is the one that solved the ticket.
    Edge cases: no rating gives “n/a”.
    """
    return satisfied(frames, window)


def answered(frames: Frames, window: Window) -> pd.DataFrame:
    """Surveys that were answered.

    Formula: answered surveys / surveys delivered. Nobody is asked more often than once in 7 days.
    Population: surveys sent with the mail of a solution in the period; without cancelled and merged
    tickets. Those that were given up or came back are not in it, and who was spared was sent none.
    Basis: the time of the survey. The team is the one that solved the ticket.
    Edge cases: no survey gives “n/a”.
    """
    surveys = frames.read("surveys", ["asked_at", "answered", *OF_BOTH])
    found = _counted(surveys, "asked_at", window)
    return solved_rows(found, found["asked_at"]).assign(yes=found["answered"])


def recommended(frames: Frames, window: Window) -> pd.DataFrame:
    """Net promoter score (NPS).

    Formula: share of the answers 9 and 10 − share of the answers 0 to 6, in points from −100 to
    100, rounded once at the end. The answers 7 and 8 are in neither share.
    Population: answers to “How likely are you to recommend the service desk to a colleague?”, 0 to
    10; one per ticket, the last one given within 14 days of its solution; without confidential,
    cancelled and merged tickets. A rating without an answer to it is not counted.
    Basis: the time of the rating. The team is the one that solved the ticket.
    Edge cases: “n/a” when nobody was asked or nobody answered. Fewer than 5 answers are not told,
    for they are of few people.
    """
    columns = ["rating", "recommendation", "recommendation_asked", "rated_at", *OF_BOTH]
    found = _counted(frames.read("ratings", columns), "rated_at", window)
    told = found[found["recommendation"].notna()]
    rows = solved_rows(told, told["rated_at"]).assign(
        record=told["rating"],
        yes=told["recommendation"] >= PROMOTERS_FROM,
        no=told["recommendation"] <= DETRACTORS_TO,
    )
    return rows if found["recommendation_asked"].any() else _unasked(rows, window)


def _unasked(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """No answers, in every step that has begun, for the reason that nobody was asked."""
    steps = [one.label for one in begun(window)]
    nothing = rows.iloc[:0].reindex(range(len(steps)))
    return nothing.assign(step=steps, yes=False, no=False, missing=str(Missing.QUESTION))


WITH_SCORE = (*TICKET_DIMENSIONS, "score")

INDICATORS = (
    Indicator(
        "csat", "KPI-11", satisfied, Statistic.SHARE, Unit.SHARE, dimensions=WITH_SCORE,
        record=Record.RATING, more_is=+1, has_interval=True,
    ),
    Indicator(
        "rating_mean", "KPI-11", rating, Statistic.MEAN, Unit.NUMBER, record=Record.RATING,
        more_is=+1,
    ),
    Indicator(
        "nps", "KPI-12", recommended, Statistic.BALANCE, Unit.NUMBER, record=Record.RATING,
        more_is=+1,
    ),
    Indicator("survey_answers", "KPI-11", answered, Statistic.SHARE, Unit.SHARE, more_is=+1),
)  # fmt: skip
