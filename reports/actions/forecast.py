"""What may come: tickets and hours of the next weeks, and open promises that may be missed."""

import inspect
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from itil.sla.models import ClockState, Metric, Outcome, SlaClock
from itil.tickets.lifecycle import Phase
from reports.frames.codes import level_code
from reports.frames.source import Frames
from reports.metrics import breach
from reports.metrics.forecast import forecast
from reports.metrics.hours import worked
from reports.metrics.population import within

from .framing import frames_about
from .reading import Scope

WEEK = timedelta(days=7)
# Open tickets that are kept, the likeliest to be missed first.
KEPT = 300
NO_TEAM = 0
TICKETS = ["ticket", "received_at", "resolved_at", "team", "solver"]
CLOCKS = ["ticket", "metric", "agreement_kind", "target", "state", "outcome", "outcome_at",
          "elapsed_seconds", "target_seconds", "solver"]  # fmt: skip


def forecast_of(scope: Scope, *, now: datetime) -> dict[str, Any]:
    """Learned from the full weeks of the period; open tickets are those of `now`."""
    frames = frames_about(scope, now=now, since=scope.period.start)
    weeks = full_weeks(scope, now)
    tickets = scope.held(frames.read("tickets", TICKETS))
    entries = frames.read("time", ["work_date", "minutes", "state", "team"])
    entries = entries[entries["team"] == scope.team_id] if scope.team_id else entries
    entries = worked(entries, scope.period.first, scope.period.last)
    came = tickets["received_at"].dt.tz_convert(scope.period.zone).dt.tz_localize(None)
    opened = _by_week(came, pd.Series(1.0, index=came.index), weeks)
    hours = _by_week(entries["work_date"], entries["minutes"] / 60, weeks)
    solved = within(tickets, "resolved_at", scope.period.start, scope.period.end)
    return {
        "weeks": [week.isoformat() for week in weeks],
        "opened": {"past": opened, **forecast(opened)},
        "hours": {"past": hours, **forecast(hours)},
        "hours_per_ticket": sum(hours) / len(solved) if len(solved) else None,
        "open": scope.everything().filter(is_confidential=False).exclude(phase=Phase.DONE).count(),
        "breach": _breaches(frames, scope, now),
        "confidential": scope.confidential(),
        "how": {
            "forecast": inspect.getdoc(forecast) or "",
            "breach": inspect.getdoc(breach.checked) or "",
        },
    }


def full_weeks(scope: Scope, now: datetime) -> list[date]:
    """The Mondays of the weeks that lie in the period, are over, and come no earlier than the first
    one in which anything was received."""
    first = scope.tickets().order_by("received_at").values_list("received_at", flat=True).first()
    if first is None:
        return []
    known = pd.Timestamp(first).tz_convert(scope.period.zone).date()
    begin = max(scope.period.first, known)
    monday = begin + timedelta(days=-begin.weekday() % 7)
    today = pd.Timestamp(now).tz_convert(scope.period.zone).date()
    end = min(scope.period.last + timedelta(days=1), today)
    return [monday + n * WEEK for n in range(max(0, (end - monday).days // 7))]


def _by_week(days: pd.Series, values: pd.Series, weeks: list[date]) -> list[float]:
    """The sum of the values of each week, from local days."""
    if not weeks:
        return []
    place = (days - pd.Timestamp(weeks[0])).dt.days // 7
    inside = (place >= 0) & (place < len(weeks))
    sums = np.bincount(
        place[inside].astype("int64"), weights=values[inside].astype(float), minlength=len(weeks)
    )
    return [float(value) for value in sums]


def _breaches(frames: Frames, scope: Scope, now: datetime) -> dict[str, Any]:
    cases = _cases(frames, scope)
    found = breach.checked(cases)
    return found | {"tickets": _open(breach.learned(cases), scope, now) if found["useful"] else []}


def _cases(frames: Frames, scope: Scope) -> breach.Cases:
    clocks = frames.read("clocks", CLOCKS)
    clocks = clocks[
        (clocks["metric"] == Metric.RESOLUTION)
        & (clocks["agreement_kind"] == "sla")
        & (clocks["state"] != ClockState.CANCELLED)
        & clocks["outcome"].isin([Outcome.MET, Outcome.BREACHED])
        & (clocks["target_seconds"] > 0)
    ]
    clocks = within(scope.solved(clocks), "outcome_at", scope.period.start, scope.period.end)
    clocks = clocks.sort_values("outcome_at", kind="stable")
    missed = (clocks["outcome"] == Outcome.BREACHED).to_numpy(bool)
    used = (clocks["elapsed_seconds"] / clocks["target_seconds"]).to_numpy(float)
    return breach.Cases(
        # One that was missed has used up all of it, though its last stretch may be open.
        used=np.where(missed, np.maximum(used, 1.0), used),
        missed=missed,
        priority=clocks["target"].to_numpy(np.int64),
        team=clocks["solver"].fillna(NO_TEAM).to_numpy(np.int64),
    )


def _open(model: breach.Model, scope: Scope, now: datetime) -> list[dict[str, Any]]:
    """Open tickets whose promise is neither kept nor missed, the likeliest to be missed first."""
    open_ones = scope.everything().filter(is_confidential=False).exclude(phase=Phase.DONE)
    clocks = list(
        SlaClock.objects.with_customers()
        .filter(
            ticket__in=open_ones.order_by().values("pk"), metric=Metric.RESOLUTION,
            state__in=(ClockState.RUNNING, ClockState.PAUSED), outcome=Outcome.PENDING,
            target_seconds__gt=0,
        )
        .select_related("ticket", "calendar")
        .order_by("pk")
    )  # fmt: skip
    if not clocks:
        return []
    used = np.array([clock.elapsed_at(now) / clock.target_seconds for clock in clocks])
    running = used < 1
    cases = breach.Cases(
        used=used,
        missed=np.zeros(len(clocks), bool),
        priority=np.array(
            [level_code(clock.target_key, clock.priority) for clock in clocks], np.int64
        ),
        team=np.array([clock.ticket.team_id or NO_TEAM for clock in clocks], np.int64),
    )
    said = model.probability(cases)
    rows = [
        {
            "ticket": clock.ticket_id,
            "probability": round(float(one), 4),
            "used": round(float(part), 4),
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
        }
        for clock, one, part, is_running in zip(clocks, said, used, running, strict=True)
        if is_running
    ]
    return sorted(rows, key=lambda row: (-row["probability"], row["ticket"]))[:KEPT]
