"""How often people found an answer without the desk (`KPI-15`)."""

import pandas as pd

from reports.metrics.deflection import OUTCOMES, outcome_of
from reports.metrics.indicator import Frames, Indicator, Record, Statistic, Unit, Window
from reports.metrics.population import within

CONSULTED = ["consultation", "user", "organization", "organization_name", "started_at",
             "opened_at", "solved_at", "sent_at", "came_back_at"]  # fmt: skip
DEFLECTED, SENT = ("solved", "read"), "sent"


def deflected(frames: Frames, window: Window) -> pd.DataFrame:
    """Forms that an answer ended (deflection), an estimate.

    Formula: deflected / (deflected + sent although answers were offered). Deflected: the person
    said “this solved it”, or opened an answer and reported nothing on the subject within 24 hours.
    Population: forms of the period beside which answers or items of the catalog were offered.
    Basis: the time at which an answer was first opened, or the form sent.
    Edge cases: whoever reads and goes away may have been helped, or may have given up. Who opened
    an answer less than 24 hours ago is not counted yet; who came back by another way is counted
    there, if at all. It belongs to no team. Without a form “n/a”.
    """
    found = within(frames.read("consultations", CONSULTED), "started_at", window.start, window.end)
    outcome = outcome_of(found, window.now)
    found = found.assign(outcome=pd.Categorical(outcome, OUTCOMES))
    found = found[found["outcome"].isin((*DEFLECTED, SENT))]
    return found.assign(
        record=found["consultation"], at=found["started_at"], yes=found["outcome"].isin(DEFLECTED)
    )


def seekers(frames: Frames, window: Window) -> pd.DataFrame:
    """People who looked for an answer, for each who asked the desk (self-service ratio).

    Formula: people who looked for answers / people with tickets.
    Population: people who opened an answer at a form, were shown answers when they sent one, or
    said whether an article helped; people who asked for something in the period.
    Basis: each person once in the period, on either side.
    Edge cases: who only reads without saying anything leaves no trace, so the ratio is low rather
    than high. Visitors who are not signed in are not counted. It belongs to no team. Without a
    ticket “n/a”.
    """
    organization = ["organization", "organization_name"]
    parts = []
    for name, at, person, side in (
        ("consultations", "started_at", "user", "part"),
        ("feedback", "at", "user", "part"),
        ("tickets", "received_at", "requester", "whole"),
    ):
        found = frames.read(name, [at, person, *organization])
        found = within(found, at, window.start, window.end)
        keys = found[person].astype("Int64")
        parts.append(pd.DataFrame({
            "at": found[at], "part": keys if side == "part" else pd.NA,
            "whole": keys if side == "whole" else pd.NA,
            **{column: found[column] for column in organization},
        }))  # fmt: skip
    # People are no records that a list could show.
    return pd.concat(parts, ignore_index=True).assign(record=None)


INDICATORS = (
    Indicator(
        "deflection", "KPI-15", deflected, Statistic.SHARE, Unit.SHARE,
        dimensions=("organization", "outcome"), record=Record.CONSULTATION, more_is=+1,
    ),
    Indicator(
        "self_service_ratio", "KPI-15", seekers, Statistic.DISTINCT, Unit.NUMBER,
        dimensions=("organization",), record=Record.NONE, more_is=+1, fewest=0,
    ),
)  # fmt: skip
