"""How long requests took (`KPI-5`). Durations are seconds."""

import pandas as pd

from .durations import seconds_between


def delivery(
    tickets: pd.DataFrame, approvals: pd.DataFrame, clocks: pd.DataFrame, gaps: pd.Series
) -> pd.DataFrame:
    """Time to delivery of requests, by month or as one figure.

    Formula: last delivery − approval, and beside it last delivery − time received; both less the
    time between an earlier delivery and the complaint that nothing came. In working time it is
    the clock of the request: hours of the agreement, waiting left out.
    Population: requests whose last delivery lies in the period and that are not open again; not
    cancelled, declined, merged or child tickets.
    Basis: delivered in the period; real elapsed time, day and night, unless it says working time.
    Edge cases: what needed no approval was approved when it came in. What is approved anew after
    a change counts from the first approval. Without an agreement there is no working time.
    """
    found = tickets.merge(approvals, on="ticket", how="inner", validate="one_to_one")
    approved = found["approved_at"].fillna(found["received_at"])
    between = found["ticket"].map(gaps).fillna(0.0)
    own = clocks[clocks["metric"] == "fulfilment"].drop_duplicates("ticket").set_index("ticket")
    return found.assign(
        from_approval=(seconds_between(approved, found["resolved_at"]) - between).clip(lower=0),
        from_receipt=(seconds_between(found["received_at"], found["resolved_at"]) - between).clip(
            lower=0
        ),
        net=found["ticket"].map(own["elapsed_seconds"]).astype("float64"),
    )
