"""The audit log as a file: what its rows mean, and which of them are damaged.

One row is one saved state of one incident. Times are `d/m/yyyy hh:mm`, day first, without a zone;
they are read as UTC. `?` is the missing value.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from sys import intern

from portal.imports.tables import Columns, Damage, Damaged, Progress, no_damage, open_table

MISSING = "?"
REQUIRED = (
    "number",
    "incident_state",
    "reassignment_count",
    "reopen_count",
    "made_sla",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "category",
    "subcategory",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "resolved_at",
    "closed_at",
)
OPTIONAL = (
    "location",
    "u_symptom",
    "cmdb_ci",
    "knowledge",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "closed_code",
    "resolved_by",
)
COLUMNS = Columns("an incident audit log", REQUIRED, OPTIONAL)
STATES = frozenset(
    {
        "New",
        "Active",
        "Awaiting User Info",
        "Awaiting Vendor",
        "Awaiting Problem",
        "Awaiting Evidence",
        "Resolved",
        "Closed",
    }
)


@dataclass(slots=True)
class Row:
    """One saved state. Codes are texts with single spaces, `""` when missing; times are UTC."""

    number: str
    state: str
    at: datetime
    by: str
    opened_at: datetime
    opened_by: str
    caller: str
    contact_type: str
    category: str
    subcategory: str
    impact: int
    urgency: int
    priority: int
    team: str
    assignee: str
    resolved_at: datetime | None
    closed_at: datetime | None
    reassignment_count: int
    reopen_count: int
    made_sla: bool
    others: tuple[str, ...]  # the values of OPTIONAL, in that order


@dataclass
class Log:
    """The readable rows by incident, in the order of the file, and what was left out and why."""

    incidents: dict[str, list[Row]] = field(default_factory=dict)
    rows_read: int = 0
    damaged: Damage = field(default_factory=no_damage)


def read_log(path: Path, progress: Progress) -> Log:
    """Read the whole file. Raises NotThisTable before anything can have been written."""
    with open_table(path, COLUMNS) as (reader, places, width):
        return _collect(progress(reader), reader, _parser(places, width))


def _collect(lines: Iterator[list[str]], reader, parse: Callable[[list[str]], Row]) -> Log:
    log = Log()
    for values in lines:
        if not values:
            continue
        log.rows_read += 1
        try:
            row = parse(values)
        except Damaged as damage:
            log.damaged[str(damage)].append(reader.line_num)
        else:
            log.incidents.setdefault(row.number, []).append(row)
    return log


def _parser(places: Mapping[str, int], width: int) -> Callable[[list[str]], Row]:
    """A function from the values of a line to a Row; it raises Damaged."""
    moments: dict[str, datetime | None] = {}

    def text(values: list[str], name: str) -> str:
        value = values[places[name]].strip()
        return "" if value == MISSING else intern(" ".join(value.split()))

    def moment(values: list[str], name: str) -> datetime | None:
        value = values[places[name]]
        if value not in moments:
            moments[value] = _moment(value, name)
        return moments[value]

    def needed(values: list[str], name: str) -> datetime:
        value = moment(values, name)
        if value is None:
            raise Damaged(f"no time in {name}")
        return value

    def number(values: list[str], name: str) -> int:
        value = values[places[name]].strip().partition(" ")[0]
        if not (value.isascii() and value.isdigit()):
            raise Damaged(f"unreadable number in {name}")
        return int(value)

    def level(values: list[str], name: str, last: int) -> int:
        value = number(values, name)
        if not 1 <= value <= last:
            raise Damaged(f"{name} is not 1 to {last}")
        return value

    def parse(values: list[str]) -> Row:
        if len(values) != width:
            raise Damaged(f"{len(values)} values instead of {width}")
        name = text(values, "number")
        if not name:
            raise Damaged("no incident number")
        state = text(values, "incident_state")
        if state not in STATES:
            raise Damaged(f"unknown state “{state or MISSING}”")
        return Row(
            number=name,
            state=state,
            at=needed(values, "sys_updated_at"),
            by=text(values, "sys_updated_by"),
            opened_at=needed(values, "opened_at"),
            opened_by=text(values, "opened_by"),
            caller=text(values, "caller_id"),
            contact_type=text(values, "contact_type"),
            category=text(values, "category"),
            subcategory=text(values, "subcategory"),
            impact=level(values, "impact", 3),
            urgency=level(values, "urgency", 3),
            priority=level(values, "priority", 5),
            team=text(values, "assignment_group"),
            assignee=text(values, "assigned_to"),
            resolved_at=moment(values, "resolved_at"),
            closed_at=moment(values, "closed_at"),
            reassignment_count=number(values, "reassignment_count"),
            reopen_count=number(values, "reopen_count"),
            made_sla=text(values, "made_sla") == "true",
            others=tuple(text(values, name) if name in places else "" for name in OPTIONAL),
        )

    return parse


def _moment(value: str, name: str) -> datetime | None:
    """The UTC instant of `d/m/yyyy hh:mm`, None for the missing value. Raises Damaged."""
    value = value.strip()
    if value in {"", MISSING}:
        return None
    try:
        day, clock = value.split(" ")
        dates, times = day.split("/"), clock.split(":")
        return datetime(
            int(dates[2]), int(dates[1]), int(dates[0]), int(times[0]), int(times[1]), tzinfo=UTC
        )
    except (ValueError, IndexError):
        raise Damaged(f"unreadable time in {name}") from None
