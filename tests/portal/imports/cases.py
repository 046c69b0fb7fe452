"""Small files of a city's requests and of its catalog, written the way the real ones are."""

import csv
from pathlib import Path

from django.core.management import call_command

from portal.imports.requests.cases import OPTIONAL, REQUIRED
from portal.selfservice.actions import ensure_home

COLUMNS = (*REQUIRED, *OPTIONAL)
CATALOG = [
    {"type": "Street Light Outages", "subject": "Public Works", "reason": "Street Lights",
     "department": "PWDx", "due_kind": "business", "due_days": "10"},
    {"type": "Animal Lost", "subject": "Animal Control", "reason": "Animal Issues",
     "department": "ANML", "due_kind": "none", "due_days": ""},
]  # fmt: skip
PLAIN = {
    "case_id": "101001240735",
    "opened_at": "2015-01-01T00:25:23",
    "target_at": "2015-01-16T08:30:00",
    "closed_at": "2015-01-02T16:17:43",
    "status": "Closed",
    "type": "Street  Light Outages",
    "department": "PWDx",
    "source": "Citizens Connect App",
    "on_time": "ONTIME",
    "closure_code": "Resolved",
    "title": "Street Light Outages",
    "subject": "Public Works",
    "reason": "Street Lights",
    "queue": "PWDx_Street Light Outages",
    "neighborhood": "Fenway",
    "zip": "02215",
    "latitude": "42.347",
    "longitude": "-71.094",
    "submitted_photo": "1",
    "closed_photo": "0",
}
OPEN = {"status": "Open", "closed_at": "", "closure_code": ""}


def case(**changes: str) -> dict[str, str]:
    """One case, closed in time unless said otherwise."""
    return PLAIN | changes


def write(path: Path, rows: list[dict[str, str]], columns=COLUMNS) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def make_catalog(folder: Path) -> None:
    """A catalog of two items, in Boston's time."""
    ensure_home()
    path = write(folder / "catalog.csv", CATALOG, tuple(CATALOG[0]))
    call_command("import_catalog", str(path), time_zone="America/New_York", verbosity=0)
