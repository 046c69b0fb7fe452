"""The audit log as a file: what its rows mean, and which of them are damaged.

One row is one saved state of one incident. Times are `d/m/yyyy hh:mm`, day first, without a zone;
they are read as UTC. `?` is the missing value.
"""

import csv
import gzip
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from sys import intern

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


class NotThisLog(Exception):  # noqa: N818 - says what is wrong with the file
    """The file cannot be read as an incident audit log; the message is for a person."""


class Damaged(Exception):  # noqa: N818 - says what is wrong with the row
    """One row cannot be used; the message says why."""


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
    # Reason -> numbers of the lines (the heading is line 1).
    damaged: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def damaged_count(self) -> int:
        return sum(len(lines) for lines in self.damaged.values())


def read_log(path: Path, progress: Callable[[Iterator[list[str]]], Iterator[list[str]]]) -> Log:
    """Read the whole file. Raises NotThisLog before anything can have been written.

    `progress` wraps the iterator over the lines.
    """
    try:
        with _open(path) as stream:
            reader = csv.reader(stream)
            places = _places(next(reader, []), path)
            return _collect(progress(reader), reader, places)
    except FileNotFoundError:
        raise NotThisLog(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise NotThisLog(f"{path} is a folder, not a file.") from None
    except PermissionError:
        raise NotThisLog(f"{path} may not be read.") from None
    except UnicodeDecodeError:
        raise NotThisLog(f"{path} is not a text file in UTF-8. {_expectation()}") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise NotThisLog(f"{path} is not a whole gzip file: it is damaged or cut off.") from None
    except csv.Error as error:
        raise NotThisLog(f"{path} is not comma separated ({error}). {_expectation()}") from None


def _open(path: Path):
    """A text stream of the file, unpacked when it begins like a gzip file, whatever its name."""
    with path.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    if packed or path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _places(heading: list[str], path: Path) -> dict[str, int]:
    places = {name.strip(): place for place, name in enumerate(heading)}
    missing = [name for name in REQUIRED if name not in places]
    if missing:
        raise NotThisLog(
            f"{path} is not an incident audit log: it has no column {', '.join(missing)}."
            f" {_expectation()}"
        )
    return places | {"": len(heading)}


def _expectation() -> str:
    return (
        "Expected is a comma separated file with a heading line and at least the columns"
        f" {', '.join(REQUIRED)}; used when present: {', '.join(OPTIONAL)}."
    )


def _collect(lines: Iterator[list[str]], reader, places: dict[str, int]) -> Log:
    log = Log()
    parse = _parser(places)
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


def _parser(places: dict[str, int]) -> Callable[[list[str]], Row]:
    """A function from the values of a line to a Row; it raises Damaged."""
    width = places[""]
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
