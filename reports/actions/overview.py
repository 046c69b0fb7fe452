"""The figures of the overview page: numbers only, as they are stored in a snapshot."""

import inspect
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from reports.frames.columns import plain
from reports.frames.requests import KIND as REQUEST
from reports.metrics import backlog, compliance, durations, hours, routing, volume
from reports.metrics.delivery import delivery
from reports.metrics.period import Month, Period
from reports.metrics.population import counted, within

from .framing import frames_about, phases_of, promises_of, tickets_of, time_of
from .reading import Scope

# What the page shows under "How is this computed", by panel.
HOW = {
    "volume": (volume.by_month, backlog.flow),
    "first_response": (durations.first_response,),
    "resolution": (durations.resolution,),
    "delivery": (delivery,),
    "compliance": (compliance.compliance,),
    "ageing": (backlog.ageing,),
    "hours": (hours.by,),
}


@dataclass(frozen=True)
class Reading:
    """`tickets` and `phases` are those of the team now, `solved`, `resolved` and `clocks` those of
    what it resolved; `delivered` are the requests of `resolved`, which have times of their own;
    `entries` is the time recorded on the tickets of the team in the period and the one before."""

    tickets: pd.DataFrame
    phases: pd.DataFrame
    solved: pd.DataFrame
    resolved: pd.DataFrame
    delivered: pd.DataFrame
    clocks: pd.DataFrame
    entries: pd.DataFrame
    now: datetime


def overview(scope: Scope, *, now: datetime) -> dict[str, Any]:
    """Everything the page shows of `scope`; durations in seconds, work in minutes."""
    reading = _read(scope, now)
    period = scope.period
    months = list(period.months())
    end = min(period.end, now)
    promises = compliance.compliance(reading.clocks, period.start, period.end)
    received = reading.tickets.set_index("ticket")["received_at"]
    previous = Scope(period.previous, scope.team_id, scope.organization_id)
    return {
        "figures": {
            "current": _figures(reading, scope),
            "previous": _figures(reading, previous),
        },
        "is_over": period.end <= now,
        "months": _months(reading, months),
        "first_response": [_response(reading, month.start, month.end) for month in months],
        "resolution": [_resolution(reading, month.start, month.end) for month in months],
        "delivery": [_delivery(reading, month.start, month.end) for month in months],
        "compliance": plain(promises),
        "ageing": plain(backlog.ageing(reading.phases, received, end)),
        "ageing_day": _day_of(end, period).isoformat(),
        "hours": _hours(reading, scope),
        "confidential": scope.confidential(),
        "how": {
            name: "\n\n".join(inspect.getdoc(one) or "" for one in functions)
            for name, functions in HOW.items()
        },
    }


def _read(scope: Scope, now: datetime) -> Reading:
    frames = frames_about(scope, now=now)
    everyone, phases, clocks = tickets_of(frames), phases_of(frames), promises_of(frames)
    tickets, solved = scope.held(everyone), scope.solved(everyone)
    gaps = durations.resolved_gaps(phases)
    resolved = durations.resolution(counted(solved), gaps)
    approvals = frames.read("requests", ["ticket", "approved_at"])
    return Reading(
        tickets=tickets,
        phases=phases[phases["ticket"].isin(tickets["ticket"])],
        solved=solved,
        resolved=resolved,
        delivered=delivery(resolved, approvals, clocks, gaps),
        clocks=compliance.settled(clocks[clocks["ticket"].isin(solved["ticket"])], now),
        entries=time_of(scope, now=now, since=scope.period.previous.start),
        now=now,
    )


def _day_of(end: datetime, period: Period) -> Any:
    """The local date whose end, or whose present moment, `end` is."""
    return (end - timedelta(microseconds=1)).astimezone(ZoneInfo(period.zone)).date()


def _figures(reading: Reading, scope: Scope) -> dict[str, Any]:
    """The six figures of one period, with the counts they stand on."""
    start, end = scope.period.start, scope.period.end
    totals = compliance.totals(compliance.compliance(reading.clocks, start, end))
    kept = totals[totals["metric"] == "resolution"][["met", "breached"]].sum()
    resolved = within(reading.resolved, "resolved_at", start, end)
    still = backlog.open_at(reading.phases, min(end, reading.now))
    entries = hours.worked(reading.entries, scope.period.first, scope.period.last)
    billable = entries.loc[entries["billing_kind"] == "billable", "minutes"]
    return {
        "in_time": {"met": int(kept["met"]), "breached": int(kept["breached"])},
        "first_response": _response(reading, start, end),
        "resolution": _resolution(reading, start, end),
        "delivery": _delivery(reading, start, end),
        "reopened": routing.reopened(resolved),
        "open": {"open": len(still), "on_hold": int((still["phase"] == "waiting").sum())},
        "hours": {"billable": int(billable.sum()), "total": int(entries["minutes"].sum())},
    }


def _response(reading: Reading, start: datetime, end: datetime) -> dict[str, Any]:
    came = durations.first_response(counted(within(reading.tickets, "received_at", start, end)))
    found = durations.summary(came["seconds"])
    return _middle(found) | {"unanswered": int(came["is_unanswered"].sum())}


def _resolution(reading: Reading, start: datetime, end: datetime) -> dict[str, Any]:
    """Of incidents; a request is delivered, which is told apart (`KPI-5`)."""
    ended = within(reading.resolved, "resolved_at", start, end)
    ended = ended[ended["kind"] != REQUEST]
    return _middle(durations.summary(ended["seconds"]))


def _delivery(reading: Reading, start: datetime, end: datetime) -> dict[str, Any]:
    ended = within(reading.delivered, "resolved_at", start, end)
    return {
        name: _middle(durations.summary(ended[name]))
        for name in ("from_approval", "net", "from_receipt")
    }


def _middle(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: figures[name] for name in ("n", "p50", "p90")}


def _months(reading: Reading, months: list[Month]) -> list[dict[str, Any]]:
    by_time = plain(volume.by_month(reading.tickets, months))
    resolved = plain(volume.by_month(reading.solved, months))
    by_event = plain(backlog.flow(reading.phases, months))
    return [
        {"first": month.first.isoformat(), "last": month.last.isoformat(), "whole": month.is_whole}
        | recorded
        | {"resolved": solved["resolved"]}
        | moved
        for month, recorded, solved, moved in zip(months, by_time, resolved, by_event, strict=True)
    ]


def _hours(reading: Reading, scope: Scope) -> list[dict[str, Any]]:
    """Minutes per organization, billable and other ones."""
    entries = hours.worked(reading.entries, scope.period.first, scope.period.last)
    billable = entries["minutes"].where(entries["billing_kind"] == "billable", 0)
    table = hours.by(entries, ["organization_name", "organization"])
    own = billable.groupby(entries["organization"]).sum()
    return [
        {
            "organization": row["organization_name"],
            "key": int(row["organization"]),
            "minutes": int(row["minutes"]),
            "billable": int(own[row["organization"]]),
        }
        for row in table.to_dict("records")
    ]
