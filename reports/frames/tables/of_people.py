"""When people of the desk are there: hours of calendars, less their absences (`KPI-14`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from itil.timesheets.hours import business_date
from itil.timesheets.matching import minutes_due
from portal.people.models import Membership, Role
from reports.frames.columns import COUNT, DAY, KEY
from reports.frames.selection import Selection

from .shape import Column, apart


@dataclass(frozen=True)
class WorkingDay:
    """How long one person is there for one team on one day; `minutes` is 0 on a day off, which is
    known as well, `team` is None for who is in none."""

    day: date
    agent: int
    team: int | None
    minutes: int


def working_days(start: datetime, end: datetime) -> Iterator[WorkingDay]:
    """Those of `[start, end)`, by person and day. Three queries, and the calendars'."""
    teams = _teams()
    first, last = business_date(start), business_date(end - timedelta(seconds=1))
    for person, day, minutes in minutes_due(first, last):
        yield from _shared(day, person, teams.get(person, [None]), minutes)


def _shared(
    day: date, person: int, teams: Sequence[int | None], minutes: int
) -> Iterator[WorkingDay]:
    """Whoever works for several teams works as long for each; what is left over for the first."""
    part, rest = divmod(minutes, len(teams))
    for place, team in enumerate(teams):
        yield WorkingDay(day, person, team, part + (rest if place == 0 else 0))


def _teams() -> dict[int, list[int | None]]:
    """The teams that people work or lead in, by person."""
    found: dict[int, list[int | None]] = {}
    rows = Membership.objects.filter(role__in=(Role.AGENT, Role.LEAD), team__isnull=False)
    for person, team in rows.order_by("user_id", "team_id").values_list("user_id", "team_id"):
        teams = found.setdefault(person, [])
        if team not in teams:
            teams.append(team)
    return found


def _rows(selection: Selection) -> Iterator[tuple[object, ...]]:
    for one in working_days(*selection.span):
        if not selection.teams or one.team in selection.teams:
            yield one.day, one.agent, one.team, one.minutes


WORKING_DAYS = apart(
    name="working_days",
    made=_rows,
    columns={
        # A date of the calendar that the person works by.
        "day": Column(DAY),
        "agent": Column(COUNT),
        "team": Column(KEY),
        "minutes": Column(COUNT),
    },
)
