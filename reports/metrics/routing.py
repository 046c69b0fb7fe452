"""How often tickets changed hands or came back (`KPI-7`, `KPI-8`)."""

import pandas as pd

from .population import share

HISTOGRAM_END = 5


def reopened(tickets: pd.DataFrame) -> dict[str, float | int | None]:
    """Share of tickets reopened at least once.

    Formula: tickets with a reopening / tickets. A ticket reopened twice counts once.
    Population: the tickets given: those resolved in the period, or received in it.
    Edge cases: no ticket gives “n/a”.
    """
    n, yes = len(tickets), int((tickets["reopen_count"] > 0).sum())
    return {"n": n, "yes": yes, "share": share(yes, n)}


def reassignment_counts(tickets: pd.DataFrame) -> dict[str, float | int | None]:
    """Mean, median, P90 and maximum of the counter kept on the ticket.

    Our own tickets count changes of team after the first; imported ones keep the number that
    their source recorded, which may count other things, too.
    """
    counts = tickets["reassignment_count"]
    n = len(counts)
    return {
        "mean": float(counts.mean()) if n else None,
        "p50": float(counts.quantile(0.5)) if n else None,
        "p90": float(counts.quantile(0.9)) if n else None,
        "max": int(counts.max()) if n else None,
    }


def reassignment_histogram(tickets: pd.DataFrame) -> pd.DataFrame:
    """Number of tickets by reassignment counter: 0 to 4, and 5 or more."""
    counts = tickets["reassignment_count"].clip(upper=HISTOGRAM_END).value_counts()
    labels = [*(str(n) for n in range(HISTOGRAM_END)), f"{HISTOGRAM_END}+"]
    return pd.DataFrame(
        {
            "reassignments": labels,
            "tickets": [int(counts.get(n, 0)) for n in range(HISTOGRAM_END + 1)],
        }
    )


def handoffs(teams: pd.DataFrame) -> pd.DataFrame:
    """Changes of team per ticket, one row per ticket that ever had a team.

    Formula: `handoffs` = changes from one team to another in the order of events; `returns` =
    changes to a team that held the ticket before.
    Edge cases: the first team is no change; a time without a team in between is left out.
    """
    held = teams[teams["team"].notna()]
    ticket, team = held["ticket"], held["team"]
    changes = (ticket == ticket.shift()) & (team != team.shift())
    seen_before = held.assign(change=changes)
    seen_before["again"] = changes & held.duplicated(["ticket", "team"])
    found = seen_before.groupby("ticket", sort=True)[["change", "again"]].sum().astype("int64")
    return found.rename(columns={"change": "handoffs", "again": "returns"}).reset_index()


def handoff_summary(found: pd.DataFrame) -> dict[str, float | int | None]:
    """Figures of `handoffs`: mean, share that stayed with the first team, share with 3 changes
    or more, share that came back to a team."""
    n = len(found)
    return {
        "n": n,
        "mean": float(found["handoffs"].mean()) if n else None,
        "kept": int((found["handoffs"] == 0).sum()),
        "kept_share": share(int((found["handoffs"] == 0).sum()), n),
        "three_or_more_share": share(int((found["handoffs"] >= 3).sum()), n),
        "returned_share": share(int((found["returns"] > 0).sum()), n),
    }
