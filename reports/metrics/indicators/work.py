"""Recorded hours (`BIL-3`)."""

import pandas as pd

from reports.metrics.computing import labels_of
from reports.metrics.hours import worked
from reports.metrics.indicator import (
    TICKET_DIMENSIONS,
    Frames,
    Indicator,
    Record,
    Statistic,
    Unit,
    Window,
)

from .rows import DIMENSION_COLUMNS

BILLABLE = "billable"
COLUMNS = ["entry", "ticket", "work_date", "minutes", "state", "billing_kind", "activity",
           "activity_name", "agent", "agent_name", *DIMENSION_COLUMNS]  # fmt: skip
HOUR = 60.0


def recorded(frames: Frames, window: Window) -> pd.DataFrame:
    """Recorded hours.

    Formula: sum of raw minutes / 60; contracts round when they bill, not here.
    Population: recorded time; rejected entries and time on confidential tickets are left out.
    Basis: the work date, a local date of the business time zone; the team is the one that holds the
    ticket now.
    """
    period = window.period
    found = worked(frames.read("time", COLUMNS), period.first, period.last)
    steps = labels_of(found["work_date"], window.step)
    value = found["minutes"] / HOUR
    is_billable = found["billing_kind"] == BILLABLE
    return found.assign(
        record=found["entry"], step=steps, value=value,
        part=value.where(is_billable, 0.0), whole=value,
    )  # fmt: skip


def billable(frames: Frames, window: Window) -> pd.DataFrame:
    """Billable hours.

    Formula: sum of raw minutes of billable entries / 60.
    Population: recorded time that is billable: neither included in a contract, nor prepaid, nor for
    nothing; rejected entries and time on confidential tickets are left out.
    Basis: the work date, a local date of the business time zone.
    """
    rows = recorded(frames, window)
    return rows[rows["billing_kind"] == BILLABLE]


def billable_share(frames: Frames, window: Window) -> pd.DataFrame:
    """Share of hours that are billable.

    Formula: billable hours / recorded hours.
    Population: recorded time; rejected entries and time on confidential tickets are left out.
    Basis: the work date, a local date of the business time zone.
    Edge cases: no recorded time gives “n/a”.
    """
    return recorded(frames, window)


BY = (*TICKET_DIMENSIONS, "activity", "billing_kind", "agent")

INDICATORS = (
    Indicator(
        "hours", "BIL-3", recorded, Statistic.SUM, Unit.HOURS, dimensions=BY, record=Record.ENTRY,
        is_personal=True,
    ),
    Indicator(
        "billable_hours", "BIL-3", billable, Statistic.SUM, Unit.HOURS, dimensions=BY,
        record=Record.ENTRY, is_personal=True,
    ),
    Indicator(
        "billable_share", "BIL-3", billable_share, Statistic.RATIO, Unit.SHARE, dimensions=BY,
        record=Record.ENTRY, is_personal=True,
    ),
)  # fmt: skip
