"""Small audit logs, written the way the real one is."""

import csv
from pathlib import Path

from portal.imports.servicenow.log import OPTIONAL, REQUIRED

COLUMNS = (*REQUIRED, *OPTIONAL)
PLAIN = {
    "number": "INC0000045",
    "incident_state": "New",
    "reassignment_count": "0",
    "reopen_count": "0",
    "made_sla": "true",
    "caller_id": "Caller 2403",
    "opened_by": "Opened by  8",
    "opened_at": "29/2/2016 01:16",
    "sys_updated_by": "Updated by 21",
    "sys_updated_at": "29/2/2016 01:23",
    "contact_type": "Phone",
    "category": "Category 55",
    "subcategory": "Subcategory 170",
    "u_symptom": "Symptom 72",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Group 56",
    "assigned_to": "?",
    "resolved_at": "29/2/2016 11:29",
    "closed_at": "5/3/2016 12:00",
    "knowledge": "true",
    "location": "Location 143",
    "closed_code": "code 5",
}
STORY = (
    {},
    {
        "incident_state": "Active",
        "sys_updated_at": "29/2/2016 08:53",
        "assigned_to": "Resolver 17",
    },
    {
        "incident_state": "Awaiting User Info",
        "sys_updated_at": "29/2/2016 09:30",
        "assigned_to": "Resolver 17",
        "assignment_group": "Group 70",
        "reassignment_count": "1",
    },
    {
        "incident_state": "Resolved",
        "sys_updated_at": "29/2/2016 11:29",
        "assigned_to": "Resolver 17",
        "assignment_group": "Group 70",
        "reassignment_count": "1",
    },
    {
        "incident_state": "Closed",
        "sys_updated_at": "5/3/2016 12:00",
        "assigned_to": "Resolver 17",
        "assignment_group": "Group 70",
        "reassignment_count": "1",
    },
)


def line(**changes: str) -> dict[str, str]:
    """One row of the log; a column that is not given is missing (`?`)."""
    return dict.fromkeys(COLUMNS, "?") | PLAIN | changes


def story(**changes: str) -> list[dict[str, str]]:
    """One incident: taken, waiting for the caller two hours, resolved, closed."""
    return [line(**(step | changes)) for step in STORY]


def write(path: Path, rows: list[dict[str, str]], columns=COLUMNS) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
