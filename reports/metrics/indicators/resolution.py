"""How long it took until things worked again (`KPI-5`), and whether they stayed so (`KPI-7`)."""

import pandas as pd

from reports.metrics.delivery import delivery
from reports.metrics.durations import resolution as timed_resolution
from reports.metrics.durations import resolved_gaps
from reports.metrics.indicator import Frames, Indicator, Statistic, Unit, Window
from reports.metrics.population import of_these, was_reopened

from .rows import REQUEST, resolved_cohort, solved_rows, timed

CLOCK_COLUMNS = ["ticket", "metric", "agreement_kind", "state", "elapsed_seconds"]
WITH_CUSTOMERS = "sla"
STOPPED = "stopped"


def _gaps(frames: Frames, found: pd.DataFrame) -> pd.Series:
    """The time between a resolution and the reopening after it, of tickets that have any."""
    # Also of one that was reopened out of courtesy, for that was time without work.
    again = found.loc[was_reopened(found), "ticket"]
    phases = frames.read("phases", ["ticket", "at", "phase"])
    return resolved_gaps(of_these(phases, again))


def _measured(frames: Frames) -> pd.DataFrame:
    """Clocks of promises to customers that have stopped."""
    clocks = frames.read("clocks", CLOCK_COLUMNS)
    return clocks[(clocks["agreement_kind"] == WITH_CUSTOMERS) & (clocks["state"] == STOPPED)]


def resolution(frames: Frames, window: Window) -> pd.DataFrame:
    """Time to resolution.

    Formula: last resolution − time received − time between an earlier resolution and the
    reopening after it.
    Population: tickets but requests whose last resolution lies in the period and that are not open
    again; not cancelled, merged or child tickets. Requests have figures of their own.
    Basis: resolved in the period; real elapsed time, day and night, waiting included. The team is
    the one that resolved the ticket.
    Edge cases: a ticket that is reopened leaves its period until it is resolved again.
    """
    found = resolved_cohort(frames, window)
    found = found[found["kind"] != REQUEST]
    times = timed_resolution(found, _gaps(frames, found))
    return solved_rows(found, found["resolved_at"]).assign(value=times["seconds"])


def resolution_net(frames: Frames, window: Window) -> pd.DataFrame:
    """Time to resolution in working time.

    Formula: the time that the clock of the resolution has counted: hours of the agreement, without
    the time in which the ticket waited for somebody else.
    Population: as for the time to resolution; tickets without an agreement have no clock and are
    not counted here.
    Basis: resolved in the period. The team is the one that resolved the ticket.
    Edge cases: a ticket that is reopened leaves its period until it is resolved again, and its
    clock goes on from where it stopped.
    """
    found = resolved_cohort(frames, window)
    found = found[found["kind"] != REQUEST]
    clocks = _measured(frames)
    own = clocks[clocks["metric"] == "resolution"].drop_duplicates("ticket").set_index("ticket")
    net = found["ticket"].map(own["elapsed_seconds"]).astype("float64")
    return solved_rows(found, found["resolved_at"]).assign(value=net)


def _delivered(frames: Frames, window: Window, column: str) -> pd.DataFrame:
    found = resolved_cohort(frames, window)
    found = found[found["kind"] == REQUEST]
    approvals = frames.read("requests", ["ticket", "approved_at"])
    times = delivery(found, approvals, _measured(frames), _gaps(frames, found))
    return solved_rows(times, times["resolved_at"]).assign(value=times[column])


def delivered_from_approval(frames: Frames, window: Window) -> pd.DataFrame:
    """Time to delivery of requests, from their approval.

    Formula: last delivery − approval, less the time between an earlier delivery and the complaint
    that nothing came.
    Population: requests whose last delivery lies in the period and that are not open again; not
    cancelled, declined, merged or child tickets.
    Basis: delivered in the period; real elapsed time, day and night.
    Edge cases: what needed no approval was approved when it came in. What is approved anew after
    a change counts from the first approval.
    """
    return _delivered(frames, window, "from_approval")


def delivered_from_receipt(frames: Frames, window: Window) -> pd.DataFrame:
    """Time to delivery of requests, from their receipt: what the requester waited.

    Formula: last delivery − time received, less the time between an earlier delivery and the
    complaint that nothing came.
    Population: requests whose last delivery lies in the period and that are not open again; not
    cancelled, declined, merged or child tickets.
    Basis: delivered in the period; real elapsed time, day and night, approvals included.
    """
    return _delivered(frames, window, "from_receipt")


def delivered_net(frames: Frames, window: Window) -> pd.DataFrame:
    """Time to delivery of requests in working time.

    Formula: the time that the clock of the request has counted: hours of the agreement, without
    the time in which it waited for somebody else.
    Population: as for the time to delivery; without an agreement there is no working time.
    Basis: delivered in the period.
    """
    return _delivered(frames, window, "net")


def reopened(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of tickets reopened at least once.

    Formula: tickets with a reopening / tickets. A ticket reopened twice counts once.
    Population: tickets last resolved in the period; not cancelled, merged or child tickets.
    Basis: resolved in the period; the team is the one that resolved the ticket.
    Edge cases: no ticket gives “n/a”. A reopening that the desk called a courtesy, when it resolved
    the ticket again within one business hour, does not count.
    """
    found = resolved_cohort(frames, window)
    return solved_rows(found, found["resolved_at"]).assign(yes=found["reopen_count"] > 0)


INDICATORS = (
    *timed("resolution", "KPI-5", resolution),
    *timed("resolution_net", "KPI-5", resolution_net),
    *timed("delivery", "KPI-5", delivered_from_receipt),
    *timed("delivery_from_approval", "KPI-5", delivered_from_approval),
    *timed("delivery_net", "KPI-5", delivered_net),
    Indicator("reopened", "KPI-7", reopened, Statistic.SHARE, Unit.SHARE, more_is=-1),
)
