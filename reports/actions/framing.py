"""The frames of what a report of a team or an organization is about, as its figures take them."""

from datetime import datetime

import pandas as pd

from reports.frames.columns import TEXT
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics.population import within

from .reading import Scope

TICKETS = [
    "ticket", "kind", "status", "phase", "priority", "impact", "urgency", "channel", "requester",
    "organization", "organization_name", "team", "team_name", "category_name",
    "category_parent_name", "received_at", "acknowledged_at", "first_assigned_at",
    "first_response_at", "resolved_at", "closed_at", "reopen_count", "reassignment_count",
    "merged_into", "parent", "solver",
]  # fmt: skip
PROMISES = [
    "ticket", "metric", "target", "state", "outcome", "due_at", "stopped_at", "outcome_at",
    "elapsed_seconds", "target_seconds", "agreement_kind",
]  # fmt: skip
TIME = [
    "entry", "work_date", "minutes", "billing_kind", "state", "team", "organization",
    "organization_name", "activity_name",
]  # fmt: skip
RATINGS = [
    "ticket", "score", "recommendation", "recommendation_asked", "rated_at", "solver",
    "solver_name", "is_merged", "is_cancelled",
]  # fmt: skip
SURVEYS = ["ticket", "asked_at", "answered", "solver", "is_merged", "is_cancelled"]


def frames_about(scope: Scope, *, now: datetime, since: datetime | None = None) -> Frames:
    """Of the tickets of `Scope.concerned`; with `since` of those only that were not over then."""
    return Frames.latest(
        Selection(
            before=scope.period.end,
            since=since,
            organizations=(scope.organization_id,) if scope.organization_id else (),
            teams=(scope.team_id,) if scope.team_id else (),
        ),
        now=now,
    )


def in_text(frame: pd.DataFrame) -> pd.DataFrame:
    """With codes and names as text, for figures that join them or put others in their place."""
    return frame.astype(dict.fromkeys(frame.columns[frame.dtypes == "category"], TEXT))


def tickets_of(frames: Frames) -> pd.DataFrame:
    return in_text(frames.read("tickets", TICKETS))


def phases_of(frames: Frames) -> pd.DataFrame:
    """The phase and status that tickets entered, one row per opening and per move."""
    return in_text(frames.read("phases", ["ticket", "at", "phase", "status"]))


def promises_of(frames: Frames) -> pd.DataFrame:
    """One row per promise to a customer that has begun and was not cancelled; `priority` is what
    was promised for (`codes.level_code`)."""
    found = in_text(frames.read("clocks", PROMISES))
    found = found[(found["agreement_kind"] == "sla") & (found["state"] != "cancelled")]
    return found.rename(columns={"target": "priority"}).reset_index(drop=True)


def time_of(scope: Scope, *, now: datetime, since: datetime) -> pd.DataFrame:
    """Recorded time of the days from `since` up to the end of the period, on the tickets that the
    team holds; a day more at either end. It is read by itself, for frames without `since` hold all
    time that was ever recorded."""
    frames = frames_about(scope, now=now, since=since)
    return scope.held(in_text(frames.read("time", TIME)))


def ratings_of(frames: Frames, scope: Scope) -> pd.DataFrame:
    """What was said in the period about solutions; `team` solved the ticket, or holds it."""
    found = _ratable(in_text(frames.read("ratings", RATINGS)), scope, "rated_at")
    return found.rename(columns={"solver": "team", "solver_name": "team_name"})


def surveys_of(frames: Frames, scope: Scope) -> pd.DataFrame:
    """The surveys of the period that reached somebody, and whether they were answered."""
    return _ratable(frames.read("surveys", SURVEYS), scope, "asked_at")


def _ratable(rows: pd.DataFrame, scope: Scope, at: str) -> pd.DataFrame:
    found = scope.solved(rows[~rows["is_merged"] & ~rows["is_cancelled"]])
    return within(found, at, scope.period.start, scope.period.end)
