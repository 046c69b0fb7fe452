"""Service levels of a period: every clock counted once, kinds kept apart (`SLA-27`, `SLA-28`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from .compliance import settled
from .population import share

EXCLUDED = "excluded"
COUNTS = ["met", "breached", "pending", EXCLUDED]


def counted_once(
    clocks: pd.DataFrame, start: datetime, end: datetime, now: datetime
) -> pd.DataFrame:
    """Promises kept, in a period.

    Formula: kept / (kept + missed). Totals are sums of counts, never means of percentages.
    Population: every clock once, in the period of its outcome: when it was met, or the due time
    that was missed, so that an overdue open ticket counts at once. Beside it and never inside:
    pending, not decided at the end of the period (or now); left out, by a lead or because the
    ticket was cancelled or merged; unmeasured, tickets received in the period without any promise
    to a customer.
    Basis: instants. Met at the very instant it was due is met.
    Edge cases: nothing to count gives “n/a”. Promises to customers, between teams and of suppliers
    are kept apart. The team is the one that resolved the ticket, or that holds it.
    """
    known = settled(clocks, now)
    inside = (known["outcome_at"] >= start) & (known["outcome_at"] < end)
    pending = is_pending(known, end)
    return known.assign(counted=known["outcome"].mask(pending, "pending"))[inside | pending]


def is_pending(known: pd.DataFrame, at: datetime) -> pd.Series:
    """Which of settled clocks had begun by an instant and were neither met nor missed before it;
    what was left out never is."""
    undecided = known["outcome_at"].isna() | (known["outcome_at"] >= at)
    return (known["outcome"] != EXCLUDED) & undecided & (known["started_at"] < at)


def tally(counted: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """How many clocks were met, missed, pending and left out for each value of `keys`, and the
    share that was met of those decided."""
    columns = list(keys)
    flags = {name: (counted["counted"] == name).astype("int64") for name in COUNTS}
    summed = (
        counted.assign(**flags)
        .groupby(columns, dropna=False, sort=True, as_index=False)[COUNTS]
        .sum()
    )
    shares = [
        share(int(met), int(met + breached))
        for met, breached in zip(summed["met"], summed["breached"], strict=True)
    ]
    return summed.assign(compliance=pd.Series(shares, index=summed.index, dtype="float64"))


def all_targets_met(counted: pd.DataFrame) -> dict[str, int]:
    """Tickets of which a promise was decided in the period: how many, and how many of them kept all
    of these: no missed clock and at least one that was met."""
    kept = all_targets(counted)
    return {"n": len(kept), "yes": int(kept.sum())}


def all_targets(counted: pd.DataFrame) -> pd.Series:
    """By ticket of which something was decided: whether none of these was missed."""
    decided = counted[counted["counted"].isin(["met", "breached"])]
    return (decided["counted"] == "met").groupby(decided["ticket"]).all()


def left_out(counted: pd.DataFrame, notes: pd.DataFrame) -> list[dict[str, Any]]:
    """The tickets of which clocks were left out, with the reason and, where a lead gave one, the
    note; by number."""
    excluded = counted[counted["counted"] == "excluded"]
    said = {(row["ticket"], row["exclusion"]): row for row in notes.to_dict("records")}
    rows = []
    keys: Any
    for keys, group in excluded.groupby(["number", "ticket", "exclusion"], sort=True):
        number, ticket, exclusion = keys
        note = said.get((ticket, exclusion), {})
        rows.append(
            {
                "number": number,
                "reason": exclusion,
                "metrics": sorted(set(group["metric"])),
                "note": note.get("note", ""),
                "by": note.get("by", ""),
                "at": (note.get("at") or group["outcome_at"].max()).isoformat(),
            }
        )
    return rows


def changed(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The measures of a closed period whose counts are others by now, with both."""
    now = {row["metric"]: row for row in after}
    was = {row["metric"]: row for row in before}
    nothing = dict.fromkeys(COUNTS, 0)
    return [
        {
            "metric": metric,
            "was": {name: was.get(metric, nothing)[name] for name in COUNTS},
            "now": {name: now.get(metric, nothing)[name] for name in COUNTS},
        }
        for metric in dict.fromkeys([*was, *now])
        if any(
            was.get(metric, nothing)[name] != now.get(metric, nothing)[name]
            for name in ("met", "breached", "excluded")
        )
    ]
