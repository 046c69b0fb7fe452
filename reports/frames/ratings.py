"""What people said about solutions, and who was asked."""

import pandas as pd

from itil.surveys.querysets import RatingQuerySet, SurveyQuerySet
from itil.tickets.models import Ticket
from portal.people.models import Team

from .columns import COUNT, FLAG, INSTANT, KEY, TEXT, typed_frame
from .holders import solvers

RATING_TYPES = {
    "ticket": COUNT, "score": COUNT, "recommendation": KEY, "recommendation_asked": FLAG,
    "rated_at": INSTANT, "holder": KEY,
}  # fmt: skip
SURVEY_TYPES = {"ticket": COUNT, "asked_at": INSTANT, "answered": FLAG}


def ratings_frame(ratings: RatingQuerySet) -> pd.DataFrame:
    """One row per rating; `team` solved the ticket, or holds it."""
    rows = ratings.order_by("pk").values_list(
        "ticket_id",
        "score",
        "recommendation",
        "recommendation_asked",
        "rated_at",
        "ticket__team_id",
    )
    frame = typed_frame(rows.iterator(chunk_size=5000), RATING_TYPES)
    rated = Ticket.objects.filter(pk__in=ratings.order_by().values("ticket_id"))
    team = solvers(rated, frame, frame.pop("holder"))
    names = dict(Team.objects.values_list("pk", "name"))
    return frame.assign(team=team, team_name=team.map(names).fillna("").astype(TEXT))


def surveys_frame(surveys: SurveyQuerySet) -> pd.DataFrame:
    """One row per survey, and whether it was answered."""
    rows = surveys.order_by("pk").values_list("ticket_id", "asked_at", "answered_at")
    return typed_frame(
        (
            (ticket, asked_at, answered_at is not None)
            for ticket, asked_at, answered_at in rows.iterator(chunk_size=5000)
        ),
        SURVEY_TYPES,
    )
