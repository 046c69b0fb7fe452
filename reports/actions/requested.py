"""What only requests have: what was ordered, whether it came by the agreed date, and how long it
took by the clock on the wall (docs/kpis.md, `requests`)."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from reports.frames.requests import KIND
from reports.metrics.compliance import settled
from reports.metrics.durations import seconds_between

from .shapes import contact_types, counts_of, hours_of, part_of

# Agreed dates of requests are promises of this measure.
MEASURE = "fulfilment"
KEPT, LATE, UNKNOWN = "ONTIME", "OVERDUE", "(blank)"


def requested(
    cohort: pd.DataFrame, clocks: pd.DataFrame, answers: Mapping[int, dict[str, Any]],
    *, end: datetime, zone: str,
) -> dict[str, Any]:  # fmt: skip
    """The figures of the requests of a cohort, as of `end`; empty when there are none.

    `answers` are those of the order forms, by request.
    """
    own = cohort[cohort["kind"] == KIND]
    if own.empty:
        return {}
    own = own.assign(
        source=contact_types(own),
        month=own["received_at"].dt.tz_convert(zone).dt.strftime("%Y-%m"),
        is_closed=own["closed_at"] < end,
    )
    return (
        {
            "by_status": {"Closed": int(own["is_closed"].sum()),
                          "Open": int((~own["is_closed"]).sum())},
            "by_team": _counts(own, "team_name"),
            "by_item": _counts(own, "item_name"),
            "by_recorded_flag": _counts(own.assign(flag=_flags(own)), "flag"),
            "by_closure_code": _counts(own, "closure_code", "(none)"),
            "with_photo": part_of(int(own["submitted_photo"].sum()), len(own)),
            "answers": _answers(answers, own["ticket"]),
        }
        | _agreed(own, clocks, end)
        | _until_closed(own, zone)
    )  # fmt: skip


def _counts(own: pd.DataFrame, column: str, none: str = "?") -> dict[str, int]:
    keys = own[column].astype("str")
    return counts_of(pd.DataFrame({"key": keys.where(keys != "", none)}))


def _flags(own: pd.DataFrame) -> pd.Series:
    """What the source of imported requests says about their date."""
    return own["made_sla"].map({1: KEPT, 0: LATE}).astype("object").fillna(UNKNOWN)


def _answers(answers: Mapping[int, dict[str, Any]], requests: pd.Series) -> dict[str, Any]:
    """Of each field of the forms how many requests leave it empty, and the answer most give."""
    given: dict[str, Counter[str]] = {}
    for request in requests:
        for name, value in answers.get(request, {}).items():
            if value not in (None, "", []):
                given.setdefault(name, Counter())[str(value)] += 1
    return {
        name: {
            "empty": len(requests) - found.total(),
            "most_given": found.most_common(1)[0][0],
            "times": found.most_common(1)[0][1],
        }
        for name, found in sorted(given.items())
    }


def _agreed(own: pd.DataFrame, clocks: pd.DataFrame, end: datetime) -> dict[str, Any]:
    """Requests with an agreed date, kept or not until `end`."""
    measured = settled(clocks, end)
    measured = measured[measured["metric"] == MEASURE].drop_duplicates("ticket")
    found = own.merge(measured[["ticket", "outcome", "due_at"]], on="ticket", how="inner")
    is_kept = (found["outcome"] == "met").where(found["is_closed"], found["due_at"] >= end)
    closed = found[found["is_closed"]].assign(yes=is_kept)
    known = found["made_sla"].notna()
    says_kept = found["made_sla"].eq(1).fillna(value=False)
    is_open = ~found["is_closed"]
    return {
        "with_target": len(found),
        "target_state": {
            "met": int((found["is_closed"] & is_kept).sum()),
            "missed": int((found["is_closed"] & ~is_kept).sum()),
            "open, overdue": int((is_open & ~is_kept).sum()),
            "open, in time": int((is_open & is_kept).sum()),
        },
        "computed_equals_recorded_flag": part_of(
            int((known & (says_kept == is_kept)).sum()), int(known.sum())
        ),
        "on_time_of_closed": {
            "all": _share(closed),
            "by_team": _shares(closed, "team_name"),
            "by_source": _shares(closed, "source"),
            "by_item": _shares(closed, "item_name"),
            "by_month_received": _shares(closed, "month"),
        },
    }


def _share(rows: pd.DataFrame) -> dict[str, Any]:
    return part_of(int(rows["yes"].sum()), len(rows))


def _shares(rows: pd.DataFrame, column: str) -> dict[str, Any]:
    return {str(key): _share(group) for key, group in rows.groupby(column, observed=True)}


def _until_closed(own: pd.DataFrame, zone: str) -> dict[str, Any]:
    """From receipt to closing: elapsed, and by the clock on the wall, which jumps twice a year."""
    closed = own[own["is_closed"]]
    begun, ended = (
        closed[column].dt.tz_convert(zone).dt.tz_localize(None)
        for column in ("received_at", "closed_at")
    )
    wall = (ended - begun).dt.total_seconds().clip(lower=0)
    elapsed = seconds_between(closed["received_at"], closed["closed_at"])
    return {
        "closed_at_once": int((elapsed == 0).sum()),
        "close_hours_elapsed": {
            "all": hours_of(elapsed), "differing_from_wall_clock": int((elapsed != wall).sum()),
        },
        "close_hours_wall_clock": {
            "all": hours_of(wall),
            "by_team": {
                str(team): hours_of(wall[group.index])
                for team, group in closed.groupby("team_name", observed=True)
            },
        },
    }  # fmt: skip
