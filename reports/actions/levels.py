"""The service levels of a period; those of a month that is over stay as they were first told."""

import inspect
from datetime import datetime
from typing import Any

import pandas as pd

from itil.sla.models import BY_LEAD, Agreement
from itil.tickets.querysets import TicketQuerySet
from reports.frames.columns import plain
from reports.frames.measures import measures_frame, notes_frame
from reports.metrics.levels import (
    all_targets_met,
    changed,
    counted_once,
    left_out,
    tally,
)
from reports.models import ClosedPeriod

from .reading import Scope
from .snapshots import filters_of, key_of

# The most tickets that are listed as left out.
LISTED = 500
# What each part of the report is counted by, beside the measure.
PARTS = {
    "by_priority": ["priority"],
    "by_team": ["team", "team_name"],
    "by_service": ["service", "service_name"],
    "by_agreement": ["agreement", "agreement_name"],
}


def levels(scope: Scope, *, now: datetime) -> dict[str, Any]:
    """Everything the page of service levels shows; the closed figures of a month that is over, with
    what is different by now."""
    found = compute_levels(scope, now=now)
    if not _is_over_month(scope, now):
        return found | {"closed_at": None, "restated": []}
    filters = filters_of(scope)
    closed, _made = ClosedPeriod.objects.get_or_create(
        key=key_of(filters), defaults={"filters": filters, "figures": found, "closed_at": now}
    )
    figures: dict[str, Any] = closed.figures
    return figures | {
        "closed_at": closed.closed_at.isoformat(),
        "restated": changed(figures["measures"], found["measures"]),
    }


def _is_over_month(scope: Scope, now: datetime) -> bool:
    months = list(scope.period.months())
    return len(months) == 1 and months[0].is_whole and scope.period.end <= now


def compute_levels(scope: Scope, *, now: datetime) -> dict[str, Any]:
    """The service levels of `scope` by what is known at `now`."""
    start, end = scope.period.start, scope.period.end
    tickets = scope.solved_tickets()
    counted = counted_once(measures_frame(tickets, start, end), start, end, now)
    ours = counted[counted["kind"] == Agreement.Kind.SLA]
    excluded = left_out(ours, notes_frame(_of(tickets, ours)))
    return {
        "measures": _rows(tally(ours, ["metric"])),
        **{name: _rows(tally(ours, ["metric", *keys])) for name, keys in PARTS.items()},
        "stays": _rows(
            tally(counted[counted["kind"] == Agreement.Kind.OLA], ["metric", "stay", "stay_name"])
        ),
        "suppliers": _rows(
            tally(
                counted[counted["kind"] == Agreement.Kind.UC],
                ["metric", "supplier", "supplier_name"],
            )
        ),
        "tickets": all_targets_met(ours),
        "unmeasured": scope.unmeasured().count(),
        "left_out": excluded[:LISTED],
        "left_out_tickets": len({row["number"] for row in excluded}),
        "is_over": end <= now,
        "confidential": scope.confidential(),
        "how": inspect.getdoc(counted_once) or "",
    }


def _of(tickets: TicketQuerySet, counted: pd.DataFrame) -> TicketQuerySet:
    """The tickets of which a lead left a clock out; few, so that they are named one by one."""
    by_hand = (counted["counted"] == "excluded") & counted["exclusion"].isin(list(BY_LEAD))
    keys = counted.loc[by_hand, "ticket"].unique().tolist()
    return tickets.filter(pk__in=keys)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Shares are for the reader."""
    return plain(table.drop(columns="compliance"))
