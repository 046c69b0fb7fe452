"""Time spent waiting, from events."""

import pandas as pd

HOUR = 3600.0


def waits(phases: pd.DataFrame, tickets: pd.DataFrame) -> pd.DataFrame:
    """The stretches each ticket was on hold, `[start, end)`, cut to its life.

    Formula: from an event that put the ticket on hold to the next one, cut to the time between
    receipt and last resolution. Population: tickets with both times.
    """
    ticket = phases["ticket"]
    ends = phases["at"].shift(-1).where(ticket == ticket.shift(-1))
    life = tickets.set_index("ticket")[["received_at", "resolved_at"]]
    held = phases.assign(end=ends)[phases["phase"] == "waiting"]
    held = held.join(life, on="ticket", how="inner")
    start = held[["at", "received_at"]].max(axis=1)
    end = held[["end", "resolved_at"]].min(axis=1)
    found = pd.DataFrame({"ticket": held["ticket"], "start": start, "end": end})
    return found[found["end"] > found["start"]].reset_index(drop=True)


def waiting_hours(stretches: pd.DataFrame) -> float:
    """Hours on hold altogether, day and night."""
    return float((stretches["end"] - stretches["start"]).dt.total_seconds().sum() / HOUR)
