"""How long people are to work: their working hours, less holidays and absences (`KPI-14`)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, zip_longest

from itil.calendars.hours import length, openings_on
from portal.people.models import User

from .models import Absence, WorkingHours

ONE_DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def minutes_due(
    first: date, last: date, person: User | None = None
) -> Iterator[tuple[int, date, int]]:
    """How long each person, or this one, is to work on each day from `first` to `last`: (person,
    day, minutes), by person and day; 0 on a holiday and while away, and no row for a day of which
    nobody has said. Real minutes: a shift through the night of a clock change is as long as it is.
    Two queries, one where nobody has said, and one more for a calendar that this process has not
    used yet.
    """
    open_for: dict[tuple[int, date], int] = {}
    rows = WorkingHours.objects.until(last)
    if person is not None:
        rows = rows.filter(person=person)
    # Whose hours nobody knows is away from nothing.
    away = _absences(first, last, person) if rows else {}
    for key, times in groupby(rows, lambda one: one.person_id):
        known = list(times)
        for time, later in zip_longest(known, known[1:]):
            if time.calendar is None:
                continue
            day = max(first, time.since)
            until = min(last, later.since - ONE_DAY) if later else last
            while day <= until:
                opening = (time.calendar_id, day)
                if opening not in open_for:
                    found = openings_on(time.calendar.schedule(), day)
                    open_for[opening] = length(found) // MINUTE
                is_away = any(begins <= day <= ends for begins, ends in away.get(key, ()))
                yield key, day, 0 if is_away else open_for[opening]
                day += ONE_DAY


def targets_of(person: User, days: Sequence[date]) -> list[int | None]:
    """Minutes that `person` is to work on each of `days`; None where nobody has said."""
    due = {day: minutes for _person, day, minutes in minutes_due(min(days), max(days), person)}
    return [due.get(day) for day in days]


def _absences(first: date, last: date, person: User | None) -> dict[int, list[tuple[date, date]]]:
    """(first, last day) of each absence that touches these days, by person. One query."""
    rows = Absence.objects.filter(first_on__lte=last, last_on__gte=first)
    if person is not None:
        rows = rows.filter(person=person)
    found: dict[int, list[tuple[date, date]]] = {}
    for key, begins, ends in rows.values_list("person_id", "first_on", "last_on"):
        found.setdefault(key, []).append((begins, ends))
    return found
