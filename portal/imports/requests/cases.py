"""The cases as a file: what its rows mean, and which of them are damaged.

One row is one case as it stood when the file was made. Times are ISO 8601; without an offset they
are wall time of one zone. An hour that the clocks skip counts as the one after it, of an hour that
comes twice the first one is meant. An empty value is a missing one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from sys import intern
from zoneinfo import ZoneInfo

from portal.imports.tables import Columns, Damage, Damaged, Progress, no_damage, open_table

OPEN, CLOSED = "Open", "Closed"
REQUIRED = (
    "case_id",
    "opened_at",
    "target_at",
    "closed_at",
    "status",
    "type",
    "department",
    "source",
)
OPTIONAL = (
    "on_time",
    "closure_code",
    "title",
    "subject",
    "reason",
    "queue",
    "neighborhood",
    "zip",
    "latitude",
    "longitude",
    "submitted_photo",
    "closed_photo",
)
COLUMNS = Columns("a file of service requests", REQUIRED, OPTIONAL)
# As long as the columns that keep them.
LONGEST_NUMBER, LONGEST_DEPARTMENT = 36, 120


@dataclass(frozen=True, slots=True)
class Case:
    """One case. Texts have single spaces and are "" when missing; times are UTC."""

    line: int
    number: str
    opened_at: datetime
    target_at: datetime | None
    closed_at: datetime | None
    # Its name in the catalog.
    type: str
    department: str
    source: str
    others: tuple[str, ...]  # the values of OPTIONAL, in that order

    @property
    def details(self) -> dict[str, str]:
        """The values of OPTIONAL by column, without the missing ones."""
        return {name: value for name, value in zip(OPTIONAL, self.others, strict=True) if value}


@dataclass
class Cases:
    """The readable rows in the order of the file, and what was left out and why."""

    found: list[Case] = field(default_factory=list)
    rows_read: int = 0
    damaged: Damage = field(default_factory=no_damage)


def read_cases(path: Path, zone: ZoneInfo, progress: Progress) -> Cases:
    """Read the whole file. Raises NotThisTable before anything can have been written."""
    with open_table(path, COLUMNS) as (reader, places, width):
        return _collect(progress(reader), reader, _parser(places, width, zone))


def _collect(lines: Iterator[list[str]], reader, parse: Callable[[list[str], int], Case]) -> Cases:
    cases = Cases()
    numbers: set[str] = set()
    for values in lines:
        if not values:
            continue
        cases.rows_read += 1
        try:
            case = parse(values, reader.line_num)
            if case.number in numbers:
                raise Damaged("the case stands in an earlier row")
        except Damaged as damage:
            cases.damaged[str(damage)].append(reader.line_num)
        else:
            numbers.add(case.number)
            cases.found.append(case)
    return cases


def _parser(
    places: Mapping[str, int], width: int, zone: ZoneInfo
) -> Callable[[list[str], int], Case]:
    """A function from the values of a line and its number to a Case; it raises Damaged."""

    def text(values: list[str], name: str, longest: int | None = None) -> str:
        value = intern(" ".join(values[places[name]].split()))
        if longest is not None and not value:
            raise Damaged(f"no {name}")
        if longest is not None and len(value) > longest:
            raise Damaged(f"the {name} is longer than {longest} characters")
        return value

    def moment(values: list[str], name: str) -> datetime | None:
        value = values[places[name]].strip()
        return _moment(value, name, zone) if value else None

    def parse(values: list[str], line: int) -> Case:
        if len(values) != width:
            raise Damaged(f"{len(values)} values instead of {width}")
        opened_at, closed_at = moment(values, "opened_at"), moment(values, "closed_at")
        if opened_at is None:
            raise Damaged("no time in opened_at")
        return Case(
            line=line,
            number=text(values, "case_id", LONGEST_NUMBER),
            opened_at=opened_at,
            target_at=moment(values, "target_at"),
            closed_at=_closing(text(values, "status"), opened_at, closed_at),
            type=text(values, "type"),
            department=text(values, "department", LONGEST_DEPARTMENT),
            source=text(values, "source"),
            others=tuple(text(values, name) if name in places else "" for name in OPTIONAL),
        )

    return parse


def _closing(status: str, opened_at: datetime, closed_at: datetime | None) -> datetime | None:
    """When the case was closed; one that closed before it opened was closed at once."""
    if status == OPEN:
        if closed_at is not None:
            raise Damaged("open with a time in closed_at")
        return None
    if status != CLOSED:
        raise Damaged(f"unknown status “{status}”")
    if closed_at is None:
        raise Damaged("closed without a time in closed_at")
    return max(closed_at, opened_at)


def _moment(value: str, name: str, zone: ZoneInfo) -> datetime:
    """The UTC instant of a time. Raises Damaged."""
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Damaged(f"unreadable time in {name}") from None
