"""How often an answer came before a request (`KPI-15`)."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from .population import share

OUTCOMES = ("solved", "read", "sent", "came_back", "pending")

# Who reports the same within this time was not helped by what was read.
COMES_BACK_WITHIN = timedelta(hours=24)


def outcome_of(consultations: pd.DataFrame, now: datetime) -> list[str]:
    """What had become of each form at `now`: one of `OUTCOMES`."""
    conditions = [
        consultations["sent_at"].notna(),
        consultations["solved_at"].notna(),
        consultations["came_back_at"].notna(),
        consultations["opened_at"] > now - COMES_BACK_WITHIN,
    ]
    found: list[str] = np.select(
        conditions, ["sent", "solved", "came_back", "pending"], default="read"
    ).tolist()
    return found


def deflected(consultations: pd.DataFrame) -> dict[str, Any]:
    """Forms that an answer ended (deflection). An estimate: whoever reads and goes away may have
    been helped, or may have given up.

    Formula: deflected / (deflected + sent although answers were offered). Deflected: the person
    said “this solved it”, or opened an answer and reported nothing on the subject within 24 hours.
    The subject is the same when half of the words that were typed stand in the later report.
    Population: forms of the period beside which answers or items of the catalog were offered.
    Basis: the time at which an answer was first opened, or the form sent.
    Edge cases: who opened an answer less than 24 hours ago is not counted yet; who came back by
    another way is counted there, if at all. Without a form “n/a”. Without JavaScript only those
    are counted who say that it was solved, or send.
    """
    counts = consultations["outcome"].value_counts()
    parts = {name: int(counts.get(name, 0)) for name in OUTCOMES}
    yes = parts["solved"] + parts["read"]
    n = yes + parts["sent"]
    return {"n": n, "yes": yes, "share": share(yes, n), **parts}


def self_service(helped: pd.DataFrame, received: pd.DataFrame) -> dict[str, Any]:
    """How many people look for an answer, beside those who ask the desk (self-service ratio), and
    how many tickets come through the portal (self-service share).

    Formula: ratio = people who looked for answers / people with tickets; share = tickets from the
    portal / all tickets.
    Population: people who opened an answer at a form, were shown answers when they sent one, or
    said whether an article helped; tickets received in the period, not confidential ones.
    Basis: each person once in the period, on either side.
    Edge cases: who only reads without saying anything leaves no trace, so the ratio is low rather
    than high. Visitors who are not signed in are not counted. Without a ticket “n/a”. Not the
    share of forms that were not needed.
    """
    seekers = int(helped["user"].nunique())
    askers = int(received["requester"].nunique())
    tickets, own = len(received), int((received["channel"] == "portal").sum())
    return {
        "seekers": seekers,
        "askers": askers,
        "ratio": seekers / askers if askers else None,
        "n": tickets,
        "yes": own,
        "share": share(own, tickets),
    }
