"""Promises kept (`SLA-27`, `KPI-10`)."""

from datetime import datetime
from typing import Any

import pandas as pd

from .population import share

COLUMNS = ["metric", "priority", "met", "breached", "pending", "excluded", "compliance"]

OUTCOME = pd.CategoricalDtype(["met", "breached", "pending", "excluded"])


def settled(clocks: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """The clocks with what is true at `now`: a running one past its due time is breached then,
    although nobody has noticed it yet."""
    overdue = (
        (clocks["outcome"] == "pending") & (clocks["state"] == "running") & (clocks["due_at"] < now)
    )
    return clocks.assign(
        outcome=clocks["outcome"].astype(OUTCOME).mask(overdue, "breached"),
        outcome_at=clocks["outcome_at"].where(~overdue, clocks["due_at"]),
    )


def compliance(clocks: pd.DataFrame, start: datetime, end: datetime) -> pd.DataFrame:
    """Share of promises kept, per metric and priority.

    Formula: met / (met + missed). Totals are sums of counts, never means of percentages.
    Population: every measured promise, once. Pending and excluded ones are listed beside, never
    inside; tickets without an agreement have no promise and are not counted.
    Basis: the period of the outcome: the time it was met, or the due time that was missed, so
    that an overdue open ticket counts at once.
    Edge cases: nothing to count gives “n/a”. Met at the very instant it was due is met.
    """
    decided = clocks[
        clocks["outcome"].isin(["met", "breached"])
        & (clocks["outcome_at"] >= start)
        & (clocks["outcome_at"] < end)
    ]
    return _table(decided, clocks[clocks["outcome"].isin(["pending", "excluded"])])


def cohort_compliance(clocks: pd.DataFrame) -> pd.DataFrame:
    """Share of promises kept, per metric and priority, whenever they were decided.

    As `compliance`, but over all clocks given: those of a cohort of tickets. Met means here that
    the time used up does not exceed the target; unlike the due time it forgives work finished
    after closing time when the target ended at closing time (`SLA-15` calls that late).
    """
    ended = clocks[clocks["outcome"].isin(["met", "breached"])]
    within_target = ended["elapsed_seconds"] <= ended["target_seconds"]
    judged = ended.assign(outcome=within_target.map({True: "met", False: "breached"}))
    return _table(judged, clocks[clocks["outcome"].isin(["pending", "excluded"])])


def _table(decided: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    rows = []
    both = pd.concat([decided, others])
    keys: Any
    for keys, group in both.groupby(["metric", "priority"], sort=True):
        metric, priority = keys
        counts = group["outcome"].value_counts()
        met, breached = int(counts.get("met", 0)), int(counts.get("breached", 0))
        rows.append(
            {
                "metric": metric,
                "priority": int(priority),
                "met": met,
                "breached": breached,
                "pending": int(counts.get("pending", 0)),
                "excluded": int(counts.get("excluded", 0)),
                "compliance": share(met, met + breached),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def totals(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `compliance` added up per metric."""
    counts = ["met", "breached", "pending", "excluded"]
    summed = table.groupby("metric", as_index=False, sort=True)[counts].sum()
    shares = [
        share(int(met), int(met + breached))
        for met, breached in zip(summed["met"], summed["breached"], strict=True)
    ]
    return summed.assign(compliance=pd.Series(shares, index=summed.index, dtype="float64"))
