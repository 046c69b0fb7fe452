"""Promises kept (`SLA-27`, `KPI-10`)."""

from functools import partial

import pandas as pd

from reports.metrics.compliance import settled
from reports.metrics.computing import begun
from reports.metrics.endings import UNSOLVED
from reports.metrics.indicator import (
    TICKET_DIMENSIONS,
    Frames,
    Indicator,
    Record,
    Statistic,
    Unit,
    Window,
)
from reports.metrics.levels import EXCLUDED, all_targets, is_pending
from reports.metrics.population import is_within, joined, within

from .rows import DIMENSION_COLUMNS, solved_rows

CLOCK_COLUMNS = [
    "clock", "ticket", "metric", "target", "state", "outcome", "exclusion", "started_at", "due_at",
    "outcome_at", "agreement", "agreement_name", "agreement_kind", "stay", "stay_name", "supplier",
    "supplier_name",
]  # fmt: skip
CUSTOMERS, TEAMS, SUPPLIERS = "sla", "ola", "uc"
DECIDED = ("met", "breached")
RESOLUTION = "resolution"


def _clocks(frames: Frames, window: Window, kind: str) -> pd.DataFrame:
    """Every measured promise of a kind of agreement as it stands now."""
    clocks = frames.read("clocks", CLOCK_COLUMNS)
    return settled(clocks[clocks["agreement_kind"] == kind], window.now)


def _ended(frames: Frames, window: Window, kind: str) -> pd.DataFrame:
    """Those of which the outcome falls into the period."""
    clocks, start, end = frames.read("clocks", CLOCK_COLUMNS), window.start, window.end
    # Most fall into other periods, whether they ended or are overdue: few rows are copied.
    near = is_within(clocks["outcome_at"], start, end) | is_within(clocks["due_at"], start, end)
    found = settled(clocks[near & (clocks["agreement_kind"] == kind)], window.now)
    return within(found, "outcome_at", start, end)


def _placed(frames: Frames, clocks: pd.DataFrame) -> pd.DataFrame:
    """With where the ticket of each belongs; the team is the one that resolved it, the priority
    what was promised for, which may be a severity (`codes.level_code`)."""
    columns = [name for name in DIMENSION_COLUMNS if name != "priority"]
    tickets = frames.read("tickets", ["ticket", "solver", "solver_name", *columns])
    found = joined(clocks, tickets)
    return found.assign(
        record=found["clock"], at=found["outcome_at"], priority=found["target"],
        team=found["solver"], team_name=found["solver_name"], reason=found["exclusion"],
    )  # fmt: skip


def _decided(frames: Frames, window: Window, kind: str) -> pd.DataFrame:
    clocks = _ended(frames, window, kind)
    clocks = _placed(frames, clocks[clocks["outcome"].isin(DECIDED)])
    return clocks.assign(yes=clocks["outcome"] == "met")


