"""How changes went (`KPI-16`)."""

import pandas as pd

from reports.metrics.durations import seconds_between
from reports.metrics.indicator import Frames, Indicator, Statistic, Unit, Window
from reports.metrics.population import within

from .rows import timed

DIMENSIONS = ("team", "service", "organization", "category", "priority", "type", "outcome")
COLUMNS = [
    "change", "status", "team", "team_name", "service", "service_name", "organization",
    "organization_name", "category", "category_name", "priority", "type", "outcome", "closed_at",
    "submitted_at", "actual_start", "actual_end", "caused_incident", "is_retrospective",
    "is_unauthorised", "overridden",
]  # fmt: skip
SUCCESSFUL, EMERGENCY, CLOSED = "successful", "emergency", "closed"


def _changes(frames: Frames, window: Window, column: str) -> pd.DataFrame:
    found = within(frames.read("changes", COLUMNS), column, window.start, window.end)
    return found.assign(record=found["change"], at=found[column])


def success(frames: Frames, window: Window) -> pd.DataFrame:
    """Changes that went well.

    Formula: successful / (successful + successful with issues + failed + backed out).
    Population: changes closed in the period with an outcome; cancelled and rejected ones have none.
    Basis: closed in the period.
    Edge cases: a change that turned out to have caused an incident was not successful, whatever its
    outcome said before.
    """
    found = _changes(frames, window, "closed_at")
    found = found[(found["status"] == CLOSED) & (found["outcome"] != "")]
    return found.assign(yes=(found["outcome"] == SUCCESSFUL) & ~found["caused_incident"])


def implemented(frames: Frames, window: Window) -> pd.DataFrame:
    """Changes carried out.

    Formula: number of changes of which the implementation has ended.
    Population: all types of changes.
    Basis: ended in the period.
    """
    found = _changes(frames, window, "actual_end")
    return found.assign(yes=found["type"] == EMERGENCY)


def emergencies(frames: Frames, window: Window) -> pd.DataFrame:
    """Emergency changes among those carried out.

    Formula: emergency changes / all changes carried out.
    Population: changes of which the implementation has ended.
    Basis: ended in the period. Expedited normal changes are no emergencies.
    """
    return implemented(frames, window)


def unauthorised(frames: Frames, window: Window) -> pd.DataFrame:
    """Changes that nobody had authorized.

    Formula: number of changes begun on a spoken authorization that nobody confirmed in time.
    Population: all types of changes.
    Basis: begun in the period. The list names each of them.
    """
    found = _changes(frames, window, "actual_start")
    return found[found["is_unauthorised"]]


def lead_time(frames: Frames, window: Window) -> pd.DataFrame:
    """Time from submitting a change to its start.

    Formula: actual start − time it was first submitted.
    Population: changes that were begun; those authorized afterwards have no lead time.
    Basis: begun in the period; real elapsed time, day and night.
    """
    found = _changes(frames, window, "actual_start")
    found = found[found["submitted_at"].notna() & ~found["is_retrospective"]]
    return found.assign(value=seconds_between(found["submitted_at"], found["actual_start"]))


def collisions(frames: Frames, window: Window) -> pd.DataFrame:
    """Conflicts that were overridden.

    Formula: number of conflicts of changes that somebody accepted, with a note.
    Population: changes that were begun.
    Basis: begun in the period; a change with two accepted conflicts counts two.
    """
    found = _changes(frames, window, "actual_start")
    found = found[found["overridden"] > 0]
    return found.assign(value=found["overridden"].astype("float64"))


INDICATORS = (
    Indicator(
        "change_success", "KPI-16", success, Statistic.SHARE, Unit.SHARE, dimensions=DIMENSIONS,
        more_is=+1,
    ),
    Indicator(
        "changes_implemented", "KPI-16", implemented, Statistic.COUNT, Unit.COUNT,
        dimensions=DIMENSIONS,
    ),
    Indicator(
        "emergency_changes", "KPI-16", emergencies, Statistic.SHARE, Unit.SHARE,
        dimensions=DIMENSIONS, more_is=-1,
    ),
    Indicator(
        "unauthorised_changes", "KPI-16", unauthorised, Statistic.COUNT, Unit.COUNT,
        dimensions=DIMENSIONS, more_is=-1,
    ),
    *timed("change_lead_time", "KPI-16", lead_time, DIMENSIONS),
    Indicator(
        "change_collisions", "KPI-16", collisions, Statistic.SUM, Unit.COUNT,
        dimensions=DIMENSIONS, more_is=-1,
    ),
)  # fmt: skip
