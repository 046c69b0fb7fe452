"""Recorded work, raw minutes as written down."""

import pandas as pd

from itil.timesheets.querysets import TimeEntryQuerySet

from .columns import COUNT, TEXT, typed_frame

TYPES = {
    "entry": COUNT,
    "ticket": COUNT,
    "number": TEXT,
    "agent": COUNT,
    "agent_name": TEXT,
    "activity": COUNT,
    "activity_name": TEXT,
    "organization": COUNT,
    "organization_name": TEXT,
    "billing_kind": TEXT,
    "state": TEXT,
    "minutes": COUNT,
    "note": TEXT,
}


def timesheet_frame(entries: TimeEntryQuerySet) -> pd.DataFrame:
    """One row per time entry by work date; `work_date` is a local date of the business zone."""
    rows = list(
        entries.order_by("work_date", "pk").values_list(
            "pk",
            "ticket_id",
            "ticket__number",
            "agent_id",
            "agent__name",
            "activity_id",
            "activity__name",
            "ticket__organization_id",
            "ticket__organization__name",
            "billing_kind",
            "state",
            "minutes",
            "note",
            "work_date",
        )
    )
    frame = typed_frame((row[:-1] for row in rows), TYPES)
    frame["work_date"] = pd.to_datetime(pd.Series([row[-1] for row in rows], dtype=object))
    frame["work_date"] = frame["work_date"].astype("datetime64[us]")
    return frame
