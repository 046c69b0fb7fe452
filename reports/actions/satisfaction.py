"""The figures of the page about satisfaction."""

import inspect
from datetime import datetime
from typing import Any

from reports.frames.consultations import askers_frame, consultations_frame, seekers_frame
from reports.metrics.deflection import deflected, self_service
from reports.metrics.satisfaction import (
    answered,
    by_month,
    by_score,
    by_team,
    recommended,
    satisfied,
)

from .framing import frames_about, ratings_of, surveys_of
from .reading import Scope


def satisfaction(scope: Scope, *, now: datetime) -> dict[str, Any]:
    """What people said in the period of `scope`, and how many of those who were asked."""
    frames = frames_about(scope, now=now, since=scope.period.start)
    ratings = ratings_of(frames, scope)
    months = list(scope.period.months())
    told = zip(months, by_month(ratings, months), strict=True)
    return {
        "satisfied": satisfied(ratings),
        "recommended": recommended(ratings),
        "answered": answered(surveys_of(frames, scope)),
        "scores": by_score(ratings),
        "months": [
            {
                "first": month.first.isoformat(),
                "last": month.last.isoformat(),
                "whole": month.is_whole,
                **figures,
            }
            for month, figures in told
        ],
        "by_team": by_team(ratings),
        # Forms belong to no team.
        "deflected": None
        if scope.team_id
        else deflected(consultations_frame(scope.consultations(), now)),
        "self_service": None
        if scope.team_id
        else self_service(
            seekers_frame(scope.consultations(), scope.feedback()), askers_frame(scope.received())
        ),
        "is_over": scope.period.end <= now,
        "confidential": scope.confidential(),
        "how": {
            "satisfied": inspect.getdoc(satisfied) or "",
            "recommended": inspect.getdoc(recommended) or "",
            "answered": inspect.getdoc(answered) or "",
            "deflected": inspect.getdoc(deflected) or "",
            "self_service": inspect.getdoc(self_service) or "",
        },
    }
