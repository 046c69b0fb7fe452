"""When people of the desk are there: hours of calendars, less their absences (`KPI-14`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, zip_longest

from itil.calendars.hours import length, openings_on
from itil.timesheets.hours import business_date
from itil.timesheets.models import Absence, WorkingHours
from portal.people.models import Membership, Role
from reports.frames.columns import COUNT, DAY, KEY
from reports.frames.selection import Selection

from .shape import Column, apart

ONE_DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True)
class WorkingDay:
    """How long one person is there for one team on one day; `minutes` is at least 1, `team` is None
    for who is in none."""

    day: date
    agent: int
    team: int | None
    minutes: int


def working_days(start: datetime, end: datetime) -> Iterator[WorkingDay]:
    """Those of `[start, end)`, by person and day. Three queries, and the calendars'."""
    first, last = business_date(start), business_date(end - timedelta(seconds=1))
    away, teams = _absences(first, last), _teams()
    open_for: dict[tuple[int, date], int] = {}
    rows = WorkingHours.objects.filter(since__lte=last).select_related("calendar")
    for person, times in groupby(rows.order_by("person_id", "since"), lambda one: one.person_id):
        known = list(times)
        for time, later in zip_longest(known, known[1:]):
            if time.calendar is None:
                continue
            day = max(first, time.since)
            until = min(last, later.since - ONE_DAY) if later else last
            while day <= until:
                key = (time.calendar_id, day)
                if key not in open_for:
                    open_for[key] = length(openings_on(time.calendar.schedule(), day)) // MINUTE
                if not any(begins <= day <= ends for begins, ends in away.get(person, ())):
                    yield from _shared(day, person, teams.get(person, [None]), open_for[key])
                day += ONE_DAY


def _shared(
    day: date, person: int, teams: Sequence[int | None], minutes: int
) -> Iterator[WorkingDay]:
    """Whoever works for several teams works as long for each; what is left over for the first."""
    part, rest = divmod(minutes, len(teams))
    for place, team in enumerate(teams):
        found = part + (rest if place == 0 else 0)
        if found:
            yield WorkingDay(day, person, team, found)


def _absences(first: date, last: date) -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = {}
    rows = Absence.objects.filter(first_on__lte=last, last_on__gte=first)
    for person, begins, ends in rows.values_list("person_id", "first_on", "last_on"):
        found.setdefault(person, []).append((begins, ends))
    return found


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