def kept(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of promises kept.

    Formula: met / (met + missed). Totals are sums of counts, never means of percentages.
    Population: every measured promise to a customer, once. Pending and excluded ones are listed
    beside, never inside; tickets without an agreement have no promise and are not counted.
    Basis: the period of the outcome: the time it was met, or the due time that was missed, so that
    an overdue open ticket counts at once. The team is the one that resolved the ticket.
    Edge cases: nothing to count gives “n/a”. Met at the very instant it was due is met.
    """
    return _decided(frames, window, CUSTOMERS)


def resolved_in_time(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of solutions that came in time.

    Formula: resolutions in time / (resolutions in time + resolutions late).
    Population: every measured promise to a customer of a time to resolution, once. Pending and
    excluded ones are never inside; tickets without an agreement have no promise and are not
    counted.
    Basis: the period of the outcome: the time it was met, or the due time that was missed, so that
    an overdue open ticket counts at once. The team is the one that resolved the ticket.
    Edge cases: nothing to count gives “n/a”. Met at the very instant it was due is met.
    """
    rows = kept(frames, window)
    return rows[rows["metric"] == RESOLUTION]


def kept_between_teams(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of promises kept between teams.

    Formula: met / (met + missed).
    Population: every measured promise of an agreement between teams, once.
    Basis: the period of the outcome. The team is the one whose time with the ticket is measured.
    Edge cases: nothing to count gives “n/a”. Pending and excluded ones are never inside.
    """
    rows = _decided(frames, window, TEAMS)
    return rows.assign(team=rows["stay"], team_name=rows["stay_name"])


def kept_by_suppliers(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of promises that suppliers have kept.

    Formula: met / (met + missed).
    Population: every measured promise of a supplier, one for each time a ticket was handed over.
    Basis: the period of the outcome. The team is the one that resolved the ticket.
    Edge cases: nothing to count gives “n/a”. Pending and excluded ones are never inside.
    """
    return _decided(frames, window, SUPPLIERS)


def all_kept(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of tickets of which every promise was kept.

    Formula: tickets without a missed promise and with at least one met / tickets.
    Population: tickets of which a promise to a customer was decided in the period.
    Basis: the period of the outcomes; a ticket counts once, at its last outcome in the period. The
    team is the one that resolved the ticket.
    Edge cases: nothing to count gives “n/a”.
    """
    decided = kept(frames, window).sort_values("outcome_at", kind="stable")
    told = all_targets(decided.assign(counted=decided["outcome"]))
    rows = decided.drop_duplicates("ticket", keep="last").drop(columns=["metric", "agreement"])
    return rows.assign(record=rows["ticket"], yes=rows["ticket"].map(told).astype(bool))


def pending(frames: Frames, window: Window) -> pd.DataFrame:
    """Promises that are not decided yet at the end of each step.

    Formula: number of promises to customers that had begun and were neither met nor missed.
    Population: every measured promise to a customer that is not excluded.
    Basis: the end of the step, or now; a running one past its due time is missed, not pending.
    """
    clocks = _clocks(frames, window, CUSTOMERS)
    rows = [clocks.head(0).assign(step="")]
    for step in begun(window):
        rows.append(clocks[is_pending(clocks, step.end)].assign(step=step.label))
    return _placed(frames, pd.concat(rows, ignore_index=True))


def excluded(frames: Frames, window: Window) -> pd.DataFrame:
    """Promises that are left out of the share.

    Formula: number of promises to customers that a lead has left out with a reason, or that were
    left out because the ticket was cancelled or merged.
    Population: every measured promise to a customer.
    Basis: the period of the outcome: one that had been met or missed when a lead left it out stays
    in that period; any other falls into the period in which it was left out. The team is the one
    that resolved the ticket.
    """
    clocks = _ended(frames, window, CUSTOMERS)
    return _placed(frames, clocks[clocks["outcome"] == EXCLUDED])


def unmeasured(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets that nothing was promised on to a customer.

    Formula: number of tickets without a single clock of an agreement with a customer.
    Population: tickets received in the period; without cancelled and declined ones.
    Basis: received in the period. The team is the one that resolved the ticket, or holds it.
    """
    clocks = frames.read("clocks", ["ticket", "agreement_kind"])
    promised = clocks.loc[clocks["agreement_kind"] == CUSTOMERS, "ticket"]
    columns = ["ticket", "received_at", "status", "solver", "solver_name", *DIMENSION_COLUMNS]
    tickets = within(frames.read("tickets", columns), "received_at", window.start, window.end)
    found = tickets[~tickets["status"].isin(UNSOLVED) & ~tickets["ticket"].isin(promised)]
    return solved_rows(found, found["received_at"])


PROMISED = (*TICKET_DIMENSIONS, "metric", "agreement")
_of_clocks = partial(Indicator, record=Record.CLOCK)
_compliance = partial(
    _of_clocks, reference="KPI-10", statistic=Statistic.SHARE, unit=Unit.SHARE, more_is=+1
)

INDICATORS = (
    _compliance("compliance", rows=kept, dimensions=PROMISED),
    _compliance("resolved_in_time", rows=resolved_in_time, dimensions=PROMISED),
    _compliance("compliance_teams", rows=kept_between_teams, dimensions=PROMISED),
    _compliance(
        "compliance_suppliers", rows=kept_by_suppliers, dimensions=(*PROMISED, "supplier")
    ),
    Indicator(
        "all_targets_met", "SLA-27", all_kept, Statistic.SHARE, Unit.SHARE, more_is=+1
    ),
    _of_clocks(
        "promises_pending", "SLA-27", pending, Statistic.COUNT, Unit.COUNT, dimensions=PROMISED,
        is_level=True,
    ),
    _of_clocks(
        "promises_excluded", "SLA-28", excluded, Statistic.COUNT, Unit.COUNT,
        dimensions=(*PROMISED, "reason"),
    ),
    Indicator("unmeasured", "SLA-27", unmeasured, Statistic.COUNT, Unit.COUNT, more_is=-1),
)  # fmt: skip
