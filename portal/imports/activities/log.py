"""The activities as a file: what its rows mean, and which of them are damaged.

One row is one activity of a case, at the time it was completed, in the order of the file. Times
are `YYYY-MM-DD HH:MM:SS`, taken as UTC; what an activity was is known by its code only.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from portal.imports.tables import Columns, Damage, Damaged, Progress, no_damage, open_table

COLUMNS = Columns("an activity log", ("CaseID", "ActivityID", "CompleteTimestamp"))
# As long as the columns that keep them.
LONGEST_CASE, LONGEST_CODE = 36, 20


@dataclass(frozen=True, slots=True)
class Activity:
    case: str
    code: str
    at: datetime


@dataclass
class Log:
    """The activities of each case, and what was left out and why."""

    cases: dict[str, list[Activity]] = field(default_factory=dict)
    rows_read: int = 0
    damaged: Damage = field(default_factory=no_damage)


def read_log(path: Path, progress: Progress) -> Log:
    """Read the whole file. Raises NotThisTable before anything can have been written."""
    log = Log()
    with open_table(path, COLUMNS) as (reader, places, width):
        for values in progress(reader):
            if not values:
                continue
            log.rows_read += 1
            try:
                found = _parse(values, places, width)
            except Damaged as damage:
                log.damaged[str(damage)].append(reader.line_num)
            else:
                log.cases.setdefault(found.case, []).append(found)
    for activities in log.cases.values():
        # Those of one instant stay in the order of the file.
        activities.sort(key=lambda activity: activity.at)
    return log


def _parse(values: list[str], places: dict[str, int], width: int) -> Activity:
    if len(values) != width:
        raise Damaged(f"{len(values)} values instead of {width}")
    case, code, at = (" ".join(values[places[name]].split()) for name in COLUMNS.required)
    for name, text, longest in (("CaseID", case, LONGEST_CASE), ("ActivityID", code, LONGEST_CODE)):
        if not text:
            raise Damaged(f"no {name}")
        if len(text) > longest:
            raise Damaged(f"the {name} is longer than {longest} characters")
    try:
        return Activity(case, code, datetime.fromisoformat(at).replace(tzinfo=UTC))
    except ValueError:
        raise Damaged("the CompleteTimestamp is no time") from None
