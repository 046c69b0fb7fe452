"""Schedules of the cast: Cleo leads the service desk and has its server room checked."""

from datetime import UTC, date, datetime, time
from typing import Any

from itil.schedules import actions
from itil.schedules.definition import Timing
from itil.schedules.models import Schedule
from tests.cast import MONDAY, Cast

ZONE = "Europe/Berlin"


def check_values(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the form of a check gives."""
    return {
        "title": "Check the server room",
        "text": "Temperature, leaks, lights of the power supplies.",
        "team": cast.desk_team,
        "service": None,
        "category": None,
        "impact": 3,
        "urgency": 2,
        "items": [],
    } | changes


def schedule(
    cast: Cast, *, by=None, at=MONDAY, kind="check", values=None, **changes: Any
) -> Schedule:
    """Every day at 08:00 in Berlin from Monday 2 March 2026 on; made that day at 10:00."""
    by = by or cast.cleo
    columns = {
        "title": "Weekly check",
        "rule": "FREQ=DAILY",
        "first_on": date(2026, 3, 2),
        "at_time": time(8),
        "time_zone": ZONE,
        "ends_on": None,
        "off_days": "open",
        "calendar": None,
        "missed": "latest",
        "grace_hours": 4,
        "owner": by,
    } | changes
    values = check_values(cast) if values is None else values
    return actions.create_schedule(by=by, at=at, kind=kind, values=values, **columns)


def timing(rule: str, **changes: Any) -> Timing:
    """The rule at 08:00 in Berlin from 1 January 2026 on."""
    return Timing(
        **{"rule": rule, "first_on": date(2026, 1, 1), "at": time(8), "zone": ZONE} | changes
    )


def utc(day: int, hour: int = 7, month: int = 3, minute: int = 0) -> datetime:
    """A moment of 2026; 07:00 in UTC is 08:00 in Berlin in winter."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)
