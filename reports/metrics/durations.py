"""How long things took (`KPI-3`, `KPI-4`, `KPI-5`, `KPI-23`). Durations are seconds."""

import pandas as pd

PERCENTILES = (50, 75, 90, 95)
# Fewer cases than this say nothing about the tail (`KPI-23`).
FEWEST = {90: 10, 95: 20}


def seconds_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """Elapsed seconds from `start` to `end`; negative ones count as 0, missing ones stay so."""
    return (end - start).dt.total_seconds().clip(lower=0)


def summary(seconds: pd.Series, unit: float = 1.0) -> dict[str, float | int | None]:
    """Number of cases, mean and percentiles of durations, in units of `unit` seconds.

    Formula: mean = sum / n; percentiles interpolate linearly between order statistics (type 7).
    Population: the values given; missing ones are not counted.
    Edge cases: no case gives None for every figure; P90 needs 10 cases, P95 needs 20.
    """
    values = seconds.dropna() / unit
    n = len(values)
    figures: dict[str, float | int | None] = {"n": n, "mean": float(values.mean()) if n else None}
    for percent in PERCENTILES:
        enough = n >= FEWEST.get(percent, 1)
        figures[f"p{percent}"] = float(values.quantile(percent / 100)) if enough else None
    return figures


def summaries(frame: pd.DataFrame, by: str, column: str, unit: float = 1.0) -> pd.DataFrame:
    """`summary` of `column` for each value of `by`, one row each in the order of the values."""
    rows = [
        {by: value, **summary(group[column], unit)} for value, group in frame.groupby(by, sort=True)
    ]
    return pd.DataFrame(rows, columns=[by, "n", "mean", *(f"p{p}" for p in PERCENTILES)])


def observed_percentile(values: pd.Series, percent: int) -> float | None:
    """The smallest value that so many percent do not exceed (nearest rank, `KPI-23`): one that was
    observed, for contracts that say “95 % of tickets within”. None of none."""
    known = values.dropna().sort_values()
    if known.empty:
        return None
    # Rounded up in whole numbers: a binary fraction could end a hair above.
    rank = max(1, -(-percent * len(known) // 100))
    return float(known.iloc[rank - 1])


# What another system noticed: nobody is waiting for a word.
NO_CONTACT = ("system",)


def first_response(tickets: pd.DataFrame) -> pd.DataFrame:
    """Time to first response, by month or as one figure.

    Formula: first public message of a person of the desk − time received.
    Population: tickets received in the period from a person that have an answer; not cancelled,
    merged or child tickets. Tickets without an answer are counted as unanswered and are not in the
    times.
    Basis: received in the period; real elapsed time, day and night.
    Edge cases: a ticket taken on the telephone or at the desk was answered at once: as its 0 would
    pull the median down, it is in none of the times and told apart. What another system noticed
    has nobody who waits for a word. Percentiles interpolate (type 7); 9 in 10 is given from 10
    cases on.
    """
    found = tickets[~tickets["channel"].isin(NO_CONTACT)]
    # An answer at the very instant of the receipt is one with the requester on the line.
    is_live = found["first_response_at"] <= found["received_at"]
    seconds = seconds_between(found["received_at"], found["first_response_at"])
    return found.assign(
        seconds=seconds.mask(is_live),
        is_live=is_live,
        is_unanswered=found["first_response_at"].isna(),
    )


def acknowledgement(tickets: pd.DataFrame) -> pd.DataFrame:
    """Time to the first act of a person: taking, assigning or answering.

    Formula: time acknowledged − time received; negative values count as 0.
    Population and basis: tickets received in the period; real elapsed time.
    Edge cases: for imported tickets this is the first recorded assignee, as their log has no
    first reply; tickets never assigned are not in the times.
    """
    return tickets.assign(
        seconds=seconds_between(tickets["received_at"], tickets["acknowledged_at"])
    )


def first_assignment(tickets: pd.DataFrame) -> pd.DataFrame:
    """Time to the first assignee.

    Formula: time of the first assignee − time received; negative values count as 0.
    Population and basis: tickets received in the period that ever had an assignee.
    """
    return tickets.assign(
        seconds=seconds_between(tickets["received_at"], tickets["first_assigned_at"])
    )


def resolution(tickets: pd.DataFrame, gaps: pd.Series) -> pd.DataFrame:
    """Time to resolution, by month or as one figure.

    Formula: last resolution − time received − time between an earlier resolution and the
    reopening after it.
    Population: incidents whose last resolution lies in the period and that are not open again;
    not cancelled, merged or child tickets. Requests have figures of their own.
    Basis: resolved in the period; real elapsed time, day and night, waiting included.
    Edge cases: a ticket that is reopened leaves its period until it is resolved again.
    """
    full = seconds_between(tickets["received_at"], tickets["resolved_at"])
    taken = tickets["ticket"].map(gaps).fillna(0.0)
    return tickets.assign(seconds=(full - taken).clip(lower=0), seconds_with_gaps=full)


def resolved_gaps(phases: pd.DataFrame) -> pd.Series:
    """Seconds each ticket spent between being done and being reopened, by ticket.

    `phases` is in the order of events. The stretch after the last resolution is no gap.
    """
    done = phases["phase"] == "done"
    ticket = phases["ticket"]
    begins = done & ~(done.shift(fill_value=False) & (ticket == ticket.shift()))
    since = phases["at"].where(begins).groupby(ticket).ffill()
    reopens = ~done & done.shift(fill_value=False) & (ticket == ticket.shift())
    gap = (phases["at"] - since).dt.total_seconds()
    return gap[reopens].groupby(ticket[reopens]).sum()
